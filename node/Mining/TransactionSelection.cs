using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mining;

/// <summary>
/// Chooses transactions for a block: the best paying first, each together with the ancestors it needs and that are not
/// in the block yet. Pure but for the graph it reads; validation loop only.
/// </summary>
/// <param name="graph">The mempool.</param>
/// <param name="maxSize">Bytes the block may have.</param>
/// <param name="maxSigOps">Signature operations the block may have.</param>
/// <param name="minFeeRate">Packages that pay less are left out.</param>
internal sealed class TransactionSelection(MempoolGraph graph, int maxSize, int maxSigOps, FeeRate minFeeRate)
{
    // Room for header, coinbase and what else comes first.
    private const int ReservedSize = 1000;
    private const int ReservedSigOps = 100;
    private const int MaxConsecutiveFailures = 1000;

    private readonly Dictionary<Txid, MempoolEntry> _chosen = [];
    private readonly List<MempoolEntry> _order = [];
    private readonly SortedSet<Ranked> _ranking = new(RankOrder.Instance);
    private readonly Dictionary<Txid, Ranked> _ranks = [];
    private long _size = ReservedSize;
    private int _sigOps = ReservedSigOps;

    /// <summary>Bytes of the block so far, with the room that is kept.</summary>
    public long Size => _size;

    /// <summary>The transactions for a block, parents before children.</summary>
    /// <param name="height">Height of the block.</param>
    /// <param name="medianTime">Median time of the blocks before it, for lock times.</param>
    /// <param name="reserved">Bytes taken by transactions that come first.</param>
    /// <param name="fromMempool">False for none.</param>
    public IReadOnlyList<MempoolEntry> Choose(int height, long medianTime, int reserved, bool fromMempool = true)
    {
        _size += reserved;
        foreach (var entry in fromMempool ? graph.Entries : [])
        {
            Rank(entry);
        }

        var failures = 0;
        while (_ranking.Max is { } best)
        {
            _ranking.Remove(best);
            _ranks.Remove(best.Entry.Txid);
            if (best.Package.Fees < minFeeRate.GetFee((int)best.Package.Size))
            {
                break;
            }

            if (_size + best.Package.Size >= maxSize || _sigOps + best.Package.SigOps >= maxSigOps)
            {
                if (++failures > MaxConsecutiveFailures && _size > maxSize - ReservedSize)
                {
                    break;
                }

                continue;
            }

            var package = Missing(best.Entry);
            if (!package.All(entry => TransactionRules.IsFinal(entry.Transaction, height, medianTime)))
            {
                continue;
            }

            failures = 0;
            Add(package);
        }

        return _order;
    }

    private void Add(IReadOnlyCollection<MempoolEntry> package)
    {
        foreach (var entry in graph.ParentsFirst(package).ToArray())
        {
            _chosen.Add(entry.Txid, entry);
            _order.Add(entry);
            _size += entry.VirtualSize;
            _sigOps += entry.SigOps;
            if (_ranks.Remove(entry.Txid, out var rank))
            {
                _ranking.Remove(rank);
            }
        }

        // Descendants now have fewer ancestors to pay for.
        foreach (var descendant in package
            .SelectMany(entry => graph.DescendantsOf(entry.Transaction))
            .DistinctBy(static entry => entry.Txid)
            .ToArray())
        {
            if (_ranks.Remove(descendant.Txid, out var rank))
            {
                _ranking.Remove(rank);
                Rank(descendant);
            }
        }
    }

    private void Rank(MempoolEntry entry)
    {
        var package = _chosen.Count == 0 ? graph.AncestorPackage(entry) : MempoolPackage.Of(Missing(entry));
        var rank = new Ranked(entry, package);
        _ranks.Add(entry.Txid, rank);
        _ranking.Add(rank);
    }

    private List<MempoolEntry> Missing(MempoolEntry entry) =>
        [.. graph.AncestorsOf(entry.Transaction).Where(ancestor => !_chosen.ContainsKey(ancestor.Txid)), entry];

    private sealed record Ranked(MempoolEntry Entry, MempoolPackage Package)
    {
        // A transaction is worth no more than it pays itself: rich ancestors come on their own account.
        public (Amount Fees, long Size) Worth { get; } =
            MempoolPackage.CompareRates(Package.Fees, Package.Size, Entry.ModifiedFee, Entry.VirtualSize) > 0
                ? (Entry.ModifiedFee, Entry.VirtualSize)
                : (Package.Fees, Package.Size);
    }

    private sealed class RankOrder : IComparer<Ranked>
    {
        public static RankOrder Instance { get; } = new();

        public int Compare(Ranked? x, Ranked? y)
        {
            if (x is null || y is null)
            {
                return x is null ? (y is null ? 0 : -1) : 1;
            }

            var order = MempoolPackage.CompareRates(x.Worth.Fees, x.Worth.Size, y.Worth.Fees, y.Worth.Size);
            return order != 0 ? order : y.Entry.Txid.CompareTo(x.Entry.Txid);
        }
    }
}
