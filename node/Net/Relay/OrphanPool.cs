using System.Security.Cryptography;
using Dash.Common.Logging;
using Dash.Node.Net.Peers;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Relay;

/// <summary>Transactions of peers that spend what is not known yet. Bounded in bytes and time. Message loop only.</summary>
internal sealed class OrphanPool(long maxBytes, ILoggerFactory logs)
{
    private const int MaxTransaction = 100_000;
    private const long ExpirySeconds = 20 * 60;
    private const long SweepSeconds = 5 * 60;

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Mempool);
    private readonly Dictionary<Txid, Orphan> _orphans = [];
    private readonly List<Txid> _order = [];
    private readonly Dictionary<OutPoint, HashSet<Txid>> _spenders = [];
    private readonly Dictionary<long, SortedSet<Txid>> _work = [];
    private long _bytes;
    private long _nextSweep;

    /// <summary>How many there are.</summary>
    public int Count => _orphans.Count;

    /// <summary>Whether a transaction is here.</summary>
    public bool Contains(Txid txid) => _orphans.ContainsKey(txid);

    /// <summary>Adds one.</summary>
    /// <returns>False if it is here, or too large to wait.</returns>
    public bool Add(Transaction transaction, Peer peer, long now)
    {
        var txid = transaction.Txid;
        if (_orphans.ContainsKey(txid))
        {
            return false;
        }

        if (transaction.Size > MaxTransaction)
        {
            Log.LargeOrphan(_log, transaction.Size, txid);
            return false;
        }

        _orphans.Add(txid, new Orphan(transaction, peer, now + ExpirySeconds, _order.Count));
        _order.Add(txid);
        foreach (var input in transaction.Inputs)
        {
            if (!_spenders.TryGetValue(input.PreviousOutput, out var spenders))
            {
                _spenders.Add(input.PreviousOutput, spenders = []);
            }

            spenders.Add(txid);
        }

        _bytes += transaction.Size;
        Log.OrphanStored(_log, txid, _orphans.Count, _spenders.Count);
        return true;
    }

    /// <summary>Removes one, if it is here.</summary>
    public bool Remove(Txid txid)
    {
        if (!_orphans.Remove(txid, out var orphan))
        {
            return false;
        }

        foreach (var input in orphan.Transaction.Inputs)
        {
            if (_spenders.TryGetValue(input.PreviousOutput, out var spenders) && spenders.Remove(txid) && spenders.Count == 0)
            {
                _spenders.Remove(input.PreviousOutput);
            }
        }

        // The last takes its place, so that a random one is found at once.
        var last = _order[^1];
        _order[orphan.Place] = last;
        _order.RemoveAt(_order.Count - 1);
        if (last != txid)
        {
            _orphans[last] = _orphans[last] with { Place = orphan.Place };
        }

        _bytes -= orphan.Transaction.Size;
        return true;
    }

    /// <summary>Removes those of a peer that is gone.</summary>
    public void RemoveOf(Peer peer)
    {
        _work.Remove(peer.Id);
        var erased = _orphans.Where(pair => pair.Value.Peer == peer).Select(static pair => pair.Key).ToArray().Count(Remove);
        if (erased > 0)
        {
            Log.OrphansOfPeer(_log, erased, peer.Id);
        }
    }

    /// <summary>Removes what waited too long, and some at random while there are too many.</summary>
    public void Limit(long now)
    {
        if (_nextSweep <= now)
        {
            var expired = _orphans.Where(pair => pair.Value.Expiry <= now).Select(static pair => pair.Key).ToArray().Count(Remove);
            _nextSweep = _orphans.Values.Select(static orphan => orphan.Expiry).Append(now + ExpirySeconds - SweepSeconds).Min() + SweepSeconds;
            if (expired > 0)
            {
                Log.OrphansExpired(_log, expired);
            }
        }

        var evicted = 0;
        while (_bytes > maxBytes && _order.Count > 0)
        {
            Remove(_order[RandomNumberGenerator.GetInt32(_order.Count)]);
            evicted++;
        }

        if (evicted > 0)
        {
            Log.OrphansOverflow(_log, evicted);
        }
    }

    /// <summary>Notes that those who spend a transaction are worth another try.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="owner">On whose account: a peer's number, or -1.</param>
    public void AddChildrenToWork(Transaction transaction, long owner)
    {
        for (var i = 0; i < transaction.Outputs.Length; i++)
        {
            if (_spenders.TryGetValue(new OutPoint(transaction.Txid, (uint)i), out var spenders))
            {
                if (!_work.TryGetValue(owner, out var work))
                {
                    _work.Add(owner, work = []);
                }

                work.UnionWith(spenders);
            }
        }
    }

    /// <summary>Whether there is something to try again.</summary>
    public bool HasWork(long owner) => _work.TryGetValue(owner, out var work) && work.Count > 0;

    /// <summary>Takes what is to be tried again.</summary>
    public Transaction? TakeWork(long owner, out Peer? from)
    {
        from = null;
        if (!_work.TryGetValue(owner, out var work))
        {
            return null;
        }

        while (work.Count > 0)
        {
            var txid = work.Min;
            work.Remove(txid);
            if (_orphans.TryGetValue(txid, out var orphan))
            {
                from = orphan.Peer;
                return orphan.Transaction;
            }
        }

        _work.Remove(owner);
        return null;
    }

    /// <summary>Removes what spends the same coins as transactions of a block.</summary>
    public void RemoveForBlock(IEnumerable<Transaction> transactions)
    {
        var doomed = transactions
            .SelectMany(static transaction => transaction.Inputs)
            .SelectMany(input => _spenders.GetValueOrDefault(input.PreviousOutput) ?? [])
            .ToHashSet();
        var erased = doomed.Count(Remove);
        if (erased > 0)
        {
            Log.OrphansInBlock(_log, erased);
        }
    }

    private sealed record Orphan(Transaction Transaction, Peer Peer, long Expiry, int Place);
}
