using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>An output that exists and is not spent, with what the rules ask about its origin.</summary>
/// <param name="Output">Value and script.</param>
/// <param name="Height">
/// Height of the block that made it; <see cref="MempoolHeight"/> for one only in the mempool.
/// </param>
/// <param name="IsCoinBase">Whether a coinbase made it: not to be spent before it is mature.</param>
internal sealed record Coin(TxOut Output, int Height, bool IsCoinBase)
{
    /// <summary>The height coins of unconfirmed transactions carry.</summary>
    public const int MempoolHeight = 0x7FFFFFFF;
}
