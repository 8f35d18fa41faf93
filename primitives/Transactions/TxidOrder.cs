using Dash.Primitives.Hashing;

namespace Dash.Primitives.Transactions;

/// <summary>Ids by their bytes as stored, the first byte first: the order in which Core lists sets and maps of them.</summary>
public sealed class TxidOrder : IComparer<Txid>
{
    /// <summary>The one instance; it has no state.</summary>
    public static TxidOrder Instance { get; } = new();

    /// <inheritdoc/>
    public int Compare(Txid x, Txid y)
    {
        Span<byte> left = stackalloc byte[Uint256.Size];
        Span<byte> right = stackalloc byte[Uint256.Size];
        x.Value.CopyTo(left);
        y.Value.CopyTo(right);
        return left.SequenceCompareTo(right);
    }
}
