using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The wallet's methods for the node that started this process, or for whoever may open its socket: requests in, replies out, as
/// over HTTP. A caller that names no user is one that could read the cookie.
/// </summary>
/// <param name="dispatcher">Answers.</param>
/// <param name="kept">The long answers of the connection.</param>
internal sealed class WalletRpc(RpcDispatcher dispatcher, LongAnswers kept) : IRpc
{
    /// <summary>The methods as a node lists them.</summary>
    public static IEnumerable<Command> CommandsOf(IEnumerable<RpcMethod> methods) =>
        methods.Select(RemoteCommand.Of).Select(method => new Command(method.Category, method.Name, method.ArgNames));

    /// <inheritdoc/>
    public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct) =>
        dispatcher.ExecuteTextAsync(request, uri, user.Length > 0 ? user : CookieFile.User, ct);

    /// <inheritdoc/>
    public async ValueTask<(int Status, ulong Length, ReadOnlyMemory<byte> Piece, IRpcAnswer? More)> BeginAsync(
        ReadOnlyMemory<byte> request, string uri, string user, uint maxBytes, CancellationToken ct)
    {
        var answer = await dispatcher.ExecuteLongAsync(request, uri, user.Length > 0 ? user : CookieFile.User, ct);
        var (piece, isWhole) = await kept.BeginAsync(answer, maxBytes, ct);
        return (answer.Status, (ulong)answer.Length, piece, isWhole ? null : new Rest(answer, kept));
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    private sealed class Rest(LongAnswer answer, LongAnswers kept) : IRpcAnswer
    {
        public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(uint maxBytes, CancellationToken ct)
        {
            try
            {
                return await kept.ReadAsync(answer, maxBytes, ct);
            }
            catch (InvalidOperationException e)
            {
                throw new IpcException(e.Message, e);
            }
        }

        public ValueTask DisposeAsync() => kept.LetGoAsync(answer);
    }
}
