using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Mempool.Fees;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>
/// The transactions that wait for a block. Changed by the validation loop only; what says "any thread" waits for nothing
/// longer than one change.
/// </summary>
internal sealed class TxMempool
{
    // Guards all fields below against readers that make a view; held for single changes only.
    private readonly Lock _gate = new();
    private readonly MempoolGraph _graph = new();
    private readonly SortedSet<(long Time, Txid Txid)> _byTime = [];
    private readonly Dictionary<Txid, Amount> _deltas = [];
    private readonly HashSet<Txid> _unbroadcast = [];
    private readonly ChainEvents _events;
    private readonly PolicySettings _settings;
    private readonly RollingMinimumFee _rollingFee;
    private long _size;
    private long _memory;
    private Amount _fees;
    private ulong _nextChange = 1;
    private uint _updates = 1; // as Core: being made counts
    private MempoolView? _view;

    /// <summary>An empty mempool that tells what happens to <paramref name="events"/>.</summary>
    public TxMempool(ChainEvents events, PolicySettings settings, Clock clock)
    {
        _events = events;
        _settings = settings;
        _rollingFee = new RollingMinimumFee(settings.IncrementalRelay, clock);
    }

    /// <summary>The mempool now, all of it. Any thread.</summary>
    public MempoolView View
    {
        get
        {
            lock (_gate)
            {
                return _view ??= new MempoolView(
                    _events.Position.Sequence, _nextChange, _graph.Copy(), MakeSummary(), new HashSet<Txid>(_unbroadcast));
            }
        }
    }

    /// <summary>How full it is. Any thread.</summary>
    public MempoolSummary Summary
    {
        get
        {
            lock (_gate)
            {
                return MakeSummary();
            }
        }
    }

    /// <summary>Grows with everything that may change what the best block is. Any thread.</summary>
    public uint Updates => Volatile.Read(ref _updates);

    /// <summary>The fee deltas of transactions, also of those that are not here. Any thread.</summary>
    public IReadOnlyDictionary<Txid, Amount> CopyDeltas()
    {
        lock (_gate)
        {
            return new Dictionary<Txid, Amount>(_deltas);
        }
    }

    /// <summary>What blocks teach about fees. Asking is for any thread.</summary>
    public FeeEstimator Fees { get; } = new();

    /// <summary>The transactions. Validation loop only.</summary>
    public MempoolGraph Graph => _graph;

    /// <summary>What the mempool asks for since it was full; zero if it never was. Validation loop only.</summary>
    public FeeRate RollingFee => _rollingFee.At(_memory, _settings.MaxBytes);

    /// <summary>Memory taken, estimated, in bytes. Validation loop only.</summary>
    public long MemoryUsage => _memory;

    /// <summary>
    /// What the user pretends transactions pay in addition, also for those not here. Validation loop only.
    /// </summary>
    public IReadOnlyDictionary<Txid, Amount> FeeDeltas => _deltas;

    /// <summary>A transaction, or null. Any thread.</summary>
    public MempoolEntry? Find(Txid txid)
    {
        lock (_gate)
        {
            return _graph.TryGet(txid, out var entry) ? entry : null;
        }
    }

    /// <summary>The transaction that spends an output, or null. Any thread.</summary>
    public MempoolEntry? SpenderOf(OutPoint outPoint)
    {
        lock (_gate)
        {
            return _graph.SpenderOf(outPoint);
        }
    }

    /// <summary>Adds a transaction that was accepted.</summary>
    /// <param name="entry">The transaction.</param>
    /// <param name="teachesFees">Whether it is worth watching how long it waits.</param>
    public void Add(MempoolEntry entry, bool teachesFees)
    {
        ulong change;
        lock (_gate)
        {
            _graph.Add(entry);
            _byTime.Add((entry.Time, entry.Txid));
            Count(entry, 1);
            change = _nextChange++;
        }

        if (teachesFees)
        {
            Fees.Add(entry);
        }

        _events.Publish(new ChainEvent.TransactionAdded(entry.Transaction, entry.Time, change));
    }

    /// <summary>Removes a transaction and all that depends on it, the dependants first.</summary>
    public void RemoveWithDescendants(MempoolEntry entry, TransactionRemovalReason reason)
    {
        var doomed = _graph.ParentsFirst(_graph.DescendantsOf(entry.Transaction).Append(entry)).Reverse().ToArray();
        foreach (var one in doomed)
        {
            Remove(one, reason);
        }
    }

