using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Tests.NodeLink;

public sealed class NodeConnectorTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly string _directory = Directory.CreateTempSubdirectory("dash-sockets-").FullName;
    private readonly LineLog _log = new();
    private readonly AttachedNode _node = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    [Fact]
    public async Task It_comes_back_after_a_node_that_died()
    {
        FakeChain chain = new(ChainParams.Regtest);
        await using Running running = new(Connector(["a"], _ => Task.FromResult(chain.Connect("a"))));

        for (var round = 0; round < 3; round++)
        {
            var session = await running.NextAsync();
            Assert.Same(session, _node.Session);
            Assert.Same(session, _node.Require());
            chain.Die();
        }
    }

    [Fact]
    public async Task A_node_of_another_network_is_named_once_and_not_attached_to()
    {
        FakeChain wrong = new(ChainParams.Regtest) { Name = "test" };
        FakeChain right = new(ChainParams.Regtest);
        var asked = 0;
        await using Running running = new(Connector(["a", "b"], path => path == "a"
            ? Task.FromResult(wrong.Connect("unix:/a"))
            : ++asked < 4 ? Task.FromException<NodeSession>(new IOException("nobody")) : Task.FromResult(right.Connect("b"))));

        Assert.Equal("b", (await running.NextAsync()).Address);

        const string text = "Node at unix:/a is on network test, this wallet is on regtest: waiting";
        Assert.Single(_log.Lines, line => line == text);
    }

    [Fact]
    public async Task A_lone_node_of_another_network_is_waited_for_without_an_end()
    {
        FakeChain wrong = new(ChainParams.Regtest) { Name = "test" };
        await using Running running = new(Connector(["a"], _ => Task.FromResult(wrong.Connect("unix:/a"))));

        await WalletHost.UntilAsync(() => _log.Lines.Count > 0);

        Assert.Null(_node.Session);
        Assert.Contains("this wallet is on regtest", _node.Waiting, StringComparison.Ordinal);
        Assert.Contains("this wallet is on regtest", Assert.Throws<Ipc.Capabilities.IpcException>(_node.Require).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_chain_with_another_first_block_is_refused()
    {
        FakeChain wrong = new(ChainParams.Test) { Name = "regtest" };
        await using Running running = new(Connector(["a"], _ => Task.FromResult(wrong.Connect("unix:/a"))));

        await WalletHost.UntilAsync(() => _log.Lines.Count > 0);

        Assert.Contains("its chain begins with", _log.Lines.First(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_missing_node_is_logged_once()
    {
        var tries = 0;
        await using Running running = new(Connector(["a"], _ =>
        {
            tries++;
            return Task.FromException<NodeSession>(new IOException("nobody"));
        }));

        await WalletHost.UntilAsync(() => tries >= 5);

        Assert.Equal("No node at unix:a (nobody): waiting", Assert.Single(_log.Lines));
    }

    [Fact]
    public async Task A_socket_that_appears_is_tried_at_once()
    {
        // A machine that is busy meanwhile may be late: one try in time shows that nothing waits.
        const int Tries = 5;
        for (var left = Tries; ; left--)
        {
            var taken = await TakesToConnectAsync(Path.Combine(_directory, $"node{left}.sock"));
            if (taken < TimeSpan.FromSeconds(5))
            {
                return;
            }

            Assert.True(left > 1, $"never in time, at last after {taken}");
        }

        async Task<TimeSpan> TakesToConnectAsync(string path)
        {
            FakeChain chain = new(ChainParams.Regtest);
            var tries = 0;
            await using Running running = new(Connector([path], _ =>
            {
                tries++;
                return File.Exists(path)
                    ? Task.FromResult(chain.Connect(path))
                    : Task.FromException<NodeSession>(new WrongChainException("asked again in ten seconds"));
            }));
            await WalletHost.UntilAsync(() => tries > 0);
            var begun = TimeProvider.System.GetTimestamp();
            await File.WriteAllTextAsync(path, "", Ct);
            await running.NextAsync();
            return TimeProvider.System.GetElapsedTime(begun);
        }
    }

    [Fact]
    public async Task Another_socket_is_tried_at_once_also_after_a_short_session()
    {
        FakeChain chain = new(ChainParams.Regtest);
        var path = Path.Combine(_directory, "node.sock");
        await File.WriteAllTextAsync(path, "", Ct);
        await using Running running = new(Connector([path], _ => Task.FromResult(chain.Connect(path)), new OnlyShortTimers()));
        var first = await running.NextAsync();
        chain.Die();
        File.SetLastWriteTimeUtc(path, DateTime.UnixEpoch.AddYears(30));

        Assert.NotSame(first, await running.NextAsync());
    }

    [Fact]
    public async Task A_failure_of_ours_ends_the_session_and_not_the_daemon()
    {
        FakeChain chain = new(ChainParams.Regtest);
        var rounds = 0;
        await using Running running = new(
            Connector(["a"], _ => Task.FromResult(chain.Connect("a"))),
            _ => ++rounds == 1 ? throw new InvalidOperationException("a bug") : Task.CompletedTask);

        await running.NextAsync();
        await running.NextAsync();

        Assert.Contains(_log.Lines, line => line.Contains("a bug", StringComparison.Ordinal));
    }

    [Fact]
    public async Task It_has_heard_of_a_node_when_one_is_attached_or_none_is_at_any_address()
    {
        FakeChain chain = new(ChainParams.Regtest);
        var connector = Connector(["a", "b"], path => path == "b" ? Task.FromResult(chain.Connect(path)) : Task.FromException<NodeSession>(new IOException("nobody")));
        await using (Running running = new(connector))
        {
            await connector.Heard.WaitAsync(Deadline, Ct);
            Assert.Equal("b", _node.Session?.Address);
        }

        TaskCompletionSource<NodeSession> second = new(TaskCreationOptions.RunContinuationsAsynchronously);
        var tried = 0;
        connector = Connector(["a", "b"], path => path == "b" && ++tried == 1 ? second.Task : Task.FromException<NodeSession>(new IOException("nobody")));
        await using (Running running = new(connector))
        {
            await WalletHost.UntilAsync(() => Volatile.Read(ref tried) == 1);
            Assert.False(connector.Heard.IsCompleted);
            second.SetException(new IOException("nobody either"));
            await connector.Heard.WaitAsync(Deadline, Ct);
            Assert.Null(_node.Session);
        }
    }

    [Fact]
    public async Task One_that_has_what_wallets_wait_for_is_gone_to_and_the_others_are_closed()
    {
        Dictionary<string, FakeChain> chains = new() { ["/a"] = new(ChainParams.Regtest), ["/b"] = new(ChainParams.Regtest), ["/c"] = new(ChainParams.Regtest) };
        NodeWish wish = new();
        var asked = 0;
        wish.Serves = session =>
        {
            // Before it is gone to, and when it is.
            wish.IsUnserved &= session.Address != "unix:/c" || ++asked < 2;
            return session.Address == "unix:/c";
        };
        await using Running running = new(Connector(["/a", "/b", "/c"], path => Task.FromResult(chains[path].Connect("unix:" + path)), wish: wish));
        Assert.Equal("unix:/a", (await running.NextAsync()).Address);
        Assert.Empty(wish.Asked);

        wish.IsUnserved = true;

        Assert.Equal("unix:/c", (await running.NextAsync()).Address);
        Assert.Equal([0, 0, 1], chains.Values.Select(static chain => chain.Sessions));
        Assert.DoesNotContain("unix:/a", wish.Asked);
        Assert.Contains("unix:/b", wish.Asked);
        Assert.Contains(_log.Lines, static line => line.Contains("unix:/c has the blocks that it lacks", StringComparison.Ordinal));
    }

    /// <summary>What wallets have is another thing once they have left the node they followed.</summary>
    [Fact]
    public async Task One_that_is_not_better_any_more_when_it_is_gone_to_is_left_alone()
    {
        FakeChain other = new(ChainParams.Regtest);
        FakeChain chain = new(ChainParams.Regtest);
        var asked = 0;
        NodeWish wish = new() { Serves = _ => Interlocked.Increment(ref asked) == 1 };
        await using Running running = new(Connector(
            ["/a", "/b"], path => Task.FromResult(path == "/a" ? chain.Connect("unix:/a") : other.Connect("unix:/b")), wish: wish));
        var first = await running.NextAsync();
        wish.IsUnserved = true;
        await WalletHost.UntilAsync(() => Volatile.Read(ref asked) >= 2);
        wish.IsUnserved = false;

        var second = await running.NextAsync();

        Assert.NotSame(first, second);
        Assert.Equal("unix:/a", second.Address);
        Assert.Equal((1, 0), (chain.Sessions, other.Sessions));
    }

    private NodeConnector Connector(string[] sockets, Func<string, Task<NodeSession>> dial, TimeProvider? time = null, NodeWish? wish = null) => new(
        [.. sockets.Select(path => new UnixAddress(path))],
        ChainParams.Regtest,
        _node,
        (address, _) => dial(((UnixAddress)address).SocketPath),
        time ?? TimeProvider.System,
        _log,
        wish ?? new NodeWish());

    /// <summary>A time in which waits of a second and the like never end.</summary>
    private sealed class OnlyShortTimers : TimeProvider
    {
        private static readonly TimeSpan Longest = TimeSpan.FromMilliseconds(100);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, dueTime > Longest ? Timeout.InfiniteTimeSpan : dueTime, period);
    }

    /// <summary>A running connector; sessions are followed until they end.</summary>
    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        private readonly System.Threading.Channels.Channel<NodeSession> _sessions = System.Threading.Channels.Channel.CreateUnbounded<NodeSession>();
        private readonly Task _run;

        public Running(NodeConnector connector, Func<NodeSession, Task>? follow = null) => _run = connector.RunAsync(
            async (session, ct) =>
            {
                _sessions.Writer.TryWrite(session);
                await (follow?.Invoke(session) ?? Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));
            },
            _stop.Token);

        public async Task<NodeSession> NextAsync() => await _sessions.Reader.ReadAsync(Ct).AsTask().WaitAsync(Deadline, Ct);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.WaitAsync(Deadline));
        }
    }
}
