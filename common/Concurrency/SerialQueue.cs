using System.Threading.Channels;

namespace Dash.Common.Concurrency;

/// <summary>
/// Runs posted work one after the other, in the order posted, inside <see cref="RunAsync"/>. Posting is for any thread.
/// </summary>
public sealed class SerialQueue
{
    private readonly Channel<Work> _work;

    /// <summary>A queue in which at most <paramref name="capacity"/> pieces wait; posting more waits for room.</summary>
    public SerialQueue(int capacity) =>
        _work = Channel.CreateBounded<Work>(new BoundedChannelOptions(capacity) { SingleReader = true });

    /// <summary>Pieces of work that wait.</summary>
    public int Count => _work.Reader.Count;

    /// <summary>Runs <paramref name="work"/> in its turn and returns its result or failure.</summary>
    /// <param name="work">Gets the token of the queue, not of the caller: what has begun is not abandoned.</param>
    /// <param name="ct">Gives up the place in the queue, if it has not begun.</param>
    /// <exception cref="OperationCanceledException">The caller gave up, or the queue has ended.</exception>
    public async Task<TResult> PostAsync<TResult>(Func<CancellationToken, ValueTask<TResult>> work, CancellationToken ct)
    {
        ArgumentNullException.ThrowIfNull(work);
        var done = new TaskCompletionSource<TResult>(TaskCreationOptions.RunContinuationsAsynchronously);
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
            () => done.TrySetCanceled(CancellationToken.None));
        try
        {
            await _work.Writer.WriteAsync(piece, ct).ConfigureAwait(false);
        }
        catch (ChannelClosedException e)
        {
            throw new OperationCanceledException("The queue has ended.", e);
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
    public void Complete() => _work.Writer.TryComplete();

    /// <summary>
    /// Runs the work on a thread of its own until cancelled or complete; what still waits when cancelled is cancelled.
    /// </summary>
    /// <param name="threadName">What the thread is called.</param>
    /// <param name="ct">Ends it.</param>
    public Task RunAsync(string threadName, CancellationToken ct) => WorkThread.RunAsync(threadName, () => Run(ct));

    // The thread is ours: it may wait for tasks.
    private void Run(CancellationToken ct)
    {
        try
        {
            while (_work.Reader.WaitToReadAsync(ct).AsTask().GetAwaiter().GetResult())
            {
                while (!ct.IsCancellationRequested && _work.Reader.TryRead(out var piece))
                    piece.Run(ct).GetAwaiter().GetResult();
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // The end of waiting.
        }
        finally
        {
            _work.Writer.TryComplete();
            while (_work.Reader.TryRead(out var piece)) piece.Abandon();
        }
    }

    private sealed record Work(Func<CancellationToken, Task> Run, Action Abandon);
}
