using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;

namespace Dash.Node.Services;

/// <summary>The methods of the wallet process, as the node's table sees them: requests go there, replies come back, as text.</summary>
/// <param name="commands">The methods.</param>
/// <param name="rpc">Answers them.</param>
/// <param name="gone">What a caller is told when it does not any more.</param>
internal sealed class RpcProxy(IReadOnlyList<Command> commands, IRpc rpc, string gone) : IRemoteMethods, IAsyncDisposable
{
    private volatile bool _isGone;

    /// <inheritdoc/>
    public IReadOnlyList<RemoteCommand> Commands { get; } =
        [.. commands.Select(command => new RemoteCommand(command.Category, command.Name, command.ArgNames))];

    /// <inheritdoc/>
    public bool IsThere => !_isGone;

    /// <summary>The process is gone: from now on callers are told so.</summary>
    public void Leave() => _isGone = true;

    /// <inheritdoc/>
    public async ValueTask<string> ExecuteAsync(string request, string uri, string user, CancellationToken ct)
    {
        try
        {
            return _isGone ? throw new RpcError(RpcErrorCode.Wallet, gone) : await rpc.ExecuteRpcAsync(request, uri, user, ct);
        }
        catch (Exception e) when (e is IpcException { Kind: IpcErrorKind.Disconnected } or ObjectDisposedException)
        {
            // Disposed: another process took its place after this call was routed here.
            throw new RpcError(RpcErrorCode.Wallet, gone, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => rpc.DisposeAsync();
}
