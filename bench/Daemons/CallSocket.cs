using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace Dash.Bench.Daemons;

/// <summary>
/// A kept HTTP connection whose caller waits in the kernel for each answer: what is measured is the daemon, not how the threads of
/// a client wake each other. For one thread.
/// </summary>
internal sealed class CallSocket : IDisposable
{
    private const string LengthName = "content-length:";
    private static readonly byte[] HeadEnd = "\r\n\r\n"u8.ToArray();

    private readonly Socket _socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
    private readonly string _authorization;
    private readonly byte[] _answer = new byte[1 << 20];

    /// <summary>Connects.</summary>
    public CallSocket(int port, string credentials)
    {
        _authorization = Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials));
        _socket.Connect(IPAddress.Loopback, port);
    }

    /// <summary>The bytes of a call, to be sent as often as wanted.</summary>
    public byte[] Prepare(string method, string parameters, string path = "/")
    {
        var body = $$"""{"id":1,"method":"{{method}}","params":{{parameters}}}""";
        return Encoding.UTF8.GetBytes(string.Create(
            CultureInfo.InvariantCulture,
            $"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic {_authorization}\r\nContent-Type: application/json\r\nContent-Length: {body.Length}\r\n\r\n{body}"));
    }

    /// <summary>Sends a call and waits for its answer; the answer's body, until the next call.</summary>
    /// <exception cref="InvalidOperationException">Another status than 200, or an answer without its length.</exception>
    public ReadOnlySpan<byte> Call(byte[] prepared)
    {
        _socket.Send(prepared);
        var (filled, body, end) = (0, -1, int.MaxValue);
        while (filled < end)
        {
            var read = _socket.Receive(_answer.AsSpan(filled));
            if (read == 0)
            {
                throw new InvalidOperationException("the daemon hung up");
            }

            filled += read;
            if (body < 0 && _answer.AsSpan(0, filled).IndexOf(HeadEnd) is >= 0 and var head)
            {
                body = head + HeadEnd.Length;
                end = body + LengthIn(_answer.AsSpan(0, head));
            }
        }

        return _answer.AsSpan(body, end - body);
    }

    public void Dispose() => _socket.Dispose();

    private static int LengthIn(ReadOnlySpan<byte> head)
    {
        var text = Encoding.ASCII.GetString(head).ToLowerInvariant();
        var at = text.IndexOf(LengthName, StringComparison.Ordinal);
        if (at < 0 || !text.StartsWith("http/1.1 200", StringComparison.Ordinal))
        {
            throw new InvalidOperationException("no answer to a call: " + text);
        }

        var value = text.AsSpan(at + LengthName.Length);
        var end = value.IndexOf('\r');
        return int.Parse((end < 0 ? value : value[..end]).Trim(), CultureInfo.InvariantCulture);
    }
}
