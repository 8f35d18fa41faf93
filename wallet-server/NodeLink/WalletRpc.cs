using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;

namespace Dash.WalletServer.NodeLink;

/// <summary>The wallet's methods for the node that started this process: requests in, replies out, as over HTTP.</summary>
internal sealed class WalletRpc(RpcDispatcher dispatcher) : IRpc
{
    /// <inheritdoc/>
    public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct) =>
        dispatcher.ExecuteTextAsync(request, uri, user, ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
