using System.Net;
using System.Net.Sockets;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Proxies;

namespace Dash.Node.Tests.Net.Proxies;

/// <summary>A SOCKS5 server that does what a test says with each connection, and then hangs up.</summary>
internal sealed class FakeSocksServer : IAsyncDisposable
{
    private readonly TcpListener _listener = new(IPAddress.Loopback, 0);
    private readonly List<Task> _serving = [];
    private readonly Task _accepting;

    public FakeSocksServer(Func<NetworkStream, Task> serve)
    {
        _listener.Start();
        _accepting = AcceptAsync(serve);
    }

    public ProxyAddress Address => ProxyAddress.At(NetEndpoint.From((IPEndPoint)_listener.LocalEndpoint));

    /// <summary>A whole negotiation: reads the greeting, the credentials if it wants them, and the request; answers in pieces of a size.</summary>
    /// <param name="stream">Of the client.</param>
    /// <param name="wantsUser">Whether it asks for a user name.</param>
    /// <param name="reply">What it says to the request.</param>
    /// <param name="piece">How many bytes it sends at once.</param>
    /// <returns>The credentials, or nothing.</returns>
    public static async Task<string> NegotiateAsync(NetworkStream stream, bool wantsUser, byte[] reply, int piece)
    {
        var methods = await TakeAsync(stream, 2);
        await TakeAsync(stream, methods[1]);
        await SendAsync(stream, [5, wantsUser ? (byte)2 : (byte)0], piece);
        var user = "";
        if (wantsUser)
        {
            var name = await TakeAsync(stream, (await TakeAsync(stream, 2))[1]);
            var password = await TakeAsync(stream, (await TakeAsync(stream, 1))[0]);
            user = System.Text.Encoding.ASCII.GetString(name) + ":" + System.Text.Encoding.ASCII.GetString(password);
            await SendAsync(stream, [1, 0], piece);
        }

        var request = await TakeAsync(stream, 5);
        await TakeAsync(stream, request[4] + 2);
        await SendAsync(stream, reply, piece);
        return user;
    }

    public static async Task SendAsync(NetworkStream stream, byte[] bytes, int piece)
    {
        foreach (var some in bytes.Chunk(piece))
        {
            await stream.WriteAsync(some);
            await stream.FlushAsync();
        }
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Stop();
        await _accepting;
        await Task.WhenAll(_serving);
    }

    private static async Task<byte[]> TakeAsync(NetworkStream stream, int size)
    {
        var bytes = new byte[size];
        await stream.ReadExactlyAsync(bytes);
        return bytes;
    }

    private async Task AcceptAsync(Func<NetworkStream, Task> serve)
    {
        try
        {
            while (true)
            {
                _serving.Add(ServeAsync(await _listener.AcceptTcpClientAsync(), serve));
            }
        }
        catch (Exception e) when (e is SocketException or InvalidOperationException)
        {
            // stopped, while it waited or before
        }
    }

    private static async Task ServeAsync(TcpClient client, Func<NetworkStream, Task> serve)
    {
        using var owned = client;
        client.NoDelay = true;
        var stream = client.GetStream(); // it is gone once the client is
        try
        {
            await serve(stream);
            client.Client.Shutdown(SocketShutdown.Send);
            await stream.CopyToAsync(Stream.Null); // until the other side has seen it
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            // the client hung up
        }
    }
}
