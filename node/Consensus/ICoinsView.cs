using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>
/// Unspent coins by outpoint: the store, the cache before it, a block being connected, the mempool's view.
/// </summary>
internal interface ICoinsView
{
    /// <summary>The coin, or null when it never existed or is spent.</summary>
    public Coin? Find(OutPoint outPoint);
}
