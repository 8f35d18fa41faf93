using System.Text;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Interfaces.Answers;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;

namespace Dash.Node.Services;

/// <summary>The methods of the wallet process, as the node's table sees them: requests go there, replies come back, long ones in pieces.</summary>
/// <param name="commands">The methods.</param>
/// <param name="rpc">Answers them.</param>
/// <param name="gone">What a caller is told when it does not any more.</param>
internal sealed class RpcProxy(IReadOnlyList<Command> commands, IRpc rpc, string gone) : IRemoteMethods, IAsyncDisposable
{
    private readonly RequestRoom _room = new();
    private volatile bool _isGone;

    // It is of a version before there were pieces, which it said itself.
    private volatile bool _isOld;

    /// <inheritdoc/>
    public IReadOnlyList<RemoteCommand> Commands { get; } =
        [.. commands.Select(command => new RemoteCommand(command.Category, command.Name, command.ArgNames))];

    /// <inheritdoc/>
    public bool IsThere => !_isGone;

    /// <summary>The process is gone: from now on callers are told so.</summary>
    public void Leave() => _isGone = true;

    /// <inheritdoc/>
    public async ValueTask<RemoteAnswer> ExecuteAsync(ReadOnlyMemory<byte> request, string uri, string user, CancellationToken ct)
    {
        try
        {
            using var place = await _room.EnterAsync(request.Length, ct);
            return _isGone ? throw new RpcError(RpcErrorCode.Wallet, gone)
                : _isOld ? await ExecuteTextAsync(request, uri, user, ct)
                : await BeginAsync(request, uri, user, ct);
        }
        catch (Exception e) when (e is IpcException { Kind: IpcErrorKind.Disconnected } or ObjectDisposedException)
        {
            // Disposed: another process took its place after this call was routed here.
            throw new RpcError(RpcErrorCode.Wallet, gone, e);
        }
        catch (IpcException e) when (e.Reason.Contains("Message is too large", StringComparison.Ordinal))
        {
            throw new RpcError(RpcErrorCode.Misc, RpcDispatcher.TooLongForText, e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => rpc.DisposeAsync();

    private async ValueTask<RemoteAnswer> BeginAsync(ReadOnlyMemory<byte> request, string uri, string user, CancellationToken ct)
    {
        try
        {
            var (status, length, piece, rest) = await rpc.BeginAsync(request, uri, user, AnswerPieces.First, ct);
            return new(status, piece, rest is null ? null : new RemoteRest(new AnswerPieces(rest, checked((long)length) - piece.Length, TimeProvider.System)));
        }
        catch (IpcException e) when (e.Kind == IpcErrorKind.Unimplemented)
        {
            _isOld = true; // and has done nothing
            return await ExecuteTextAsync(request, uri, user, ct);
        }
    }

    private async ValueTask<RemoteAnswer> ExecuteTextAsync(ReadOnlyMemory<byte> request, string uri, string user, CancellationToken ct)
    {
        var text = await rpc.ExecuteRpcAsync(Encoding.UTF8.GetString(request.Span), uri, user, ct);
        return new(null, Encoding.UTF8.GetBytes(text), null);
    }
}
