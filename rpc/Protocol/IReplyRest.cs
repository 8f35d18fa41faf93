namespace Dash.Rpc.Protocol;

/// <summary>What of a reply is still with another process, and comes in pieces as it is asked for. One reader at a time.</summary>
public interface IReplyRest : IAsyncDisposable
{
    /// <summary>Bytes that were not read yet.</summary>
    public long Left { get; }

    /// <summary>The next bytes, at least one unless nothing is left; they are the reader's to keep.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct);
}
