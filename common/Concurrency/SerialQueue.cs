using System.Diagnostics.CodeAnalysis;

namespace Dash.Common.Concurrency;

/// <summary>
/// Runs posted work one after the other, in the order posted, inside <see cref="RunAsync"/>. Posting is for any thread. A
/// thread that may wait (<see cref="WorkThread"/>) and the queue's wake each other directly.
/// </summary>
/// <param name="capacity">At most so many pieces wait; posting more waits for room.</param>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore whose wait handle is never asked for holds nothing.")]
public sealed class SerialQueue(int capacity)
{
    private readonly SemaphoreSlim _room = new(capacity);
    private readonly object _gate = new(); // protects the two below; the queue's thread waits on it
    private readonly Queue<Work> _work = new();
    private bool _isOver;

    /// <summary>Pieces of work that wait.</summary>
    public int Count
    {
        get
        {
            lock (_gate) return _work.Count;
        }
    }

    /// <summary>Runs <paramref name="work"/> in its turn and returns its result or failure.</summary>
    /// <param name="work">Gets the token of the queue, not of the caller: what has begun is not abandoned.</param>
    /// <param name="ct">Gives up the place in the queue, if it has not begun.</param>
    /// <exception cref="OperationCanceledException">The caller gave up, or the queue has ended.</exception>
    public async Task<TResult> PostAsync<TResult>(Func<CancellationToken, ValueTask<TResult>> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        await _room.WaitAsync(ct).ConfigureAwait(false);
        var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
        var signal = WorkThread.IsHere ? new ThreadSignal() : null;
        var piece = new Work(
            async token =>
            {
                if (ct.IsCancellationRequested)
                {
                    done.TrySetCanceled(ct);
                    return;
                }

                try
                {
                    done.TrySetResult(await work(token).ConfigureAwait(false));
                }
                catch (OperationCanceledException e)
                {
                    done.TrySetCanceled(e.CancellationToken);
                }
                catch (Exception e)
                {
                    done.TrySetException(e); // the poster's to handle
                }
            },
            () => done.TrySetCanceled(CancellationToken.None),
            signal);
        lock (_gate)
        {
            if (_isOver)
            {
                _room.Release(); // also the next one shall hear of it
                throw new OperationCanceledException("The queue has ended.");
            }

            _work.Enqueue(piece);
            Monitor.Pulse(_gate);
        }

        signal?.Wait(Timeout.InfiniteTimeSpan);
        return await done.Task.ConfigureAwait(false);
    }

    /// <summary>Runs <paramref name="work"/> in its turn.</summary>
    public Task PostAsync(Func<CancellationToken, ValueTask> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        return PostAsync(
            async token =>
            {
                await work(token).ConfigureAwait(false);
                return true;
            },
            ct);
    }

    /// <summary>Takes no more work; <see cref="RunAsync"/> returns when what waits is done.</summary>
    public void Complete()
    {
        lock (_gate)
        {
            _isOver = true;
            Monitor.Pulse(_gate);
        }
    }

    /// <summary>
    /// Runs the work on a thread of its own until cancelled or complete; what still waits when cancelled is cancelled.
    /// </summary>
    /// <param name="threadName">What the thread is called.</param>
    /// <param name="ct">Ends it.</param>
    public Task RunAsync(string threadName, CancellationToken ct) => WorkThread.RunAsync(threadName, () => Run(ct));

    // The thread is ours: it may wait for tasks.
    private void Run(CancellationToken ct)
    {
        using (ct.UnsafeRegister(static queue => ((SerialQueue)queue!).Complete(), this)) // registered with it
        {
            while (Take() is { } piece)
            {
                if (ct.IsCancellationRequested)
                {
                    piece.Abandon();
                }
                else
                {
                    piece.Run(ct).GetAwaiter().GetResult();
                }

                piece.Done?.Set();
                _room.Release();
            }
        }

        _room.Release(); // who waits for room hears that there will be none
    }

    // The next piece; null when there will be none.
    private Work? Take()
    {
        lock (_gate)
        {
            while (_work.Count == 0 && !_isOver)
            {
                Monitor.Wait(_gate);
            }

            return _work.TryDequeue(out var piece) ? piece : null;
        }
    }

    private sealed record Work(Func<CancellationToken, Task> Run, Action Abandon, ThreadSignal? Done);
}
