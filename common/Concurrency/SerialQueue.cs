using System.Diagnostics.CodeAnalysis;

namespace Dash.Common.Concurrency;

/// <summary>
/// Runs posted work one after the other, in the order posted, while <see cref="RunAsync"/> runs. Posting is for any thread. A
/// thread that computes anyway (<see cref="WorkThread"/>) does its work itself when nobody else's is in line, and waits for its turn
/// without another thread between it and the queue's: waking each other would take as long as much of the work.
/// </summary>
/// <param name="capacity">At most so many pieces wait; posting more waits for room.</param>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore whose wait handle is never asked for holds nothing.")]
public sealed class SerialQueue(int capacity)
{
    // Who is within a piece waits for no other one: it might be in line behind this one.
    [ThreadStatic]
    private static bool _isWithin;

    private readonly SemaphoreSlim _room = new(capacity);
    private readonly object _gate = new(); // protects all below; the queue's thread waits on it
    private readonly Queue<Work> _work = new();
    private CancellationToken _ending;
    private bool _isRunning;
    private bool _isBusy; // with a piece, the queue's thread or who posted it
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
        var signal = WorkThread.IsHere && !_isWithin ? new ThreadSignal() : null;
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
        bool isOwn;
        lock (_gate)
        {
            if (_isOver)
            {
                _room.Release(); // also the next one shall hear of it
                throw new OperationCanceledException("The queue has ended.");
            }

            isOwn = signal is not null && _isRunning && !_isBusy && _work.Count == 0 && !_ending.IsCancellationRequested;
            if (isOwn)
            {
                _isBusy = true;
            }
            else
            {
                _work.Enqueue(piece);
                Monitor.Pulse(_gate);
            }
        }

        if (isOwn)
        {
            Do(piece, _ending); // set before the queue ran
        }
        else
        {
            signal?.Wait(Timeout.InfiniteTimeSpan);
        }

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

    private void Run(CancellationToken ct)
    {
        lock (_gate)
        {
            _ending = ct;
            _isRunning = true;
        }

        using (ct.UnsafeRegister(static queue => ((SerialQueue)queue!).Complete(), this)) // registered with it
        {
            while (Take() is { } piece)
            {
                Do(piece, ct);
            }
        }

        _room.Release(); // who waits for room hears that there will be none
    }

    // The thread is one that may wait for tasks, and the piece's turn has come.
    private void Do(Work piece, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            piece.Abandon();
        }
        else
        {
            ThreadTurns.Rest();
            _isWithin = true;
            piece.Run(ct).GetAwaiter().GetResult(); // never fails
            _isWithin = false;
            ThreadTurns.Rest();
        }

        lock (_gate)
        {
            _isBusy = false;
            if (_work.Count > 0 || _isOver)
            {
                Monitor.Pulse(_gate);
            }
        }

        piece.Done?.Set();
        _room.Release();
    }

    // The next piece, when nobody does another; null when there will be none.
    private Work? Take()
    {
        lock (_gate)
        {
            while (_isBusy || (_work.Count == 0 && !_isOver))
            {
                Monitor.Wait(_gate);
                ThreadTurns.NoteSleep();
            }

            _isBusy = _work.TryDequeue(out var piece);
            return piece;
        }
    }

    private sealed record Work(Func<CancellationToken, Task> Run, Action Abandon, ThreadSignal? Done);
}
