namespace Dash.Rpc.Protocol;

/// <summary>A part of a reply that is kept to be written again. Immutable; any thread.</summary>
public sealed class KeptReply
{
    internal KeptReply((byte[] Piece, int Used)[] pieces, long length) => (Pieces, Length) = (pieces, length);

    /// <summary>Its bytes.</summary>
    public long Length { get; }

    internal (byte[] Piece, int Used)[] Pieces { get; }
}
