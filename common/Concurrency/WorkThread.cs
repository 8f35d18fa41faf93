namespace Dash.Common.Concurrency;

/// <summary>
/// Runs a loop that computes much on a thread of its own. Short work of others shares the threads of the pool; it would
/// queue behind the loop there, and the system would take their threads for busy ones and let them wait for a core. The
/// thread lets others have a core at once (<see cref="ThreadTurns"/>).
/// </summary>
public static class WorkThread
{
    [ThreadStatic]
    private static bool _isHere;

    /// <summary>Whether the calling thread is such a one: it may wait, without keeping anybody else's work waiting.</summary>
    internal static bool IsHere => _isHere;

    /// <summary>Runs the work to its end.</summary>
    /// <param name="name">What the thread is called, in logs and by the system.</param>
    /// <param name="work">May wait; what it waits for must not need its thread.</param>
    /// <returns>Ends as the work ends: with its failure, or cancelled.</returns>
    public static Task RunAsync(string name, Action work)
    {
        ArgumentNullException.ThrowIfNull(work);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Thread thread = new(() =>
        {
            ThreadTurns.AskLong();
            _isHere = true;
            try
            {
                work();
                done.SetResult();
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                done.SetException(e); // whoever awaits it handles it
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        thread.Start();
        return done.Task;
    }
}
