using Dash.Primitives.Transactions;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Coins;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>A coin by its place in <c>listunspent</c>: the deepest first, those of no block last.</summary>
/// <param name="Coin">The coin.</param>
internal readonly record struct CoinKey(Coin Coin) : IComparable<CoinKey>
{
    // Minus one becomes the greatest.
    private uint Rank => (uint)Coin.Height;

    /// <inheritdoc/>
    public int CompareTo(CoinKey other)
    {
        if (Rank != other.Rank)
        {
            return Rank.CompareTo(other.Rank);
        }

        var order = TxidOrder.Instance.Compare(Coin.OutPoint.Txid, other.Coin.OutPoint.Txid);
        return order != 0 ? order : Coin.OutPoint.Index.CompareTo(other.Coin.OutPoint.Index);
    }
}

/// <summary>The rows of <c>listunspent</c> for all coins that may be spent, confirmed or not.</summary>
internal sealed class CoinList(RecentChanges recent, int chunkSize) : KeptList<CoinKey>(recent, chunkSize)
{
    private readonly CoinControl _control = new() { IncludeUnsafe = true, AvoidReuse = false };
    private int _highest = -1;
    private CoinWriter? _writer;
    private AvailableCoins? _available;

    /// <summary>Writes the coins with confirmations between two numbers, as an array.</summary>
    /// <param name="view">What to show.</param>
    /// <param name="ancestors">What coins in the mempool hang on.</param>
    /// <param name="least">Fewest confirmations.</param>
    /// <param name="most">Most confirmations.</param>
    /// <param name="reply">Where to.</param>
    /// <param name="ct">Ends it.</param>
    /// <returns>False if that cannot be told from here.</returns>
    public bool TryWrite(WalletView view, PendingAncestors ancestors, int least, int most, ReplyBuffer reply, CancellationToken ct)
    {
        MixingRounds rounds = new(view);
        CoinWriter writer = new(view, rounds, ancestors);
        var available = new AvailableCoins(view.Snapshot, _control, CoinLimits.None, new MixedCoins(view.Snapshot, rounds).Contains);
        var tip = view.Snapshot.Tip.Height;
        return TryWrite(
            view,
            reply,
            key => key.Coin.DepthAt(tip) is var depth && depth >= least && depth <= most,
            () => (_writer, _available) = (writer, available),
            ct);
    }

    /// <inheritdoc/>
    protected override bool CanKeep(WalletSnapshot snapshot) => base.CanKeep(snapshot) && _highest <= snapshot.Tip.Height;

    /// <inheritdoc/>
    protected override IEnumerable<CoinKey> All(WalletView view, CancellationToken ct)
    {
        foreach (var coin in view.Snapshot.Coins.Values)
        {
            yield return new CoinKey(coin);
        }
    }

    /// <inheritdoc/>
    protected override IEnumerable<CoinKey>? Changed(WalletView view, WalletChanges changes, ListPoint before, ListPoint now)
    {
        var snapshot = view.Snapshot;
        HashSet<OutPoint> touched = [.. changes.Coins.Keys];
        if (!ReferenceEquals(before.Young, now.Young))
        {
            touched.UnionWith(before.Young.Keys.Where(coin => !now.Young.ContainsKey(coin)));
            touched.UnionWith(now.Young.Keys.Where(coin => !before.Young.ContainsKey(coin)));
        }

        // Whether they are there, sure and of how many others they hang on is asked each time.
        foreach (var (txid, pending) in snapshot.Pending)
        {
            touched.UnionWith(Enumerable.Range(0, pending.Tx.Tx.Outputs.Length).Select(index => new OutPoint(txid, (uint)index)));
        }

        foreach (var address in changes.Addresses)
        {
            touched.UnionWith(Received.ScriptsOf(snapshot, address).SelectMany(script => view.Received(script))
                .Select(static row => new OutPoint(row.Txid, row.Output)));
        }

        // A transaction that was not known may be a round of mixing.
        if (changes.HasNew)
        {
            touched.UnionWith(snapshot.DenominatedCoins.Keys);
        }

        return changes.Coins.Values.OfType<Coin>().Concat(touched.Select(snapshot.Coins.Find).OfType<Coin>()).Select(static coin => new CoinKey(coin));
    }

    /// <inheritdoc/>
    protected override void Write(WalletView view, CoinKey key, RowWriter row)
    {
        if (view.Snapshot.Coins.Find(key.Coin.OutPoint) is { } coin && coin.Height == key.Coin.Height)
        {
            _highest = Math.Max(_highest, coin.Height);
            if (_available?.Look(coin) is { } available)
            {
                _writer?.Write(row.Json, available, row);
            }
        }
    }

    /// <inheritdoc/>
    protected override void Finish() => (_writer, _available) = (null, null);

    /// <inheritdoc/>
    protected override void Forget()
    {
        Finish();
        _highest = -1;
    }
}
