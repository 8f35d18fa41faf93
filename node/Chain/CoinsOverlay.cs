using Dash.Node.Consensus;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>
/// Changes to coins that are thrown away unless they are applied: a block being connected or disconnected.
/// </summary>
/// <param name="under">The coins before the changes.</param>
/// <param name="capacity">About how many coins will change.</param>
internal sealed class CoinsOverlay(ICoinsView under, int capacity = 0) : ICoinsView
{
    private readonly Dictionary<OutPoint, CoinChange> _changes = new(capacity);

    /// <summary>Coins made or changed, and those that are spent.</summary>
    public IReadOnlyDictionary<OutPoint, CoinChange> Changes => _changes;

    /// <inheritdoc/>
    public Coin? Find(OutPoint outPoint) =>
        _changes.TryGetValue(outPoint, out var change) ? change.Coin : under.Find(outPoint);

    /// <summary>Puts a coin back that was spent.</summary>
    public void Add(OutPoint outPoint, Coin coin) => _changes[outPoint] = new CoinChange(coin, IsNew: false);

    /// <summary>Takes a coin away and returns what it was; null if there was none.</summary>
    public Coin? Spend(OutPoint outPoint)
    {
        if (_changes.TryGetValue(outPoint, out var change))
        {
            if (change.Coin is null)
            {
                return null;
            }

            if (change.IsNew)
            {
                _changes.Remove(outPoint);
            }
            else
            {
                _changes[outPoint] = default;
            }

            return change.Coin;
        }

        var coin = under.Find(outPoint);
        if (coin is not null)
        {
            _changes[outPoint] = default;
        }

        return coin;
    }

    /// <summary>Spends a coin whether or not it is there, so that it surely is gone afterwards.</summary>
    public void Remove(OutPoint outPoint) => _changes[outPoint] = default;

    /// <summary>Makes the coins of a transaction's outputs that can ever be spent.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="height">Height of its block.</param>
    /// <param name="mayOverwrite">They may be there already, unlike in a block that was checked for that.</param>
    public void AddOutputs(Transaction transaction, int height, bool mayOverwrite = false)
    {
        var isCoinBase = transaction.IsCoinBase;
        for (var i = 0; i < transaction.Outputs.Length; i++)
        {
            if (!transaction.Outputs[i].ScriptPubKey.IsUnspendable)
            {
                var outPoint = new OutPoint(transaction.Txid, (uint)i);

                // What was spent in this very overlay still lies under it.
                var isNew = !mayOverwrite && !_changes.ContainsKey(outPoint);
                _changes[outPoint] = new CoinChange(new Coin(transaction.Outputs[i], height, isCoinBase), isNew);
            }
        }
    }
}
