using Dash.Node.Consensus;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>
/// Changes to coins that are thrown away unless they are applied: a block being connected or disconnected.
/// </summary>
/// <param name="under">The coins before the changes.</param>
internal sealed class CoinsOverlay(ICoinsView under) : ICoinsView
{
    private readonly Dictionary<OutPoint, Coin?> _changes = [];

    /// <summary>Coins made or changed, and null for spent ones.</summary>
    public IReadOnlyDictionary<OutPoint, Coin?> Changes => _changes;

    /// <inheritdoc/>
    public Coin? Find(OutPoint outPoint) =>
        _changes.TryGetValue(outPoint, out var coin) ? coin : under.Find(outPoint);

    /// <summary>Makes a coin, or puts one back.</summary>
    public void Add(OutPoint outPoint, Coin coin) => _changes[outPoint] = coin;

    /// <summary>Takes a coin away and returns what it was; null if there was none.</summary>
    public Coin? Spend(OutPoint outPoint)
    {
        var coin = Find(outPoint);
        if (coin is not null)
        {
            _changes[outPoint] = null;
        }

        return coin;
    }

    /// <summary>Makes the coins of a transaction's outputs that can ever be spent.</summary>
    public void AddOutputs(Transaction transaction, int height)
    {
        var isCoinBase = transaction.IsCoinBase;
        for (var i = 0; i < transaction.Outputs.Length; i++)
        {
            if (!transaction.Outputs[i].ScriptPubKey.IsUnspendable)
            {
                Add(new OutPoint(transaction.Txid, (uint)i), new Coin(transaction.Outputs[i], height, isCoinBase));
            }
        }
    }
}
