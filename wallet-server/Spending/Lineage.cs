using System.Collections.Immutable;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>
/// How long the unconfirmed chains behind a transaction are, as far as the wallet's own transactions tell, and the node where it
/// was asked. One selection's memory; not for two threads.
/// </summary>
internal sealed class Lineage
{
    private readonly WalletSnapshot _snapshot;
    private readonly ImmutableDictionary<Txid, ChainLength> _told;
    private readonly Dictionary<Txid, ChainLength> _known = [];
    private readonly Dictionary<Txid, List<Txid>> _children = [];

    /// <summary>Looks at the pending transactions of a snapshot.</summary>
    /// <param name="snapshot">The snapshot.</param>
    /// <param name="told">What the node said of some of them: it knows those of others, too.</param>
    public Lineage(WalletSnapshot snapshot, ImmutableDictionary<Txid, ChainLength> told)
    {
        _snapshot = snapshot;
        _told = told;
        foreach (var pending in snapshot.Pending.Values)
        {
            foreach (var input in pending.Tx.Tx.Inputs)
            {
                if (snapshot.Pending.ContainsKey(input.PreviousOutput.Txid))
                {
                    if (!_children.TryGetValue(input.PreviousOutput.Txid, out var children))
                    {
                        _children.Add(input.PreviousOutput.Txid, children = []);
                    }

                    children.Add(pending.Tx.Txid);
                }
            }
        }
    }

    /// <summary>How many unconfirmed transactions one that spends from all of these would build on.</summary>
    public int AncestorsOf(IEnumerable<Txid> parents) =>
        parents.Where(parent => _snapshot.Pending.ContainsKey(parent)).SelectMany(parent => Reach(parent, ParentsOf)).Distinct().Count();

    /// <summary>
    /// Unconfirmed ancestors (itself included) and most descendants of any of them (itself included). Zero for what is in a block.
    /// </summary>
    public ChainLength Of(Txid txid)
    {
        if (!_snapshot.Pending.ContainsKey(txid))
        {
            return default;
        }

        if (_known.TryGetValue(txid, out var known))
        {
            return known;
        }

        var ancestors = Reach(txid, ParentsOf);
        var descendants = ancestors.Max(ancestor => Reach(ancestor, at => _children.GetValueOrDefault(at) ?? []).Count);
        var told = _told.GetValueOrDefault(txid);
        return _known[txid] = new ChainLength(Math.Max(ancestors.Count, told.Ancestors), Math.Max(descendants, told.Descendants));
    }

    private IEnumerable<Txid> ParentsOf(Txid txid) => _snapshot.Pending.TryGetValue(txid, out var pending)
        ? pending.Tx.Tx.Inputs.Select(static input => input.PreviousOutput.Txid).Where(parent => _snapshot.Pending.ContainsKey(parent))
        : [];

    private static HashSet<Txid> Reach(Txid first, Func<Txid, IEnumerable<Txid>> next)
    {
        var reached = new HashSet<Txid> { first };
        var todo = new Stack<Txid>([first]);
        while (todo.TryPop(out var txid))
        {
            foreach (var neighbour in next(txid))
            {
                if (reached.Add(neighbour))
                {
                    todo.Push(neighbour);
                }
            }
        }

        return reached;
    }
}
