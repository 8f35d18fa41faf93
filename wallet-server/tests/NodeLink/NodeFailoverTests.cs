using System.Net.Sockets;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>
/// Several addresses over real sockets, the first of which hangs. Who waited for it to the end would wait for longer than these tests
/// do: the patience of a handshake is ten minutes.
/// </summary>
public sealed class NodeFailoverTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);
    private static readonly IpcOptions Patient =
        new() { Limits = new IpcOptions().Limits with { HandshakeTimeout = TimeSpan.FromMinutes(10) } };

    private readonly string _directory = Directory.CreateTempSubdirectory("dash-failover-").FullName;
    private readonly FakeChain _chain = new(ChainParams.Regtest);
    private readonly AttachedNode _node = new();
    private readonly LineLog _log = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    /// <summary>The first one accepts and says nothing, or does not even accept, as a stopped process; the second comes later.</summary>
    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task While_the_first_address_hangs_the_next_one_is_taken_as_soon_as_it_is_there(bool accepts)
    {
        using var hanging = Listen("first.sock");
        await using Following wallet = new(this, "first.sock", "second.sock");
        var silent = accepts ? await hanging.AcceptAsync(Ct).AsTask().WaitAsync(Deadline, Ct) : null;
        await WalletHost.UntilAsync(() => _log.Lines.Any(line => line.Contains("second.sock", StringComparison.Ordinal)));
        Assert.Null(_node.Session);

        await using Serving second = new(this, "second.sock");

        Assert.EndsWith("second.sock", (await wallet.NextAsync()).Address, StringComparison.Ordinal);
        silent ??= await hanging.AcceptAsync(Ct).AsTask().WaitAsync(Deadline, Ct);
        using (silent)
        {
            // What was begun with the first one is given up.
            var buffer = new byte[4096];
            while (await silent.ReceiveAsync(buffer, Ct).AsTask().WaitAsync(Deadline, Ct) > 0)
            {
            }
        }

        Assert.Equal(1, wallet.Attached);
    }

    [Fact]
    public async Task When_the_first_node_goes_the_second_is_taken_and_when_that_goes_the_first()
    {
        Serving second = new(this, "second.sock");
        Serving first = new(this, "first.sock");
        await using Following wallet = new(this, "first.sock", "second.sock");
        Assert.EndsWith("first.sock", (await wallet.NextAsync()).Address, StringComparison.Ordinal);

        await first.DisposeAsync();
        Assert.EndsWith("second.sock", (await wallet.NextAsync()).Address, StringComparison.Ordinal);

        await using Serving again = new(this, "first.sock");
        await second.DisposeAsync();
        Assert.EndsWith("first.sock", (await wallet.NextAsync()).Address, StringComparison.Ordinal);
        Assert.Equal(1, wallet.MostAtOnce);
    }

    /// <summary>A wrong node is what people must hear of, whoever else is missing.</summary>
    [Fact]
    public async Task A_wrong_node_is_named_while_the_preferred_one_is_missing()
    {
        _chain.Name = "test";
        await using Serving second = new(this, "second.sock");
        await using Following wallet = new(this, "first.sock", "second.sock");

        await WalletHost.UntilAsync(() => _node.IsWrongChain);
        var text = _node.Waiting;
        Assert.Contains("second.sock is on network test, this wallet is on regtest", text, StringComparison.Ordinal);

        // The tries of the missing one that follow don't change that.
        var changes = 0;
        _node.Changed += () => Interlocked.Increment(ref changes);
        await WalletHost.UntilAsync(() => Volatile.Read(ref changes) >= 3);
        Assert.Equal((text, true), (_node.Waiting, _node.IsWrongChain));
    }

    private UnixAddress Address(string name) => new(Path.Combine(_directory, name));

    private Socket Listen(string name)
    {
        Socket socket = new(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        socket.Bind(new UnixDomainSocketEndPoint(Address(name).SocketPath));
        socket.Listen();
        return socket;
    }

    /// <summary>A node that listens.</summary>
    private sealed class Serving : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly IpcServer _server;
        private readonly Task _run;

        public Serving(NodeFailoverTests test, string name)
        {
            _server = new IpcServer(
                UnixSocketListener.Bind(test.Address(name).SocketPath),
                home => new NodeInitServer(new Init(test._chain), home),
                new IpcOptions());
            _run = _server.RunAsync(_stop.Token);
        }

        public IReadOnlyCollection<ProxyConnection> Connections => _server.Connections;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _run.WaitAsync(Deadline);
            _stop.Dispose();
        }
    }

    private sealed class Init(FakeChain chain) : INodeInit
    {
        public ValueTask<IChainFeed> MakeChainFeedAsync(CancellationToken ct) => ValueTask.FromResult(chain.Connect().Feed);

        public ValueTask<IWalletHost> MakeWalletHostAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }

    /// <summary>A running connector; sessions are followed until they end.</summary>
    private sealed class Following : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        private readonly System.Threading.Channels.Channel<NodeSession> _sessions = System.Threading.Channels.Channel.CreateUnbounded<NodeSession>();
        private readonly Task _run;
        private int _now;

        public Following(NodeFailoverTests test, params string[] names)
        {
            NodeConnector connector = new(
                [.. names.Select(test.Address)], ChainParams.Regtest, test._node, NodeConnector.Dialer(Patient), TimeProvider.System, test._log, new NodeWish());
            _run = connector.RunAsync(FollowAsync, _stop.Token);
        }

        public int Attached { get; private set; }

        public int MostAtOnce { get; private set; }

        public async Task<NodeSession> NextAsync() => await _sessions.Reader.ReadAsync(Ct).AsTask().WaitAsync(Deadline, Ct);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _run.WaitAsync(Deadline));
            _stop.Dispose();
        }

        private async Task FollowAsync(NodeSession session, CancellationToken ct)
        {
            Attached++;
            MostAtOnce = Math.Max(MostAtOnce, Interlocked.Increment(ref _now));
            _sessions.Writer.TryWrite(session);
            try
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
            finally
            {
                Interlocked.Decrement(ref _now);
            }
        }
    }
}