    /// <summary>Removes what a block brought, and what can no longer come because of it.</summary>
    public void RemoveForBlock(Block block, int height)
    {
        Fees.ProcessBlock(height, block.Transactions
            .Select(transaction => _graph.TryGet(transaction.Txid, out var entry) ? entry : null)
            .OfType<MempoolEntry>());
        foreach (var transaction in block.Transactions)
        {
            if (_graph.TryGet(transaction.Txid, out var entry))
            {
                Remove(entry, TransactionRemovalReason.Block);
            }

            foreach (var input in transaction.Inputs)
            {
                if (_graph.SpenderOf(input.PreviousOutput) is { } rival)
                {
                    ClearDelta(rival.Txid);
                    RemoveWithDescendants(rival, TransactionRemovalReason.Conflict);
                }
            }

            ClearDelta(transaction.Txid);
        }

        lock (_gate)
        {
            _rollingFee.BlockConnected();
            _updates++;
            _view = null;
        }
    }

    /// <summary>Removes transactions that came before a time, with all that depends on them.</summary>
    /// <returns>How many went.</returns>
    public int Expire(long before)
    {
        var start = _graph.Count;
        while (_byTime.Count > 0 && _byTime.Min is var oldest && oldest.Time < before
            && _graph.TryGet(oldest.Txid, out var entry))
        {
            RemoveWithDescendants(entry, TransactionRemovalReason.Expiry);
        }

        return start - _graph.Count;
    }

    /// <summary>Evicts the packages that pay least until the memory limit is kept.</summary>
    public void TrimToSize()
    {
        while (_memory > _settings.MaxBytes && _graph.Cheapest() is { } worst)
        {
            _rollingFee.Raise(_graph.DescendantPackage(worst));
            RemoveWithDescendants(worst, TransactionRemovalReason.SizeLimit);
        }
    }

    /// <summary>Pretends that a transaction pays more or less; adds up.</summary>
    public void Prioritise(Txid txid, Amount delta)
    {
        lock (_gate)
        {
            var total = _deltas.GetValueOrDefault(txid) + delta;
            _deltas[txid] = total;
            if (total.IsZero)
            {
                _deltas.Remove(txid);
            }

            if (_graph.TryGet(txid, out var entry))
            {
                _graph.Replace(entry with { FeeDelta = total });
                _updates++;
            }

            _view = null;
        }
    }

    /// <summary>Told of transactions of ours that are no longer offered, and whether a peer asked for them. Must be quick.</summary>
    public Action<Txid, bool>? UnbroadcastForgotten { get; set; }

    /// <summary>Notes a transaction as ours and not yet asked for by a peer. Any thread.</summary>
    public void MarkUnbroadcast(Txid txid)
    {
        lock (_gate)
        {
            if (_graph.Contains(txid) && _unbroadcast.Add(txid))
            {
                _view = null;
            }
        }
    }

    /// <summary>A peer has asked for a transaction of ours, so it is on its way. Any thread.</summary>
    public void ForgetUnbroadcast(Txid txid)
    {
        lock (_gate)
        {
            if (_unbroadcast.Remove(txid))
            {
                UnbroadcastForgotten?.Invoke(txid, true);
                _view = null;
            }
        }
    }

    /// <summary>Transactions of ours that no peer has asked for yet. Any thread.</summary>
    public IReadOnlyList<Txid> CopyUnbroadcast()
    {
        lock (_gate)
        {
            return [.. _unbroadcast];
        }
    }

    private MempoolSummary MakeSummary() => new(
        _graph.Count,
        _size,
        _fees,
        _memory,
        FeeRate.Max(RollingFee, _settings.MinRelay),
        _unbroadcast.Count);

    private void ClearDelta(Txid txid)
    {
        lock (_gate)
        {
            _deltas.Remove(txid);
        }
    }

    private void Remove(MempoolEntry entry, TransactionRemovalReason reason)
    {
        ulong change;
        lock (_gate)
        {
            _graph.Remove(entry);
            _byTime.Remove((entry.Time, entry.Txid));
            if (_unbroadcast.Remove(entry.Txid))
            {
                UnbroadcastForgotten?.Invoke(entry.Txid, false);
            }

            Count(entry, -1);
            change = _nextChange++; // also for one that a block takes, as in Core
        }

        Fees.Remove(entry.Txid);

        // A block tells of its transactions itself.
        if (reason != TransactionRemovalReason.Block)
        {
            _events.Publish(new ChainEvent.TransactionRemoved(entry.Transaction, reason, change));
        }
    }

    private void Count(MempoolEntry entry, int sign)
    {
        _size += sign * entry.VirtualSize;
        _memory += sign * entry.MemoryUsage;
        _fees += entry.Fee * sign;
        _updates++;
        _view = null;
    }
}
