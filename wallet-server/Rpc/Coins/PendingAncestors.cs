using Dash.Ipc.Capabilities;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;

namespace Dash.WalletServer.Rpc.Coins;

/// <summary>Transactions in the mempool that must be confirmed before one can be, itself among them.</summary>
/// <param name="Count">How many.</param>
/// <param name="Size">Their bytes.</param>
/// <param name="Fees">Their fees.</param>
internal readonly record struct Ancestry(int Count, long Size, Amount Fees);

/// <summary>
/// The ancestors of pending transactions: what the node says; without one, what the wallet itself can tell, exact where it
/// made all of them. Of payments of others it knows neither the fee nor what they hang on, and says nothing. One call's.
/// </summary>
internal sealed class PendingAncestors
{
    private readonly WalletSnapshot _snapshot;
    private readonly Dictionary<Txid, Ancestry>? _told;

    private PendingAncestors(WalletSnapshot snapshot, Dictionary<Txid, Ancestry>? told)
    {
        _snapshot = snapshot;
        _told = told;
    }

    /// <summary>Asks the node, if there is one, about these transactions.</summary>
    public static async Task<PendingAncestors> AskAsync(
        NodeSession? session, WalletSnapshot snapshot, IEnumerable<Txid> pending, CancellationToken ct)
    {
        Txid[] txids = [.. pending.Distinct()];
        if (session is null || txids.Length == 0)
        {
            return new PendingAncestors(snapshot, null);
        }

        try
        {
            var answers = await session.Feed.RelativesAsync(
                [.. txids.Select(static txid => (ReadOnlyMemory<byte>)txid.Value.ToArray())], ct).ConfigureAwait(false);
            return new PendingAncestors(snapshot, txids.Zip(answers)
                .Where(static pair => pair.Second.Ancestors > 0)
                .ToDictionary(
                    static pair => pair.First,
                    static pair => new Ancestry(checked((int)pair.Second.Ancestors), pair.Second.AncestorSize, pair.Second.AncestorFees)));
        }
        catch (IpcException)
        {
            return new PendingAncestors(snapshot, null); // it is going
        }
    }

    /// <summary>The ancestors of a pending transaction; null where nobody knows all about them.</summary>
    public Ancestry? Of(Txid txid)
    {
        if (_told is not null)
        {
            return _told.TryGetValue(txid, out var told) ? told : null;
        }

        var reached = new HashSet<Txid>();
        var todo = new Stack<Txid>([txid]);
        var sum = default(Ancestry);
        while (todo.TryPop(out var next))
        {
            if (!reached.Add(next) || _snapshot.Pending.Find(next) is not { } pending)
            {
                continue;
            }

            if (!pending.AllInputsMine)
            {
                return null;
            }

            var fee = pending.Debit - pending.Tx.Tx.OutputValue;
            sum = new Ancestry(sum.Count + 1, sum.Size + pending.Tx.Tx.Size, sum.Fees + fee);
            foreach (var input in pending.Tx.Tx.Inputs)
            {
                todo.Push(input.PreviousOutput.Txid);
            }
        }

        return sum.Count > 0 ? sum : null;
    }
}
