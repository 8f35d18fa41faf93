using Dash.Common.Time;
using Dash.Primitives.Transactions;

namespace Dash.Node.Net.Relay;

/// <summary>Transactions that were announced in the last quarter of an hour: they are served also when they have left the mempool. Message loop only.</summary>
internal sealed class RelayCache(Clock clock)
{
    private const long KeepSeconds = 15 * 60;

    private readonly Dictionary<Txid, Transaction> _transactions = [];
    private readonly Queue<(long Expiry, Txid Txid)> _expiry = new();

    /// <summary>Adds one.</summary>
    public void Add(Transaction transaction)
    {
        var now = clock.UnixSeconds;
        while (_expiry.TryPeek(out var oldest) && oldest.Expiry < now)
        {
            _expiry.Dequeue();
            _transactions.Remove(oldest.Txid);
        }

        if (_transactions.TryAdd(transaction.Txid, transaction))
        {
            _expiry.Enqueue((now + KeepSeconds, transaction.Txid));
        }
    }

    /// <summary>Finds one.</summary>
    public Transaction? Find(Txid txid) => _transactions.GetValueOrDefault(txid);
}
