using System.Buffers;
using System.Text;
using Dash.Common.Logging;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Node;
using Dash.Node.Chain;
using Dash.Node.Indexes;
using Dash.Node.Mempool;
using Dash.Node.Mining;
using Dash.Node.Net;
using Dash.Node.Rpc;
using Dash.Primitives.Networks;
using Dash.Rpc.Dispatch;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.RpcTests.Support;

/// <summary>A node in process: its chain state on disk, its real dispatcher, no port.</summary>
internal sealed class NodeFixture : IAsyncDisposable
{
    private readonly Chainstate _chainstate;
    private readonly CancellationTokenSource _stop = new();
    private readonly Task _running;

    private NodeFixture(string directory, long mockTime)
    {
        Clock clock = new();
        clock.SetMockTime(mockTime);
        ILoggerFactory logs = NullLoggerFactory.Instance;
        _chainstate = Chainstate.Open(new ChainstateOptions(directory), ChainParams.Regtest, clock, logs, CancellationToken.None);
        Validation validation = new(_chainstate, logs);
        Mempool = new MempoolGate(_chainstate, validation, PolicySettings.For(ChainParams.Regtest), clock, logs);
        BlockAssembler assembler = new(_chainstate, Mempool.Owned, new MiningOptions(), clock);
        Context = new NodeContext
        {
            Network = ChainParams.Regtest,
            Chainstate = _chainstate,
            Validation = validation,
            Mempool = Mempool,
            Peers = new PeerNetwork(
                Options.ParseCommandLine(NodeOptions.All, []), directory, _chainstate, validation, Mempool, filters: null, new Scheduler(clock), clock, logs),
            Generator = new BlockGenerator(validation, assembler),
            Assembler = assembler,
            Templates = new TemplateSource(assembler, Mempool.Owned, clock),
            Directory = directory,
            Echo = static (text, _) => ValueTask.FromResult(text),
            Clock = clock,
            Indexes = new ChainIndexes(
                IndexSettings.None with { Transactions = true },
                new AddressIndexes(IndexSettings.None.Addresses, _chainstate),
                directory,
                new ChainstateOptions(directory),
                _chainstate,
                NullLogger.Instance),
            WaitForWallets = _ => Task.CompletedTask,
        };
        RpcTable table = new();
        table.Add(NodeMethods.All, call => new NodeCall(call, Context));
        Dispatcher = new RpcDispatcher(table, logs) { Translate = NodeErrors.Translate, ChecksResults = true };
        Dispatcher.Warmup.Finish();
        _running = Task.WhenAll(
            [validation.RunAsync(_stop.Token), .. Context.Indexes.Running.Select(index => Task.Run(() => index.RunAsync(_stop.Token)))]);
    }

    public NodeContext Context { get; }

    public MempoolGate Mempool { get; }

    public RpcDispatcher Dispatcher { get; }

    public static async Task<NodeFixture> OpenAsync(string directory, long mockTime = 0)
    {
        NodeFixture node = new(directory, mockTime);
        node.Mempool.LoadFees(Path.Combine(directory, "fee_estimates.dat"));
        await node.Mempool.LoadAsync(Path.Combine(directory, "mempool.dat"), CancellationToken.None);
        return node;
    }

    /// <summary>The reply to a request, as text without the newline.</summary>
    public async Task<string> AskAsync(string request)
    {
        ArrayBufferWriter<byte> reply = new();
        await Dispatcher.ExecuteAsync(Encoding.UTF8.GetBytes(request), "/", "test", reply, TestContext.Current.CancellationToken);
        return Encoding.UTF8.GetString(reply.WrittenSpan).TrimEnd('\n');
    }

    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _running;
        Context.Indexes.Dispose();
        _chainstate.Dispose();
        _stop.Dispose();
    }
}
