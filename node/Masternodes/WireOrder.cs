using Dash.Primitives.Hashing;

namespace Dash.Node.Masternodes;

/// <summary>The order of hashes by their bytes as they are on the wire, which is not that of the numbers they are.</summary>
internal sealed class WireOrder : IComparer<Uint256>
{
    /// <summary>The order.</summary>
    public static readonly WireOrder Instance = new();

    private WireOrder()
    {
    }

    /// <inheritdoc/>
    public int Compare(Uint256 x, Uint256 y)
    {
        Span<byte> left = stackalloc byte[Uint256.Size];
        Span<byte> right = stackalloc byte[Uint256.Size];
        x.CopyTo(left);
        y.CopyTo(right);
        return left.SequenceCompareTo(right);
    }
}
