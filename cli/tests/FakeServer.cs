using System.Net;
using System.Net.Sockets;
using System.Text;
using System.Text.Json;

namespace Dash.Cli.Tests;

/// <summary>An HTTP server on a port of its own that answers each request with the next of its replies and keeps what it got.</summary>
internal sealed class FakeServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Queue<(int Status, string Body)> _replies;
    private readonly Task _serving;

    public FakeServer(params IEnumerable<(int Status, string Body)> replies)
    {
        _replies = new(replies);
        _listener.Start();
        _serving = ServeAsync();
    }

    public int Port => ((IPEndPoint)_listener.LocalEndpoint).Port;

    public List<(string Path, string Credentials, JsonElement Body)> Requests { get; } = [];

    /// <summary>Happens between a request and its reply.</summary>
    public Action Requested { get; init; } = () => { };

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _serving;
    }

    private async Task ServeAsync()
    {
        while (_replies.TryDequeue(out var reply))
        {
            try
            {
                using var client = await _listener.AcceptTcpClientAsync();
                await AnswerAsync(client.GetStream(), reply);
            }
            catch (Exception e) when (e is SocketException or ObjectDisposedException)
            {
                return; // stopped
            }
        }
    }

    private async Task AnswerAsync(NetworkStream stream, (int Status, string Body) reply)
    {
        using var reader = new StreamReader(stream, Encoding.Latin1, leaveOpen: true);
        var path = (await reader.ReadLineAsync() ?? "").Split(' ')[1];
        var credentials = "";
        var length = 0;
        while (await reader.ReadLineAsync() is { Length: > 0 } line)
        {
            if (line.StartsWith("Authorization: Basic ", StringComparison.OrdinalIgnoreCase))
                credentials = Encoding.UTF8.GetString(Convert.FromBase64String(line["Authorization: Basic ".Length..]));
            if (line.StartsWith("Content-Length: ", StringComparison.OrdinalIgnoreCase)) length = int.Parse(line["Content-Length: ".Length..]);
        }

        var body = new char[length];
        for (var read = 0; read < length;) read += await reader.ReadAsync(body.AsMemory(read));
        using var document = JsonDocument.Parse(Encoding.Latin1.GetBytes(body));
        Requests.Add((path, credentials, document.RootElement.Clone()));
        Requested();
        var bytes = Encoding.UTF8.GetBytes(reply.Body);
        await stream.WriteAsync(Encoding.ASCII.GetBytes(
            $"HTTP/1.1 {reply.Status} X\r\nContent-Length: {bytes.Length}\r\nConnection: close\r\n\r\n"));
        await stream.WriteAsync(bytes);
    }
}
