using Dash.Common.Concurrency;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Node.Chain;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>
/// Tells one listener of another process what happens, in order, one event at a time. A listener that falls behind is told
/// so once and pulls what it missed; one whose process has too much to do at the moment is told again later; a listener that fails is
/// dropped, upon which it may subscribe again. The chain never waits for any of this.
/// </summary>
internal sealed class ChainSubscription : IHandler
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan LongestPause = TimeSpan.FromMilliseconds(100);

    private readonly IChainListener _listener;
    private readonly EventStream<ChainEvent>.Reader _events;
    private readonly Action<ChainSubscription> _ended;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop = new();
    private TaskCompletionSource _progress = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private ulong _delivered;

    public ChainSubscription(
        IChainListener listener, EventStream<ChainEvent>.Reader events, Action<ChainSubscription> ended, TimeProvider time, ILogger log)
    {
        _listener = listener;
        _events = events;
        _ended = ended;
        _time = time;
        _log = log;
        StartedAfter = events.Position;
        _delivered = StartedAfter;
    }

    /// <summary>The event before the first one that is delivered.</summary>
    public ulong StartedAfter { get; }

    /// <summary>Delivers until the subscription ends.</summary>
    /// <param name="mockTime">The node's mock time if it has one, told first.</param>
    public async Task RunAsync(long mockTime)
    {
        try
        {
            if (mockTime != 0)
            {
                await PersistAsync(() => _listener.MockTimeChangedAsync(mockTime, _stop.Token), _stop.Token);
            }

            while (await _events.ReadAsync(_stop.Token) is { } item)
            {
                await PersistAsync(() => DeliverAsync(item), _stop.Token);
                Volatile.Write(ref _delivered, item.Sequence);
                Interlocked.Exchange(ref _progress, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // Disconnected on purpose.
        }
        catch (IpcException gone) when (gone.Kind == IpcErrorKind.Disconnected)
        {
            Log.SubscriberLost(_log, gone.Message);
        }
        catch (Exception e)
        {
            Log.SubscriberDropped(_log, e.Message);
        }
        finally
        {
            await _stop.CancelAsync();
            _ended(this);
            await _listener.DisposeAsync();
        }
    }

    /// <summary>Returns when the event of that number was delivered, or the subscription has ended.</summary>
    public async Task ReachedAsync(ulong sequence, CancellationToken ct)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, _stop.Token);
        while (Volatile.Read(ref _delivered) < sequence && !_stop.IsCancellationRequested)
        {
            // The signal is taken before the number is looked at again, so no progress is missed.
            var progress = Volatile.Read(ref _progress).Task;
            if (Volatile.Read(ref _delivered) < sequence)
            {
                await progress.WaitAsync(either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                ct.ThrowIfCancellationRequested();
            }
        }
    }

    /// <summary>Tells the listener a new mock time; a listener that is gone is no failure.</summary>
    public Task TellMockTimeAsync(long time, CancellationToken ct) => TellAsync(() => _listener.MockTimeChangedAsync(time, ct), ct);

    /// <summary>Brings what the listener has scheduled nearer; a listener that is gone is no failure.</summary>
    public Task AdvanceSchedulerAsync(long seconds, CancellationToken ct) =>
        TellAsync(() => _listener.SchedulerAdvancedAsync(seconds, ct), ct);

    // A process that has as many calls at once as it allows has heard nothing of this one. Its users' calls count, too, and some of them
    // end soon. What happens meanwhile waits, or the listener is told that it is behind.
    private async Task PersistAsync(Func<ValueTask> tell, CancellationToken ct)
    {
        for (var pause = FirstPause; ; pause = pause * 2 < LongestPause ? pause * 2 : LongestPause)
        {
            try
            {
                await tell();
                return;
            }
            catch (IpcException busy) when (busy is { Kind: IpcErrorKind.Overloaded, IsRemote: true })
            {
                await Task.Delay(pause, _time, ct);
            }
        }
    }

    private async Task TellAsync(Func<ValueTask> tell, CancellationToken ct)
    {
        try
        {
            await PersistAsync(tell, ct);
        }
        catch (IpcException e)
        {
            Log.SubscriberLost(_log, e.Message);
        }
    }

    /// <inheritdoc/>
    public ValueTask DisconnectAsync(CancellationToken ct) => DisposeAsync();

    /// <inheritdoc/>
    public async ValueTask DisposeAsync() => await _stop.CancelAsync();

    private ValueTask DeliverAsync(StreamItem<ChainEvent> item) => item.IsLagged
        ? _listener.BehindAsync(item.Sequence, _stop.Token)
        : item.Event switch
        {
            ChainEvent.BlockConnected news => _listener.BlockConnectedAsync(item.Sequence, FeedBlocks.Of(news.Node, news.Data), _stop.Token),
            ChainEvent.BlockDisconnected news => _listener.BlockDisconnectedAsync(item.Sequence, FeedBlocks.Of(news.Node, news.Data), _stop.Token),
            ChainEvent.TransactionAdded news => _listener.TransactionAddedAsync(item.Sequence, news.Transaction.ToBytes(), _stop.Token),
            ChainEvent.TransactionRemoved news => _listener.TransactionRemovedAsync(
                item.Sequence, news.Transaction.Txid, ReasonOf(news.Reason), _stop.Token),
            ChainEvent.TransactionLocked news => _listener.TransactionLockedAsync(item.Sequence, news.Txid, _stop.Token),
            ChainEvent.ChainLocked news => _listener.ChainLockedAsync(item.Sequence, FeedBlocks.RefOf(news.Node), _stop.Token),
            _ => throw new InvalidOperationException($"No message for {item.Event}"),
        };

    // Core's words for the reasons.
    private static string ReasonOf(TransactionRemovalReason reason) => reason switch
    {
        TransactionRemovalReason.Expiry => "expiry",
        TransactionRemovalReason.SizeLimit => "sizelimit",
        TransactionRemovalReason.Reorg => "reorg",
        TransactionRemovalReason.Block => "block",
        TransactionRemovalReason.Conflict => "conflict",
        _ => "manual",
    };
}
