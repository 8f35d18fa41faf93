using System.Collections.Immutable;
using Dash.Common.Concurrency;
using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Ipc.Interfaces;
using Dash.Node.Chain;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>All subscriptions of other processes, and what the node asks of them together. Any thread.</summary>
internal sealed class ChainSubscribers(ChainEvents events, Clock clock, ILoggerFactory logs) : IAsyncDisposable
{
    // A subscriber that does not answer for so long is not waited for.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    private readonly ILogger _log = logs.CreateLogger(LogCategory.Ipc);
    private readonly Lock _gate = new(); // protects the two fields below
    private ImmutableDictionary<ChainSubscription, Task> _running = ImmutableDictionary<ChainSubscription, Task>.Empty;
    private bool _isClosed;

    /// <summary>Begins to tell a listener what happens.</summary>
    public ChainSubscription Add(IChainListener listener, EventStream<ChainEvent>.Reader reader)
    {
        ChainSubscription subscription = new(listener, reader, Remove, clock, _log);
        lock (_gate)
        {
            ObjectDisposedException.ThrowIf(_isClosed, this);
            _running = _running.Add(subscription, Task.Run(() => subscription.RunAsync(clock.MockTime)));
        }

        return subscription;
    }

    /// <summary>Returns when every subscriber was told all that happened so far, or does not answer.</summary>
    public async Task CaughtUpAsync(CancellationToken ct)
    {
        var sequence = events.Position.Sequence;
        using CancellationTokenSource patience = new(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        await Task.WhenAll(_running.Keys.Select(subscription => subscription.ReachedAsync(sequence, either.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Returns when every subscriber has the new mock time, or does not answer.</summary>
    public async Task AnnounceMockTimeAsync(long time, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        await Task.WhenAll(_running.Keys.Select(subscription => subscription.TellMockTimeAsync(time, either.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Brings what is scheduled in other processes nearer; returns when they did, or do not answer.</summary>
    public async Task AdvanceSchedulerAsync(TimeSpan span, CancellationToken ct)
    {
        using CancellationTokenSource patience = new(Patience, clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        await Task.WhenAll(_running.Keys.Select(subscription => subscription.AdvanceSchedulerAsync((long)span.TotalSeconds, either.Token)))
            .ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        ct.ThrowIfCancellationRequested();
    }

    /// <summary>Ends all subscriptions.</summary>
    public async ValueTask DisposeAsync()
    {
        ImmutableDictionary<ChainSubscription, Task> running;
        lock (_gate)
        {
            _isClosed = true;
            running = _running;
        }

        foreach (var (subscription, _) in running)
        {
            await subscription.DisposeAsync();
        }

        await Task.WhenAll(running.Values);
    }

    private void Remove(ChainSubscription subscription)
    {
        lock (_gate)
        {
            _running = _running.Remove(subscription);
        }
    }
}
