using Dash.Common.Time;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// What a node told and nobody has looked at yet. The node is answered at once; when too much waits, all of it is dropped
/// and the reader is told that it is behind. One reader; the node's calls come one at a time.
/// </summary>
/// <param name="clock">Follows the node's mock time, which must be in force when the node is answered.</param>
/// <param name="wake">Called when something was added.</param>
/// <param name="maxBytes">More than this does not wait.</param>
internal sealed class EventQueue(Clock clock, Action wake, long maxBytes = EventQueue.DefaultMaxBytes) : IChainListener
{
    /// <summary>A few dozen full blocks: more are better pulled in batches.</summary>
    public const long DefaultMaxBytes = 64L << 20;

    // What mockscheduler takes at most, seconds.
    private const long MaxAdvance = 3600;

    private readonly Lock _gate = new(); // protects the fields below
    private readonly Queue<ChainEvent> _events = new();
    private long _bytes;

    private bool _hasEnded; // any thread reads it

    /// <summary>Brings what is scheduled here nearer, when the node says so.</summary>
    public Action<TimeSpan> AdvanceScheduler { get; init; } = static _ => { };

    /// <summary>Takes the next event if it passes the test.</summary>
    public bool TryTake(Func<ChainEvent, bool> isWanted, out ChainEvent? item)
    {
        lock (_gate)
        {
            if (!_events.TryPeek(out item) || !isWanted(item))
            {
                item = null;
                return false;
            }

            _events.Dequeue();
            _bytes -= item.Size;
            return true;
        }
    }

    /// <inheritdoc/>
    public ValueTask BlockConnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) =>
        Add(new ChainEvent.Connected(sequence, block));

    /// <inheritdoc/>
    public ValueTask BlockDisconnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) =>
        Add(new ChainEvent.Disconnected(sequence, block));

    /// <inheritdoc/>
    public ValueTask TransactionAddedAsync(ulong sequence, ReadOnlyMemory<byte> tx, CancellationToken ct) =>
        Add(new ChainEvent.Added(sequence, tx));

    /// <inheritdoc/>
    public ValueTask TransactionRemovedAsync(ulong sequence, Txid txid, string reason, CancellationToken ct) =>
        Add(new ChainEvent.Removed(sequence, txid, reason));

    /// <inheritdoc/>
    public ValueTask TransactionLockedAsync(ulong sequence, Txid txid, CancellationToken ct) =>
        Add(new ChainEvent.TransactionLocked(sequence, txid));

    /// <inheritdoc/>
    public ValueTask ChainLockedAsync(ulong sequence, BlockRef block, CancellationToken ct) =>
        Add(new ChainEvent.ChainLocked(sequence, block));

    /// <inheritdoc/>
    public ValueTask BehindAsync(ulong sequence, CancellationToken ct) => Add(new ChainEvent.Behind(sequence));

    /// <inheritdoc/>
    public ValueTask MockTimeChangedAsync(long time, CancellationToken ct)
    {
        clock.SetMockTime(time);
        return ValueTask.CompletedTask;
    }

    /// <inheritdoc/>
    public ValueTask SchedulerAdvancedAsync(long seconds, CancellationToken ct)
    {
        AdvanceScheduler(TimeSpan.FromSeconds(Math.Clamp(seconds, 0, MaxAdvance)));
        return ValueTask.CompletedTask;
    }

    /// <summary>The node has let go of the queue: nothing comes any more.</summary>
    public bool HasEnded => Volatile.Read(ref _hasEnded);

    /// <inheritdoc/>
    public ValueTask DisposeAsync()
    {
        Volatile.Write(ref _hasEnded, true);
        wake();
        return ValueTask.CompletedTask;
    }

    private ValueTask Add(ChainEvent item)
    {
        lock (_gate)
        {
            if (_bytes + item.Size > maxBytes)
            {
                _events.Clear();
                _bytes = 0;
                item = new ChainEvent.Behind(item.Sequence);
            }

            _events.Enqueue(item with { ArrivedAt = clock.UnixSeconds });
            _bytes += item.Size;
        }

        wake();
        return ValueTask.CompletedTask;
    }
}
