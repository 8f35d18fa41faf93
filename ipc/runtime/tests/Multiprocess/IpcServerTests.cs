using System.Net.Sockets;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Multiprocess;

[Collection(nameof(Alone))]
public sealed class IpcServerTests : IAsyncLifetime
{
    private readonly TempFolder _folder = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LogLines _log = new();
    private readonly Tester _tester = new();
    private Task _serving = Task.CompletedTask;
    private IpcServer? _server;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private string SocketPath => _folder.File("node.sock");

    public ValueTask InitializeAsync()
    {
        _server = new IpcServer(
            UnixSocketListener.Bind(SocketPath),
            connection => new TesterServer(_tester, connection),
            Patient.Options with { Logger = _log, MaxConnections = 3 });
        _serving = _server.RunAsync(_stop.Token);
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _serving;
        _stop.Dispose();
        _folder.Dispose();
    }

    [Fact]
    public async Task Each_connection_gets_an_object_and_they_work_side_by_side()
    {
        await using var one = await ConnectAsync();
        await using var two = await ConnectAsync();
        var sums = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => (i % 2 == 0 ? one : two).Init.AddAsync(i, 1, Ct).AsTask()));
        Assert.Equal(Enumerable.Range(1, 200).Select(i => (long)i), sums);
        await Eventually.Holds("both are counted", () => _server!.Connections.Count == 2 ? null : $"{_server.Connections.Count} are");
    }

    [Fact]
    public async Task Garbage_ends_its_own_connection_and_nothing_else()
    {
        await using var good = await ConnectAsync();
        using (var bad = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified))
        {
            await bad.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), Ct);
            await bad.SendAsync("GET / HTTP/1.1\r\n\r\n"u8.ToArray(), Ct);
            var buffer = new byte[1024];
            while (await bad.ReceiveAsync(buffer, Ct).AsTask().InTime() > 0)
            {
            }
        }

        Assert.Equal(3, await good.Init.AddAsync(1, 2, Ct));
        await Eventually.Holds("the bad one is gone", () => _server!.Connections.Count == 1 ? null : "still there");
        Assert.Equal("connection ended: Message has too many segments.", Assert.Single(_log.Lines)[^48..]);
    }

    [Fact]
    public async Task A_connection_over_the_limit_waits_for_a_place()
    {
        var sessions = new List<IpcSession<ITester>>();
        for (var i = 0; i < 3; i++)
        {
            sessions.Add(await ConnectAsync());
        }

        var waiting = ConnectAsync();
        Assert.Equal(3, await sessions[1].Init.AddAsync(1, 2, Ct));
        Assert.False(waiting.IsCompleted);
        await sessions[0].DisposeAsync();
        await using var served = await waiting.InTime();
        Assert.Equal(5, await served.Init.AddAsync(3, 2, Ct));
        foreach (var session in sessions)
        {
            await session.DisposeAsync();
        }
    }

    [Fact]
    public async Task Stopping_ends_connections_and_takes_the_socket_away()
    {
        await using var session = await ConnectAsync();
        var waiting = session.Init.WaitAsync(Ct).AsTask();
        await _tester.WaitStarted.Task.InTime();
        await _stop.CancelAsync();
        await _serving.InTime();
        var failure = await Assert.ThrowsAsync<IpcException>(() => waiting.InTime());
        Assert.Equal(IpcErrorKind.Disconnected, failure.Kind);
        Assert.False(File.Exists(SocketPath));
        await Assert.ThrowsAsync<SocketException>(ConnectAsync);
    }

    [Fact]
    public async Task Coming_and_going_many_times_leaves_nothing()
    {
        var before = Directory.GetFileSystemEntries("/proc/self/fd").Length;
        for (var i = 0; i < 100; i++)
        {
            await using var session = await ConnectAsync();
            Assert.Equal(i, await session.Init.AddAsync(i, 0, Ct));
        }

        await Eventually.Holds("connections end", () => _server!.Connections.Count == 0 ? null : $"{_server.Connections.Count} left");
        await Eventually.Holds("descriptors are closed", () =>
            Directory.GetFileSystemEntries("/proc/self/fd").Length - before is > 20 and var more ? $"{more} more than before" : null);
    }

    [Fact]
    public async Task Sixty_four_clients_come_and_go_and_nothing_grows()
    {
        const int Clients = 64;
        var rounds = LongRun.Scale(16, 1000);
        Growth? growth = null;
        var descriptors = 0;
        for (var round = 0; round <= rounds; round++)
        {
            await Task.WhenAll(Enumerable.Range(0, Clients).Select(async i =>
            {
                await using var session = await ConnectAsync();
                Assert.Equal(i + 1, await session.Init.AddAsync(i, 1, Ct));
            })).WaitAsync(TimeSpan.FromSeconds(60), Ct);
            _tester.Added.Clear();
            if (round == rounds / 2)
            {
                await Eventually.Holds("connections end", () => _server!.Connections.Count == 0 ? null : $"{_server.Connections.Count} left");
                growth = new Growth();
                descriptors = Directory.GetFileSystemEntries("/proc/self/fd").Length;
            }
        }

        await Eventually.Holds("connections end", () => _server!.Connections.Count == 0 ? null : $"{_server.Connections.Count} left");
        await Eventually.Holds("descriptors are closed", () =>
            Directory.GetFileSystemEntries("/proc/self/fd").Length - descriptors is > 20 and var more ? $"{more} more than before" : null);
        growth?.IsNone();
        await Eventually.Holds("threads of busy moments end", () => ThreadPool.ThreadCount is > 64 and var threads ? $"{threads} threads" : null);
    }

    [Fact]
    public async Task A_client_that_hangs_keeps_nobody_waiting()
    {
        // It asks for megabytes and reads nothing: what waits for it waits on its own connection.
        using Socket hung = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await hung.ConnectAsync(new UnixDomainSocketEndPoint(SocketPath), Ct);
        await using var session = await ConnectAsync();
        var alone = await CallAsync(static _ => Task.CompletedTask);
        var beside = await CallAsync(async i => await hung.SendAsync(Bootstrap(i), SocketFlags.None, Ct));

        // A machine that is slow for one is slow for both.
        Assert.InRange(beside, TimeSpan.Zero, TimeSpan.FromSeconds(5) + (20 * alone));

        async Task<TimeSpan> CallAsync(Func<uint, Task> before)
        {
            var since = TimeProvider.System.GetTimestamp();
            for (var i = 0u; i < 200; i++)
            {
                await before(i);
                Assert.Equal(i + 1, await session.Init.AddAsync(i, 1, Ct).AsTask().InTime());
            }

            return TimeProvider.System.GetElapsedTime(since);
        }

        static byte[] Bootstrap(uint question)
        {
            using Dash.Ipc.Messages.MessageBuilder message = new();
            message.InitRoot<Dash.Ipc.Connections.Generated.Message.Builder>().InitBootstrap().QuestionId = question;
            return message.ToFrame();
        }
    }

    [Fact]
    public async Task Nobody_answering_is_noticed_in_time()
    {
        using var mute = UnixSocketListener.Bind(_folder.File("mute.sock"));
        var options = new IpcOptions
        {
            Limits = Dash.Ipc.Connections.IpcLimits.Default with
            {
                HandshakeTimeout = TimeSpan.FromMilliseconds(50), CloseTimeout = TimeSpan.FromMilliseconds(50),
            },
        };
        var failure = await Assert.ThrowsAsync<IpcException>(() => IpcConnector.ConnectAsync<ITester>(
            mute.Path, static (cap, connection) => new TesterClient(cap, connection), options, Ct));
        Assert.Equal(IpcErrorKind.Disconnected, failure.Kind);
        Assert.Contains("did not answer", failure.Message, StringComparison.Ordinal);
    }

    private Task<IpcSession<ITester>> ConnectAsync() => IpcConnector.ConnectAsync<ITester>(
        SocketPath, static (cap, connection) => new TesterClient(cap, connection), Patient.Options, Ct);
}
