using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces.Answers;
using Dash.Rpc.Protocol;

namespace Dash.Node.Services;

/// <summary>What of a wallet process's answer was not read yet.</summary>
internal sealed class RemoteRest(AnswerPieces pieces) : IReplyRest
{
    /// <inheritdoc/>
    public long Left => pieces.Left;

    /// <inheritdoc/>
    public async ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct)
    {
        try
        {
            return await pieces.ReadAsync(ct);
        }
        catch (IpcException e)
        {
            throw new IOException($"the wallet process does not give the rest of it ({e.Reason})", e);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisposeAsync() => pieces.DisposeAsync();
}
