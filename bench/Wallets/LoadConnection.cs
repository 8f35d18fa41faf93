using System.Buffers.Text;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dash.Bench.Wallets;

/// <summary>
/// One kept HTTP connection that sends the same call again and again, at next to no cost of its own: it shares the machine
/// with who is measured. For one thread.
/// </summary>
internal sealed class LoadConnection : IDisposable
{
    private readonly Socket _socket;
    private readonly byte[] _request;
    private readonly byte[] _buffer = new byte[1 << 18];

    /// <summary>Connects.</summary>
    public LoadConnection(int port, string credentials, string path, string method, string parameters)
    {
        var body = $$"""{"id":1,"method":"{{method}}","params":{{parameters}}}""";
        var login = Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        _request = Encoding.UTF8.GetBytes(
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {login}\r\nContent-Type: application/json\r\n"
            + string.Create(CultureInfo.InvariantCulture, $"Content-Length: {body.Length}\r\n\r\n{body}"));
        _socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>One call; the number of bytes of the answer's body.</summary>
    /// <exception cref="InvalidOperationException">The call was refused.</exception>
    public int Call()
    {
        _socket.Send(_request);
        var filled = 0;
        int end;
        while ((end = _buffer.AsSpan(0, filled).IndexOf("\r\n\r\n"u8)) < 0)
        {
            filled += Receive(_buffer.AsSpan(filled));
        }

        var head = _buffer.AsSpan(0, end);
        if (!head.StartsWith("HTTP/1.1 200"u8))
        {
            throw new InvalidOperationException(Encoding.UTF8.GetString(_buffer, 0, Math.Min(end + 500, filled)));
        }

        var length = LengthOf(head);

        for (var left = length - (filled - end - 4); left > 0;)
        {
            left -= Receive(_buffer.AsSpan(0, Math.Min(left, _buffer.Length)));
        }

        return length;
    }

    /// <inheritdoc/>
    public void Dispose() => _socket.Dispose();

    // Both daemons write the name so; nothing of an answer becomes a string, for that would be the client's cost.
    private static int LengthOf(ReadOnlySpan<byte> head)
    {
        var name = "\r\nContent-Length: "u8;
        var at = head.IndexOf(name);
        return at >= 0 && Utf8Parser.TryParse(head[(at + name.Length)..], out int length, out _)
            ? length
            : throw new InvalidOperationException("an answer without its length");
    }

    private int Receive(Span<byte> target) => _socket.Receive(target) is > 0 and var count
        ? count
        : throw new InvalidOperationException("the daemon closed the connection");
}
