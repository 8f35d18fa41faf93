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
    private ConnectionCrowd? _crowd;
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

        _crowd?.Dispose();
    }

    [Fact]
    public async Task Connections_with_and_without_a_thread_carry_bytes_both_ways()
    {
        for (var i = 0; i < 3; i++)
        {
            var (client, connection) = await ConnectAsync(most: 2);
            await EchoAsync(client, connection, (byte)i);
            Assert.False(connection.HasThread); // nobody knows whose it is
            connection.BelongTo("user");
            await EchoAsync(client, connection, (byte)i);
            Assert.Equal(i < 2, connection.HasThread);
            await EchoAsync(client, connection, (byte)i);
        }
    }

    [Fact]
    public async Task A_user_with_many_connections_has_no_thread_for_any_of_them_and_others_keep_theirs()
    {
        List<(Socket Client, CallConnection Connection)> many = [];
        for (var i = 0; i < 3; i++)
        {
            many.Add(await ConnectAsync(most: 9, own: 2));
            many[^1].Connection.BelongTo(i == 0 ? "other" : "user");
        }

        foreach (var (client, connection) in many)
        {
            await EchoAsync(client, connection, 1);
            Assert.True(connection.HasThread);
        }

        // The third is one too many: also the threads that are there end, with what comes next.
        many.Add(await ConnectAsync(most: 9, own: 2));
        many[^1].Connection.BelongTo("user");
        for (byte round = 0; round < 3; round++)
        {
            foreach (var (client, connection) in many)
            {
                await EchoAsync(client, connection, round);
            }
        }

        Assert.True(many[0].Connection.HasThread);
        await Wait.UntilAsync("their threads end", () => many.Skip(1).All(static one => !one.Connection.HasThread), Ct);
    }

    [Fact]
    public async Task Calls_that_keep_all_threads_of_the_crowd_do_not_keep_others_from_being_served()
    {
        using ManualResetEventSlim goesOn = new();
        using SemaphoreSlim stuck = new(0);
        var count = Environment.ProcessorCount + 2;
        List<Task> calls = [];
        for (var i = 0; i < count; i++)
        {
            var (client, connection) = await ConnectAsync(most: 0);
            calls.Add(BlockAsync(connection));
            await client.SendAsync(new byte[] { 1 }, Ct);
        }

        for (var i = 0; i < count; i++)
        {
            await stuck.WaitAsync(Ct);
        }

        var (last, served) = await ConnectAsync(most: 0);
        await EchoAsync(last, served, 1);
        goesOn.Set();
        await Task.WhenAll(calls);

        async Task BlockAsync(CallConnection connection)
        {
            // Goes on where the bytes were received.
            await connection.Transport.Input.ReadAsync(Ct).ConfigureAwait(false);
            stuck.Release();
            goesOn.Wait(Ct);
        }
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_nobody_reads_waits_and_arrives_as_a_whole(int most)
    {
        var (client, connection) = await ConnectAsync(most);
        connection.BelongTo("user");
        await EchoAsync(client, connection, 1);
        var sent = new byte[24 << 20];
        new Random(2).NextBytes(sent);
        var sending = client.SendAsync(sent, Ct).AsTask();
        var at = 0;
        while (at < sent.Length)
        {
            var read = await connection.Transport.Input.ReadAsync(Ct);
            foreach (var piece in read.Buffer)
            {
                Assert.True(piece.Span.SequenceEqual(sent.AsSpan(at, piece.Length)));
                at += piece.Length;
            }

            connection.Transport.Input.AdvanceTo(read.Buffer.End);
        }

        Assert.Equal(sent.Length, await sending);
        await EchoAsync(client, connection, 2);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task What_the_socket_does_not_take_at_once_arrives_when_the_client_reads(int most)
    {
        var (client, connection) = await ConnectAsync(most);
        var sent = new byte[24 << 20];
        new Random(1).NextBytes(sent);
        var sending = connection.Transport.Output.WriteAsync(sent, Ct);
        Assert.Equal(sent, await ReceiveAsync(client, sent.Length));
        Assert.False((await sending).IsCompleted);

        // And the other way still goes.
        await client.SendAsync(new byte[] { 7 }, Ct);
        Assert.Equal(7, (await connection.Transport.Input.ReadAsync(Ct)).Buffer.FirstSpan[0]);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_client_that_hangs_up_is_noticed_while_nobody_reads(int most)
    {
        var (client, connection) = await ConnectAsync(most);
        connection.BelongTo("user");
        await EchoAsync(client, connection, 1);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var noticed = connection.ConnectionClosed.Register(() => closed.SetResult());
        client.Dispose();
        await closed.Task.WaitAsync(Ct);
        Assert.True((await connection.Transport.Input.ReadAsync(Ct)).IsCompleted);
    }

    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    public async Task A_client_that_sends_no_more_and_one_that_is_gone_are_told_apart(int most)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nobody knows.");
        var (client, connection) = await ConnectAsync(most);
        connection.BelongTo("user");
        await EchoAsync(client, connection, 1);
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        await using var noticed = connection.ConnectionClosed.Register(() => closed.SetResult());
        client.Shutdown(SocketShutdown.Send);
        Assert.True((await connection.Transport.Input.ReadAsync(Ct)).IsCompleted);
        Assert.False(connection.IsGone());
        await connection.Transport.Output.WriteAsync(new byte[] { 9 }, Ct);
        Assert.Equal([9], await ReceiveAsync(client, 1));
        Assert.False(connection.IsGone());
        Assert.False(closed.Task.IsCompleted);

        client.Dispose();
        await closed.Task.WaitAsync(Ct);
        Assert.True(connection.IsGone());
    }

    [Fact]
    public async Task An_aborted_connection_ends_for_the_client_and_gives_its_thread_back()
    {
        for (var i = 0; i < 3; i++)
        {
            var (client, connection) = await ConnectAsync(most: 1);
            connection.BelongTo("user");
            await EchoAsync(client, connection, 1);
            Assert.True(connection.HasThread);
            connection.Abort(new ConnectionAbortedException());
            Assert.Equal(0, await client.ReceiveAsync(new byte[1], Ct));
            await connection.DisposeAsync();
            _connections.Remove(connection);
        }
    }

    [Fact]
    public async Task An_aborted_connection_without_a_thread_ends_for_the_client()
    {
        var (client, connection) = await ConnectAsync(most: 0);
        await EchoAsync(client, connection, 1);
        connection.Abort(new ConnectionAbortedException());
        Assert.Equal(0, await client.ReceiveAsync(new byte[1], Ct));
        await connection.DisposeAsync();
        _connections.Remove(connection);
    }

    [Fact]
    public async Task A_listener_that_is_unbound_accepts_nobody_more()
    {
        await ConnectAsync(most: 1);
        var accepting = _listener!.AcceptAsync(Ct);
        await _listener.UnbindAsync(Ct);
        Assert.Null(await accepting);
    }

    private static async Task EchoAsync(Socket client, CallConnection connection, byte value)
    {
        await client.SendAsync(new byte[] { value, 7 }, Ct);
        var read = await connection.Transport.Input.ReadAtLeastAsync(2, Ct);
        Assert.Equal([value, 7], read.Buffer.ToArray());
        await connection.Transport.Output.WriteAsync(read.Buffer.ToArray(), Ct);
        connection.Transport.Input.AdvanceTo(read.Buffer.End);
        Assert.Equal([value, 7], await ReceiveAsync(client, 2));
    }

    private async Task<(Socket Client, CallConnection Connection)> ConnectAsync(int most, int own = 64)
    {
        _crowd ??= new ConnectionCrowd(most, own, mostConnections: 64, CancellationToken.None);
        _listener ??= await new ConnectionThreads(_crowd, TimeProvider.System).BindAsync(new IPEndPoint(IPAddress.Loopback, 0), Ct);
        Socket client = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        _clients.Add(client);
        await client.ConnectAsync(_listener.EndPoint, Ct);
        var connection = Assert.IsType<CallConnection>(await _listener.AcceptAsync(Ct));
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
