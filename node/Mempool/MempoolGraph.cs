using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>
/// Unconfirmed transactions and who spends whose outputs. Whoever holds it says which threads may use it: the mempool
/// changes one under its lock, a <see cref="MempoolView"/> never does.
/// </summary>
internal sealed class MempoolGraph
{
    private readonly Dictionary<Txid, MempoolEntry> _entries;
    private readonly Dictionary<OutPoint, Txid> _spenders;

    /// <summary>Without transactions.</summary>
    public MempoolGraph()
    {
        _entries = [];
        _spenders = [];
    }

    private MempoolGraph(MempoolGraph other)
    {
        _entries = new Dictionary<Txid, MempoolEntry>(other._entries);
        _spenders = new Dictionary<OutPoint, Txid>(other._spenders);
    }

    /// <summary>All transactions, in no order.</summary>
    public IReadOnlyCollection<MempoolEntry> Entries => _entries.Values;

    /// <summary>Transactions.</summary>
    public int Count => _entries.Count;

    /// <summary>A copy that doesn't follow.</summary>
    public MempoolGraph Copy() => new(this);

    /// <summary>Finds a transaction.</summary>
    public bool TryGet(Txid txid, [NotNullWhen(true)] out MempoolEntry? entry) => _entries.TryGetValue(txid, out entry);

    /// <summary>Whether a transaction is there.</summary>
    public bool Contains(Txid txid) => _entries.ContainsKey(txid);

    /// <summary>The transaction that spends an output, or null.</summary>
    public MempoolEntry? SpenderOf(OutPoint outPoint) =>
        _spenders.TryGetValue(outPoint, out var txid) ? _entries[txid] : null;

    /// <summary>Adds a transaction that conflicts with none.</summary>
    public void Add(MempoolEntry entry)
    {
        _entries.Add(entry.Txid, entry);
        foreach (var input in entry.Transaction.Inputs)
        {
            _spenders.Add(input.PreviousOutput, entry.Txid);
        }
    }

    /// <summary>Takes the place of the entry of the same transaction.</summary>
    public void Replace(MempoolEntry entry) => _entries[entry.Txid] = entry;

    /// <summary>Removes a transaction; its descendants stay.</summary>
    public void Remove(MempoolEntry entry)
    {
        _entries.Remove(entry.Txid);
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
            .Select(txid => _entries.GetValueOrDefault(txid))
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

    /// <summary>Sums over an entry and its ancestors.</summary>
    public MempoolPackage AncestorPackage(MempoolEntry entry) =>
        MempoolPackage.Of(AncestorsOf(entry.Transaction).Append(entry));

    /// <summary>Sums over an entry and its descendants.</summary>
    public MempoolPackage DescendantPackage(MempoolEntry entry) =>
        MempoolPackage.Of(DescendantsOf(entry.Transaction).Append(entry));

    /// <summary>Orders transactions so that each comes after those it spends.</summary>
    public IEnumerable<MempoolEntry> ParentsFirst(IEnumerable<MempoolEntry> entries) =>
        entries
            .Select(entry => (Entry: entry, AncestorsOf(entry.Transaction).Count))
            .OrderBy(static item => item.Count)
            .ThenBy(static item => item.Entry.Txid)
            .Select(static item => item.Entry);

    private static Dictionary<Txid, MempoolEntry>.ValueCollection Walk(
        Transaction start, Func<Transaction, IEnumerable<MempoolEntry>> next)
    {
        var found = new Dictionary<Txid, MempoolEntry>();
        var queue = new Queue<Transaction>([start]);
        while (queue.TryDequeue(out var transaction))
        {
            foreach (var entry in next(transaction))
            {
                if (found.TryAdd(entry.Txid, entry))
                {
                    queue.Enqueue(entry.Transaction);
                }
            }
        }

        return found.Values;
    }
}
