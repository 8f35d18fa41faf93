using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The wallet's methods for the node that started this process, or for whoever may open its socket: requests in, replies out, as
/// over HTTP. A caller that names no user is one that could read the cookie.
/// </summary>
internal sealed class WalletRpc(RpcDispatcher dispatcher) : IRpc
{
    /// <summary>The methods as a node lists them.</summary>
    public static IEnumerable<Command> CommandsOf(IEnumerable<RpcMethod> methods) =>
        methods.Select(RemoteCommand.Of).Select(method => new Command(method.Category, method.Name, method.ArgNames));

    /// <inheritdoc/>
    public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct) =>
        dispatcher.ExecuteTextAsync(request, uri, user.Length > 0 ? user : CookieFile.User, ct);

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
