using Dash.Node.Consensus;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>The coins at the tip and those of unconfirmed transactions, spent or not. Validation loop only.</summary>
internal sealed class MempoolCoins(ICoinsView chain, MempoolGraph graph) : ICoinsView
{
    /// <inheritdoc/>
    public Coin? Find(OutPoint outPoint)
    {
        if (graph.TryGet(outPoint.Txid, out var entry))
        {
            var outputs = entry.Transaction.Outputs;
            return outPoint.Index < outputs.Length
                ? new Coin(outputs[(int)outPoint.Index], Coin.MempoolHeight, IsCoinBase: false)
                : null;
        }

        return chain.Find(outPoint);
    }
}
