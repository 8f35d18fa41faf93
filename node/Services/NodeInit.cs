using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;

namespace Dash.Node.Services;

/// <summary>
/// The first object of a connection. Every subscriber gets the chain; only the wallet process that this node started gets
/// its host, and nobody gets the node's RPC methods.
/// </summary>
/// <param name="makeFeed">Makes the chain for one subscriber.</param>
/// <param name="host">For the node's own wallet process; null for anybody else.</param>
internal sealed class NodeInit(Func<IChainFeed> makeFeed, IWalletHost? host) : INodeInit
{
    /// <inheritdoc/>
    public ValueTask<IChainFeed> MakeChainFeedAsync(CancellationToken ct) => ValueTask.FromResult(makeFeed());

    /// <inheritdoc/>
    public ValueTask<IWalletHost> MakeWalletHostAsync(CancellationToken ct) => host is not null
        ? ValueTask.FromResult(host)
        : throw new IpcException("This process was not started by the node");

    /// <inheritdoc/>
    public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => ValueTask.FromResult<IEcho>(new EchoService());

    /// <inheritdoc/>
    public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) =>
        throw new IpcException("The node's RPC methods are not offered over IPC");

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
