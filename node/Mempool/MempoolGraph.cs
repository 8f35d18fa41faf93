using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>
/// Unconfirmed transactions, who spends whose outputs, and for each the sums over its ancestors and descendants, which
/// are kept and not counted anew. Whoever holds it says which threads may use it: the mempool changes one under its lock,
/// a <see cref="MempoolView"/> never does.
/// </summary>
internal sealed class MempoolGraph
{
    private readonly Dictionary<Txid, Place> _places;
    private readonly Dictionary<OutPoint, Txid> _spenders;

    /// <summary>Without transactions.</summary>
    public MempoolGraph()
    {
        _places = [];
        _spenders = [];
    }

    private MempoolGraph(MempoolGraph other)
    {
        _places = new Dictionary<Txid, Place>(other._places.Count);
        foreach (var (txid, place) in other._places)
        {
            _places.Add(txid, new Place(place));
        }

        _spenders = new Dictionary<OutPoint, Txid>(other._spenders);
    }

    /// <summary>All transactions, in no order.</summary>
    public IEnumerable<MempoolEntry> Entries => _places.Values.Select(static place => place.Entry);

    /// <summary>Transactions.</summary>
    public int Count => _places.Count;

    /// <summary>A copy that doesn't follow.</summary>
    public MempoolGraph Copy() => new(this);

    /// <summary>Finds a transaction.</summary>
    public bool TryGet(Txid txid, [NotNullWhen(true)] out MempoolEntry? entry)
    {
        entry = _places.GetValueOrDefault(txid)?.Entry;
        return entry is not null;
    }

    /// <summary>Whether a transaction is there.</summary>
    public bool Contains(Txid txid) => _places.ContainsKey(txid);

    /// <summary>The transaction that spends an output, or null.</summary>
    public MempoolEntry? SpenderOf(OutPoint outPoint) =>
        _spenders.TryGetValue(outPoint, out var txid) ? _places[txid].Entry : null;

    /// <summary>Adds a transaction that conflicts with none; some that spend it may be there already.</summary>
    public void Add(MempoolEntry entry)
    {
        var self = MempoolPackage.Of(entry);
        var place = new Place(entry, self);
        var ancestors = AncestorsOf(entry.Transaction);
        _places.Add(entry.Txid, place);
        foreach (var input in entry.Transaction.Inputs)
        {
            _spenders.Add(input.PreviousOutput, entry.Txid);
        }

        place.Ancestors = MempoolPackage.Of(ancestors) + self;
        var descendants = DescendantsOf(entry.Transaction);
        if (descendants.Count == 0)
        {
            foreach (var ancestor in ancestors)
            {
                _places[ancestor.Txid].Descendants += self;
            }

            return;
        }

        // It was in a block that is gone: it joins what is above it with what is below.
        place.Descendants = MempoolPackage.Of(descendants) + self;
        foreach (var ancestor in ancestors)
        {
            _places[ancestor.Txid].Descendants =
                MempoolPackage.Of(DescendantsOf(ancestor.Transaction)) + MempoolPackage.Of(ancestor);
        }

        foreach (var descendant in descendants)
        {
            _places[descendant.Txid].Ancestors =
                MempoolPackage.Of(AncestorsOf(descendant.Transaction)) + MempoolPackage.Of(descendant);
        }
    }

    /// <summary>Takes the place of the entry of the same transaction.</summary>
    public void Replace(MempoolEntry entry)
    {
        var place = _places[entry.Txid];
        var change = MempoolPackage.Of(entry) - MempoolPackage.Of(place.Entry);
        place.Entry = entry;
        place.Ancestors += change;
        place.Descendants += change;
        foreach (var ancestor in AncestorsOf(entry.Transaction))
        {
            _places[ancestor.Txid].Descendants += change;
        }

        foreach (var descendant in DescendantsOf(entry.Transaction))
        {
            _places[descendant.Txid].Ancestors += change;
        }
    }

    /// <summary>Removes a transaction; its descendants stay, and its ancestors go before it or stay without it.</summary>
    public void Remove(MempoolEntry entry)
    {
        var self = MempoolPackage.Of(entry);
        foreach (var ancestor in AncestorsOf(entry.Transaction))
        {
            _places[ancestor.Txid].Descendants -= self;
        }

        foreach (var descendant in DescendantsOf(entry.Transaction))
        {
            _places[descendant.Txid].Ancestors -= self;
        }

        _places.Remove(entry.Txid);
        foreach (var input in entry.Transaction.Inputs)
        {
            _spenders.Remove(input.PreviousOutput);
        }
    }

