using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;

namespace Dash.Node.Services;

/// <summary>
/// The first object of a connection. Every subscriber gets the chain; only the wallet process that this node started gets
/// its host, and only who may read the cookie gets the node's RPC methods.
/// </summary>
/// <param name="makeFeed">Makes the chain for one subscriber.</param>
/// <param name="host">For the node's own wallet process; null for anybody else.</param>
/// <param name="rpc">For a process of the same user; null for anybody else.</param>
internal sealed class NodeInit(Func<IChainFeed> makeFeed, IWalletHost? host, RpcDispatcher? rpc = null) : INodeInit
{
    private readonly LongAnswers _answers = new(TimeProvider.System);

    /// <inheritdoc/>
    public ValueTask<IChainFeed> MakeChainFeedAsync(CancellationToken ct) => ValueTask.FromResult(makeFeed());

    /// <inheritdoc/>
    public ValueTask<IWalletHost> MakeWalletHostAsync(CancellationToken ct) => host is not null
        ? ValueTask.FromResult(host)
        : throw new IpcException("This process was not started by the node");

    /// <inheritdoc/>
    public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => ValueTask.FromResult<IEcho>(new EchoService());

    /// <inheritdoc/>
    public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => rpc is not null
        ? ValueTask.FromResult<IRpc>(new NodeRpc(rpc, _answers))
        : throw new IpcException("The node's RPC methods are offered over unix sockets only");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
