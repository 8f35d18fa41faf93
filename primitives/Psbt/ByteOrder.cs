namespace Dash.Primitives.Psbt;

/// <summary>Byte strings in the order of their bytes, a prefix before what it is a prefix of.</summary>
internal sealed class ByteOrder : IComparer<byte[]>
{
    /// <summary>The one there is.</summary>
    public static readonly ByteOrder Instance = new();

    private ByteOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
}
