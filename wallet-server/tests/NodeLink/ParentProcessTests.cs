using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.WalletServer.NodeLink;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>The wallet as a node's child, with the real protocol between them.</summary>
public sealed class ParentProcessTests
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_come_from_the_node_and_blocks_too_and_the_end()
    {
        await using WalletHost host = new();
        FakeNode node = new(host.Chain);
        var (ours, theirs) = MemoryTransport.CreatePair();
        await using var parentEnd = ProxyConnection.Open(theirs, home => new NodeInitServer(node, home), new IpcOptions());
        await using var parent = await ParentProcess.ConnectAsync(ours, new IpcOptions(), Ct);
        RpcTable table = new();
        table.Add([Echo], static invocation => new RpcCall(invocation));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance);
        dispatcher.Warmup.Finish();

        await parent.RegisterAsync(table.Local.Select(command => command.Method), dispatcher, Ct);
        await parent.ReadyAsync("", Ct);
        var command = Assert.Single(node.Commands);
        Assert.Equal(("util", "say", "word"), (command.Category, command.Name, Assert.Single(command.ArgNames)));
        Assert.Equal("", await node.Ready.Task.WaitAsync(Deadline, Ct));
        var reply = await node.Rpc!.ExecuteRpcAsync("""{"method":"say","params":["hello"],"id":7}""", "/wallet/w", "me", Ct);
        Assert.Equal("{\"result\":\"hello\",\"error\":null,\"id\":7}\n", reply);

        TaskCompletionSource ended = new();
        var running = parent.RunAsync(
            host.Node, ChainParams.Regtest, host.Sync.FollowAsync, ended.SetResult, TimeProvider.System, host.Log, Ct);
        await WalletHost.UntilAsync(() => host.Node.Session is not null);
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.Mine(host.Chain.Pay(await WalletHost.NewScriptAsync(wallet), Amount.OneDash));
        await host.SyncedAsync();
        Assert.Equal(Amount.OneDash, WalletHost.Trusted(wallet));

        await parentEnd.DisposeAsync();
        await ended.Task.WaitAsync(Deadline, Ct);
        await running;
        Assert.Null(host.Node.Session);
    }

    [Fact]
    public async Task A_subscription_that_the_node_ends_is_made_again_and_what_was_missed_is_pulled()
    {
        await using WalletHost host = new();
        var (ours, theirs) = MemoryTransport.CreatePair();
        await using var parentEnd = ProxyConnection.Open(theirs, home => new NodeInitServer(new FakeNode(host.Chain), home), new IpcOptions());
        await using var parent = await ParentProcess.ConnectAsync(ours, new IpcOptions(), Ct);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = parent.RunAsync(
            host.Node, ChainParams.Regtest, host.Sync.FollowAsync, static () => { }, TimeProvider.System, host.Log, stop.Token);
        await WalletHost.UntilAsync(() => host.Node.Session is not null);
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        host.Chain.Mine(host.Chain.Pay(script, Amount.OneDash));
        await host.SyncedAsync();

        for (var times = 2; times <= 3; times++)
        {
            await host.Chain.DropListenersAsync();
            host.Chain.Mine(host.Chain.Pay(script, Amount.OneDash));

            await WalletHost.UntilAsync(() => wallet.Snapshot.Tip.Hash == host.Chain.Tip.Hash);
            await WalletHost.UntilAsync(() => host.Sync.StatusOf(wallet).State == NodeState.Connected);
            Assert.Equal(times, host.Chain.Subscriptions);
            Assert.Equal(times, host.Log.Lines.Count(static line => line == "The node tells nothing any more: it is asked again to") + 1);
            host.Chain.Receive(host.Chain.Pay(script, Amount.OneDash));
            await host.SyncedAsync();
            Assert.Equal((Amount.OneDash * times, Amount.OneDash * (times - 1)), (WalletHost.Trusted(wallet), WalletHost.Pending(wallet)));
        }

        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    [Fact]
    public async Task A_node_that_goes_on_hearing_why_its_child_cannot_serve_has_heard_it()
    {
        await using WalletHost host = new();
        FakeNode node = new(host.Chain) { IsSilent = true };
        var (ours, theirs) = MemoryTransport.CreatePair();
        await using var parentEnd = ProxyConnection.Open(theirs, home => new NodeInitServer(node, home), new IpcOptions());
        await using var parent = await ParentProcess.ConnectAsync(ours, new IpcOptions(), Ct);

        var refusal = parent.RefuseAsync("no such wallet", Ct);
        Assert.Equal("no such wallet", await node.Ready.Task.WaitAsync(Deadline, Ct));
        Assert.False(refusal.IsCompleted);
        await parentEnd.DisposeAsync();
        await refusal.WaitAsync(Deadline, Ct);
    }

    [Fact]
    public async Task Who_is_no_node_is_refused()
    {
        var (ours, theirs) = MemoryTransport.CreatePair();
        await using var stranger = ProxyConnection.Open(theirs, serve: null, new IpcOptions());

        await Assert.ThrowsAsync<IpcException>(() => ParentProcess.ConnectAsync(ours, new IpcOptions(), Ct));
    }

    private static RpcMethod<RpcCall> Echo
    {
        get
        {
            var word = Arg.Str("word", "What to say.");
            return new("util", "say", "Says a word.")
            {
                Args = [word],
                Results = [Result.Str("word", "The word.")],
                Examples = [Example.Cli("hello")],
                Handler = (call, result, _) =>
                {
                    result.WriteStringValue(call.Get(word));
                    return ValueTask.CompletedTask;
                },
            };
        }
    }

    /// <summary>What a node offers its child.</summary>
    private sealed class FakeNode(FakeChain chain) : INodeInit, IWalletHost, IHandler
    {
        public bool IsSilent { get; init; }

        public IReadOnlyList<Command> Commands { get; private set; } = [];

        public IRpc? Rpc { get; private set; }

        public TaskCompletionSource<string> Ready { get; } = new();

        public ValueTask<IChainFeed> MakeChainFeedAsync(CancellationToken ct) => ValueTask.FromResult(chain.Connect().Feed);

        public ValueTask<IWalletHost> MakeWalletHostAsync(CancellationToken ct) => ValueTask.FromResult<IWalletHost>(this);

        public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IHandler> RegisterAsync(IReadOnlyList<Command> commands, IRpc rpc, CancellationToken ct)
        {
            Commands = commands;
            Rpc = rpc;
            return ValueTask.FromResult<IHandler>(this);
        }

        public async ValueTask ReadyAsync(string error, CancellationToken ct)
        {
            Ready.SetResult(error);
            if (IsSilent)
            {
                await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct);
            }
        }

        public ValueTask DisconnectAsync(CancellationToken ct) => ValueTask.CompletedTask;

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
