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
    private readonly Dictionary<OutPoint, Coin?> _clean = [];
    private readonly Dictionary<OutPoint, Coin?> _changed = [];

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
        if (_changed.TryGetValue(outPoint, out var coin) || _clean.TryGetValue(outPoint, out coin))
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
        foreach (var (outPoint, coin) in overlay.Changes)
        {
            _clean.Remove(outPoint);
            _changed[outPoint] = coin;
        }

        BestBlock = best;
    }

    /// <summary>
    /// Writes all changes in one durable step, and forgets clean coins above <paramref name="maxBytes"/>.
    /// </summary>
    public void Flush(long maxBytes)
    {
        if (IsChanged)
        {
            _store.Write(_changed, BestBlock);
        }

        foreach (var (outPoint, coin) in _changed)
        {
            if (coin is not null)
            {
                _clean[outPoint] = coin;
            }
        }

        _changed.Clear();
        if (MemoryUsage > maxBytes)
        {
            _clean.Clear();
        }
    }
}
