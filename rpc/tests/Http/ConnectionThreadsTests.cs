using System.Buffers;
using System.Net;
using System.Net.Sockets;
using Dash.Rpc.Http;
using Microsoft.AspNetCore.Connections;

namespace Dash.Rpc.Tests.Http;

/// <summary>The transport alone, with a client on the other end of a real socket.</summary>
public sealed class ConnectionThreadsTests : IAsyncDisposable
{
    private readonly List<Socket> _clients = [];
    private readonly List<ConnectionContext> _connections = [];
    private IConnectionListener? _listener;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        foreach (var client in _clients)
        {
            client.Dispose();
        }

        foreach (var connection in _connections)
        {
            await connection.DisposeAsync();
        }

        if (_listener is not null)
        {
            await _listener.DisposeAsync();
        }
    }

    [Fact]
    public async Task Connections_with_and_without_a_thread_carry_bytes_both_ways()
    {
        for (var i = 0; i < 3; i++)
        {
            var (client, connection) = await ConnectAsync(most: 2);
            Assert.Equal(i < 2, connection is ThreadConnection);
            for (byte round = 1; round < 4; round++)
            {
                await client.SendAsync(new byte[] { round, (byte)i }, Ct);
                var read = await connection.Transport.Input.ReadAtLeastAsync(2, Ct);
                Assert.Equal([round, (byte)i], read.Buffer.ToArray());
                await connection.Transport.Output.WriteAsync(read.Buffer.ToArray(), Ct);
                connection.Transport.Input.AdvanceTo(read.Buffer.End);
                Assert.Equal([round, (byte)i], await ReceiveAsync(client, 2));
            }
        }
    }

    [Fact]
    public async Task What_the_socket_does_not_take_at_once_arrives_when_the_client_reads()
    {
        var (client, connection) = await ConnectAsync(most: 1);
        var sent = new byte[24 << 20];
        new Random(1).NextBytes(sent);
        var sending = connection.Transport.Output.WriteAsync(sent, Ct);
        Assert.Equal(sent, await ReceiveAsync(client, sent.Length));
        Assert.False((await sending).IsCompleted);

        // And the other way still goes.
        await client.SendAsync(new byte[] { 7 }, Ct);
        Assert.Equal(7, (await connection.Transport.Input.ReadAsync(Ct)).Buffer.FirstSpan[0]);
    }

    [Fact]
    public async Task A_client_that_hangs_up_is_noticed_while_nobody_reads()
    {
        var (client, connection) = await ConnectAsync(most: 1);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var noticed = connection.ConnectionClosed.Register(() => closed.SetResult());
        client.Dispose();
        await closed.Task.WaitAsync(Ct);
        Assert.True((await connection.Transport.Input.ReadAsync(Ct)).IsCompleted);
    }

    [Fact]
    public async Task An_aborted_connection_ends_for_the_client_and_gives_its_thread_back()
    {
        var (client, connection) = await ConnectAsync(most: 1);
        connection.Abort(new ConnectionAbortedException());
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], Ct));
        await connection.DisposeAsync();
        _connections.Remove(connection);
        Assert.IsType<ThreadConnection>((await ConnectAsync(most: 1)).Connection);
    }

    [Fact]
    public async Task A_listener_that_is_unbound_accepts_nobody_more()
    {
        await ConnectAsync(most: 1);
        var accepting = _listener!.AcceptAsync(Ct);
        await _listener.UnbindAsync(Ct);
        Assert.Null(await accepting);
    }

    private async Task<(Socket Client, ConnectionContext Connection)> ConnectAsync(int most)
    {
        _listener ??= await new ConnectionThreads(most).BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Ct);
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _clients.Add(client);
        await client.ConnectAsync(_listener.EndPoint, Ct);
        var connection = await _listener.AcceptAsync(Ct);
        Assert.NotNull(connection);
        _connections.Add(connection);
        return (client, connection);
    }

    private static async Task<byte[]> ReceiveAsync(Socket client, int count)
    {
        var bytes = new byte[count];
        for (var filled = 0; filled < count;)
        {
            var more = await client.ReceiveAsync(bytes.AsMemory(filled), Ct);
            Assert.NotEqual(0, more);
            filled += more;
        }

        return bytes;
    }
}
