using Dash.Node.Consensus;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>
/// The coins at the tip, those of unconfirmed transactions, spent or not, and those of transactions that are looked at
/// together with others. Validation loop only.
/// </summary>
internal sealed class MempoolCoins(ICoinsView chain, MempoolGraph graph) : ICoinsView
{
    private Dictionary<Txid, Transaction>? _package;

    /// <summary>Adds a transaction as if it were in the mempool.</summary>
    public void Add(Transaction transaction) => (_package ??= [])[transaction.Txid] = transaction;

    /// <inheritdoc/>
    public Coin? Find(OutPoint outPoint)
    {
        if (_package is not null && _package.TryGetValue(outPoint.Txid, out var added))
        {
            return OutputOf(added, outPoint.Index);
        }

        return graph.TryGet(outPoint.Txid, out var entry)
            ? OutputOf(entry.Transaction, outPoint.Index)
            : chain.Find(outPoint);
    }

    /// <summary>A coin that no transaction of the mempool spends; null if there is none.</summary>
    public Coin? FindUnspent(OutPoint outPoint) => graph.SpenderOf(outPoint) is null ? Find(outPoint) : null;

    private static Coin? OutputOf(Transaction transaction, uint index) =>
        index < transaction.Outputs.Length
            ? new Coin(transaction.Outputs[(int)index], Coin.MempoolHeight, IsCoinBase: false)
            : null;
}
