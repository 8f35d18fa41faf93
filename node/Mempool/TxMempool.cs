using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>
/// The transactions that wait for a block. Changed by the validation loop only; <see cref="View"/> is for any thread
/// and
/// waits for nothing longer than one change.
/// </summary>
internal sealed class TxMempool
{
    // Guards all fields below against readers that make a view; held for single changes only.
    private readonly Lock _gate = new();
    private readonly MempoolGraph _graph = new();
    private readonly Dictionary<Txid, Amount> _deltas = [];
    private readonly HashSet<Txid> _unbroadcast = [];
    private readonly ChainEvents _events;
    private readonly PolicySettings _settings;
    private readonly RollingMinimumFee _rollingFee;
    private long _size;
    private long _memory;
    private Amount _fees;
    private MempoolView? _view;

    /// <summary>An empty mempool that tells what happens to <paramref name="events"/>.</summary>
    public TxMempool(ChainEvents events, PolicySettings settings, Clock clock)
    {
        _events = events;
        _settings = settings;
        _rollingFee = new RollingMinimumFee(settings.IncrementalRelay, clock);
    }

    /// <summary>The mempool now. Any thread.</summary>
    public MempoolView View
    {
        get
        {
            lock (_gate)
            {
                return _view ??= new MempoolView(
                    _events.Position.Sequence,
                    _graph.Copy(),
                    _size,
                    _fees,
                    _memory,
                    new FeeRate(Math.Max(RollingFee.DuffsPerKb, _settings.MinRelay.DuffsPerKb)),
                    new HashSet<Txid>(_unbroadcast));
            }
        }
    }

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

    /// <summary>Adds a transaction that was accepted.</summary>
    public void Add(MempoolEntry entry)
    {
        lock (_gate)
        {
            _graph.Add(entry);
            Count(entry, 1);
        }

        _events.Publish(new ChainEvent.TransactionAdded(entry.Transaction, entry.Time));
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
    public void RemoveForBlock(Block block)
    {
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
                    RemoveWithDescendants(rival, TransactionRemovalReason.Conflict);
                }
            }

            lock (_gate)
            {
                _deltas.Remove(transaction.Txid);
            }
        }

        lock (_gate)
        {
            _rollingFee.BlockConnected();
            _view = null;
        }
    }

    /// <summary>Removes transactions that came before a time, with all that depends on them.</summary>
    /// <returns>How many went.</returns>
    public int Expire(long before)
    {
        var start = _graph.Count;
        foreach (var entry in _graph.Entries.Where(entry => entry.Time < before).ToArray())
        {
            if (_graph.Contains(entry.Txid))
            {
                RemoveWithDescendants(entry, TransactionRemovalReason.Expiry);
            }
        }

        return start - _graph.Count;
    }

    /// <summary>Evicts the packages that pay least until the memory limit is kept.</summary>
    public void TrimToSize()
    {
        while (_memory > _settings.MaxBytes && _graph.Count > 0)
        {
            var worst = _graph.Entries
                .Select(entry => (Entry: entry, Package: _graph.DescendantPackage(entry)))
                .Aggregate(static (left, right) => MempoolPackage.CompareRates(
                    right.Package.Fees, right.Package.Size, left.Package.Fees, left.Package.Size) < 0 ? right : left);
            _rollingFee.Raise(worst.Package);
            RemoveWithDescendants(worst.Entry, TransactionRemovalReason.SizeLimit);
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
            }

            _view = null;
        }
    }

    /// <summary>Notes a transaction as ours and not yet asked for by a peer.</summary>
    public void MarkUnbroadcast(Txid txid)
    {
        lock (_gate)
        {
            if (_graph.Contains(txid))
            {
                _unbroadcast.Add(txid);
                _view = null;
            }
        }
    }

    private void Remove(MempoolEntry entry, TransactionRemovalReason reason)
    {
        lock (_gate)
        {
            _graph.Remove(entry);
            _unbroadcast.Remove(entry.Txid);
            Count(entry, -1);
        }

        // A block tells of its transactions itself.
        if (reason != TransactionRemovalReason.Block)
        {
            _events.Publish(new ChainEvent.TransactionRemoved(entry.Transaction, reason));
        }
    }

    private void Count(MempoolEntry entry, int sign)
    {
        _size += sign * entry.VirtualSize;
        _memory += sign * entry.MemoryUsage;
        _fees += entry.Fee * sign;
        _view = null;
    }
}