    /// <summary>The unconfirmed transactions whose outputs one spends.</summary>
    public IEnumerable<MempoolEntry> ParentsOf(Transaction transaction) =>
        transaction.Inputs
            .Select(static input => input.PreviousOutput.Txid)
            .Distinct()
            .Select(txid => _places.GetValueOrDefault(txid)?.Entry)
            .OfType<MempoolEntry>();

    /// <summary>The unconfirmed transactions that spend its outputs.</summary>
    public IEnumerable<MempoolEntry> ChildrenOf(Transaction transaction) =>
        Enumerable.Range(0, transaction.Outputs.Length)
            .Select(output => SpenderOf(new OutPoint(transaction.Txid, (uint)output)))
            .OfType<MempoolEntry>()
            .DistinctBy(static child => child.Txid);

    /// <summary>Its unconfirmed ancestors, without itself.</summary>
    public IReadOnlyCollection<MempoolEntry> AncestorsOf(Transaction transaction) =>
        Walk(transaction, ParentsOf);

    /// <summary>Its unconfirmed descendants, without itself.</summary>
    public IReadOnlyCollection<MempoolEntry> DescendantsOf(Transaction transaction) =>
        Walk(transaction, ChildrenOf);

    /// <summary>Sums over an entry of this graph and its ancestors.</summary>
    public MempoolPackage AncestorPackage(MempoolEntry entry) => _places[entry.Txid].Ancestors;

    /// <summary>Sums over an entry of this graph and its descendants.</summary>
    public MempoolPackage DescendantPackage(MempoolEntry entry) => _places[entry.Txid].Descendants;

    /// <summary>
    /// Orders transactions of this graph so that each comes after those it spends, the better paying first among equals.
    /// </summary>
    public IEnumerable<MempoolEntry> ParentsFirst(IEnumerable<MempoolEntry> entries) =>
        entries.OrderBy(entry => _places[entry.Txid].Ancestors.Count).ThenBy(static entry => entry, ByFee.Instance);

    /// <summary>The entry whose removal with its descendants costs miners least; null in an empty graph.</summary>
    public MempoolEntry? Cheapest()
    {
        Place? worst = null;
        foreach (var place in _places.Values)
        {
            if (worst is null || place.IsWorthLessThan(worst))
            {
                worst = place;
            }
        }

        return worst?.Entry;
    }

    private static List<MempoolEntry> Walk(
        Transaction start, Func<Transaction, IEnumerable<MempoolEntry>> next)
    {
        var found = new List<MempoolEntry>();
        HashSet<Txid>? seen = null;
        for (var i = -1; i < found.Count; i++)
        {
            foreach (var entry in next(i < 0 ? start : found[i].Transaction))
            {
                if ((seen ??= []).Add(entry.Txid))
                {
                    found.Add(entry);
                }
            }
        }

        return found;
    }

    private sealed class Place
    {
        public Place(MempoolEntry entry, MempoolPackage self)
        {
            Entry = entry;
            Ancestors = self;
            Descendants = self;
        }

        public Place(Place other)
        {
            Entry = other.Entry;
            Ancestors = other.Ancestors;
            Descendants = other.Descendants;
        }

        public MempoolEntry Entry { get; set; }

        public MempoolPackage Ancestors { get; set; }

        public MempoolPackage Descendants { get; set; }

        // The better of its own rate and that with its descendants counts; among equals the later one goes first.
        public bool IsWorthLessThan(Place other)
        {
            var (fees, size) = Worth;
            var (otherFees, otherSize) = other.Worth;
            var order = MempoolPackage.CompareRates(fees, size, otherFees, otherSize);
            return order != 0 ? order < 0 : Entry.Time >= other.Entry.Time;
        }

        private (Primitives.Units.Amount Fees, long Size) Worth =>
            MempoolPackage.CompareRates(Descendants.Fees, Descendants.Size, Entry.ModifiedFee, Entry.VirtualSize) > 0
                ? (Descendants.Fees, Descendants.Size)
                : (Entry.ModifiedFee, Entry.VirtualSize);
    }

    private sealed class ByFee : IComparer<MempoolEntry>
    {
        public static ByFee Instance { get; } = new();

        public int Compare(MempoolEntry? x, MempoolEntry? y)
        {
            var order = MempoolPackage.CompareRates(y!.Fee, y.VirtualSize, x!.Fee, x.VirtualSize); // entries are never null
            return order != 0 ? order : TxidOrder.Instance.Compare(x.Txid, y.Txid);
        }
    }
}
