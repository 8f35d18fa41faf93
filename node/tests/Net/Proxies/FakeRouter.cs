using System.Net;
using System.Net.Sockets;
using System.Text;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Proxies;

namespace Dash.Node.Tests.Net.Proxies;

/// <summary>Someone who is spoken to in lines, as a router of I2P or Tor: what to answer to each, null for hanging up.</summary>
internal sealed class FakeRouter : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly Func<string, string?> _answer;
    private readonly List<Task> _lines = [];
    private readonly Task _accepting;
    private int _closed;

    public FakeRouter(Func<string, string?> answer)
    {
        _answer = answer;
        _listener.Start();
        _accepting = AcceptAsync();
    }

    public System.Collections.Concurrent.ConcurrentBag<string> Lines { get; } = [];

    /// <summary>How many connections have ended.</summary>
    public int Closed => Volatile.Read(ref _closed);

    public ProxyAddress Address => ProxyAddress.At(NetEndpoint.From((IPEndPoint)_listener.LocalEndpoint));

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_lines);
    }

    private async Task AcceptAsync()
    {
        try
        {
            while (true)
            {
                var client = await _listener.AcceptTcpClientAsync();
                _lines.Add(ServeAsync(client));
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // stopped, while it waited or before
        }
    }

    private async Task ServeAsync(TcpClient client)
    {
        using var owned = client;
        using StreamReader reader = new(client.GetStream());
        try
        {
            while (await reader.ReadLineAsync() is { } line)
            {
                Lines.Add(line);
                if (_answer(line) is not { } answer)
                {
                    return;
                }

                await client.GetStream().WriteAsync(Encoding.Latin1.GetBytes(answer + "\n"));
            }
        }
        catch (IOException)
        {
            // hung up
        }
        finally
        {
            Interlocked.Increment(ref _closed);
        }
    }
}
