using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;

namespace Dash.Node.Services;

/// <summary>
/// The node's methods for a process of the same user, which could as well read the cookie: requests in, replies out, as over HTTP.
/// </summary>
internal sealed class NodeRpc(RpcDispatcher dispatcher) : IRpc
{
    /// <inheritdoc/>
    public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct) =>
        dispatcher.ExecuteTextAsync(request, uri, user.Length > 0 ? user : CookieFile.User, ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
