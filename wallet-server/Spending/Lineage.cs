using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Spending;

/// <summary>
/// How long the unconfirmed chains behind a transaction are, as far as the wallet's own transactions tell. One
/// selection's memory; not for two threads.
/// </summary>
internal sealed class Lineage
{
    private readonly WalletSnapshot _snapshot;
    private readonly Dictionary<Txid, (int Ancestors, int Descendants)> _known = [];
    private readonly Dictionary<Txid, List<Txid>> _children = [];

    /// <summary>Looks at the pending transactions of a snapshot.</summary>
    public Lineage(WalletSnapshot snapshot)
    {
        _snapshot = snapshot;
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
    public (int Ancestors, int Descendants) Of(Txid txid)
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
        return _known[txid] = (ancestors.Count, descendants);
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
