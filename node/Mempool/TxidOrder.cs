using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>Orders transaction ids by their bytes, as Core's sets and maps do.</summary>
internal sealed class TxidOrder : IComparer<Txid>
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
