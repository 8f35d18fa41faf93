using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>A transaction that waits for a block. Immutable.</summary>
/// <param name="Transaction">The transaction.</param>
/// <param name="Fee">What it pays.</param>
/// <param name="Time">When it came, Unix seconds.</param>
/// <param name="Height">Height of the tip when it came.</param>
/// <param name="SigOps">Its signature operations.</param>
/// <param name="VirtualSize">Its size for fees, bytes.</param>
/// <param name="SpendsCoinBase">Whether it spends a coinbase, which a reorganisation may make immature.</param>
/// <param name="FeeDelta">What the user pretends it pays in addition.</param>
internal sealed record MempoolEntry(
    Transaction Transaction,
    Amount Fee,
    long Time,
    int Height,
    int SigOps,
    int VirtualSize,
    bool SpendsCoinBase,
    Amount FeeDelta)
{
    // Core counts an entry's place in its indexes; about what ours takes beside the transaction's bytes.
    private const int Overhead = 700;

    /// <summary>Its id.</summary>
    public Txid Txid => Transaction.Txid;

    /// <summary>The fee by which it is ranked.</summary>
    public Amount ModifiedFee => Fee + FeeDelta;

    /// <summary>Memory it takes, estimated, in bytes.</summary>
    public long MemoryUsage => Overhead + (2L * Transaction.Size);
}
