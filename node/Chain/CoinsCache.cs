using System.Runtime.InteropServices;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>
/// The coins of the active chain: those touched since the last flush, those read before, and the store behind them.
/// Belongs to the validation loop.
/// </summary>
internal sealed class CoinsCache : ICoinsView
{
    // What an entry takes with its dictionary slot, coin and script, about.
    private const int BytesPerCoin = 250;

    private readonly CoinStore _store;
    private readonly Dictionary<OutPoint, Coin> _clean = [];
    private readonly Dictionary<OutPoint, CoinChange> _changed = [];

    /// <summary>A cache over a store, at the store's block.</summary>
    public CoinsCache(CoinStore store)
    {
        _store = store;
        BestBlock = store.BestBlock;
    }

    /// <summary>The block whose coins these are.</summary>
    public BlockHash BestBlock { get; private set; }

    /// <summary>Coins in memory.</summary>
    public int Count => _clean.Count + _changed.Count;

    /// <summary>Coins that a flush would write.</summary>
    public int ChangedCount => _changed.Count;

    /// <summary>Memory taken, estimated, in bytes.</summary>
    public long MemoryUsage => (long)Count * BytesPerCoin;

    /// <summary>Whether a flush would write anything.</summary>
    public bool IsChanged => _changed.Count > 0 || BestBlock != _store.BestBlock;

    /// <inheritdoc/>
    public Coin? Find(OutPoint outPoint)
    {
        if (_changed.TryGetValue(outPoint, out var change))
        {
            return change.Coin;
        }

        if (_clean.TryGetValue(outPoint, out var coin))
        {
            return coin;
        }

        coin = _store.Find(outPoint);
        if (coin is not null)
        {
            _clean.Add(outPoint, coin);
        }

        return coin;
    }

    /// <summary>Takes over what connecting or disconnecting a block changed.</summary>
    public void Apply(CoinsOverlay overlay, BlockHash best)
    {
        foreach (var (outPoint, change) in overlay.Changes)
        {
            ref var mine = ref CollectionsMarshal.GetValueRefOrAddDefault(_changed, outPoint, out var isChanged);
            if (isChanged)
            {
                // The store does not know what was made since the last flush.
                var isNew = mine.IsNew;
                mine = new CoinChange(change.Coin, isNew);
                if (isNew && change.Coin is null)
                {
                    _changed.Remove(outPoint);
                }
            }
            else
            {
                mine = change with { IsNew = change.IsNew && change.Coin is not null };
                _clean.Remove(outPoint);
            }
        }

        BestBlock = best;
    }

    /// <summary>
    /// Writes all changes durably, and forgets what it remembered when that is much of <paramref name="maxBytes"/>.
    /// </summary>
    public void Flush(long maxBytes)
    {
        if (IsChanged)
        {
            _store.Write(_changed.Select(static entry => KeyValuePair.Create(entry.Key, entry.Value.Coin)), BestBlock);
        }

        // Above half of what is allowed the next flush would come too soon.
        if (MemoryUsage > maxBytes / 2)
        {
            _clean.Clear();
            _clean.TrimExcess();
            _changed.Clear();
            _changed.TrimExcess();
            return;
        }

        foreach (var (outPoint, change) in _changed)
        {
            if (change.Coin is not null)
            {
                _clean[outPoint] = change.Coin;
            }
        }

        _changed.Clear();
    }
}
