using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;

namespace Dash.Node.Services;

/// <summary>
/// The node's methods for a process of the same user, which could as well read the cookie: requests in, replies out, as over HTTP.
/// </summary>
/// <param name="dispatcher">Answers.</param>
/// <param name="kept">The long answers of the connection.</param>
internal sealed class NodeRpc(RpcDispatcher dispatcher, LongAnswers kept) : IRpc
{
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
            catch (Exception e) when (e is InvalidOperationException or IOException)
            {
                throw new IpcException(e.Message, e);
            }
        }

        public ValueTask DisposeAsync() => kept.LetGoAsync(answer);
    }
}
