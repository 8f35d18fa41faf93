namespace Dash.Rpc.Protocol;

/// <summary>
/// A part of a reply that is kept to be written again. Immutable; any thread, but nobody writes it again once it is disposed, which
/// gives its memory back.
/// </summary>
public sealed class KeptReply : IDisposable
{
    private int _isDisposed;

    internal KeptReply(ReplyPart[] parts, long length) => (Parts, Length) = (parts, length);

    /// <summary>Its bytes.</summary>
    public long Length { get; }

    internal ReplyPart[] Parts { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isDisposed, 1) == 0)
        {
            foreach (var part in Parts)
            {
                part.Piece?.Release();
            }
        }
    }
}

/// <summary>A stretch of a reply.</summary>
/// <param name="Memory">Where it is written, and what follows as far as there is room.</param>
/// <param name="Used">Bytes of it that are written.</param>
/// <param name="Piece">What the memory belongs to; null where it is managed.</param>
/// <param name="IsShared">Others read it, or may: nothing is written behind it.</param>
internal record struct ReplyPart(Memory<byte> Memory, int Used, ReplyPiece? Piece, bool IsShared)
{
    /// <summary>What is written.</summary>
    public readonly ReadOnlyMemory<byte> Written => Memory[..Used];
}
