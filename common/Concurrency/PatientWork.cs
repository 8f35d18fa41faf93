namespace Dash.Common.Concurrency;

/// <summary>
/// Does work that can wait, a piece after the other: on one thread for all that is asked of it, which has only
/// <see cref="SpareTime"/> while calls come in. The thread comes with the first piece and goes when there was none for a moment. Any
/// thread; nothing that others wait for belongs here, and no piece should take longer than some ten milliseconds.
/// </summary>
/// <param name="name">What the thread is called.</param>
public sealed class PatientWork(string name)
{
    // Long enough for the next piece of the same work; short, as the thread may have begun to be patient when others were waited for.
    private static readonly TimeSpan Linger = TimeSpan.FromMilliseconds(100);

    private readonly object _gate = new(); // protects all below; the thread waits on it
    private readonly Queue<Action> _pieces = new();
    private bool _hasThread;

    /// <summary>Does a piece in its turn.</summary>
    /// <param name="piece">The piece. Never waits.</param>
    /// <param name="ct">Gives up the turn, if it has not come.</param>
    /// <returns>Ends as the piece ends: with its result or failure, or cancelled.</returns>
    public Task<T> RunAsync<T>(Func<T> piece, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(piece);
        TaskCompletionSource<T> done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            _pieces.Enqueue(() => Do(piece, done, ct));
            if (_hasThread)
            {
                Monitor.Pulse(_gate);
                return done.Task;
            }

            _hasThread = true;
        }

        _ = WorkThread.RunAsync(name, Step, static () => true); // never fails: each piece's failure is its own
        return done.Task;
    }

    private static void Do<T>(Func<T> piece, TaskCompletionSource<T> done, CancellationToken ct)
    {
        if (ct.IsCancellationRequested)
        {
            done.SetCanceled(ct);
            return;
        }

        try
        {
            done.SetResult(piece());
        }
        catch (OperationCanceledException e)
        {
            done.SetCanceled(e.CancellationToken);
        }
        catch (Exception e)
        {
            done.SetException(e); // whoever awaits it handles it
        }
    }

    private bool Step()
    {
        Action? piece;
        lock (_gate)
        {
            if (_pieces.Count == 0)
            {
                Monitor.Wait(_gate, Linger);
            }

            _hasThread = _pieces.TryDequeue(out piece);
        }

        piece?.Invoke();
        return piece is not null;
    }
}
