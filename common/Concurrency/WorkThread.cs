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
        Start(
            name,
            done,
            () =>
            {
                _isHere = true;
                work();
                return true;
            });
        return done.Task;
    }

    /// <summary>
    /// Runs steps until there are no more, one after the other, on a thread that has only <see cref="SpareTime"/> while that is
    /// wanted and the steps can do with it. A thread cannot have usual turns again: another one goes on with the steps then.
    /// </summary>
    /// <param name="name">What the threads are called.</param>
    /// <param name="step">Does a part of the work; whether more is to come. May wait as in <see cref="RunAsync(string, Action)"/>.</param>
    /// <param name="isPatient">Asked before each step: whether it may take longer.</param>
    /// <returns>Ends as the work ends: with its failure, or cancelled.</returns>
    public static Task RunAsync(string name, Func<bool> step, Func<bool> isPatient)
    {
        ArgumentNullException.ThrowIfNull(step);
        ArgumentNullException.ThrowIfNull(isPatient);
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        GoOn();
        return done.Task;

        void GoOn() => Start(name, done, Steps);

        bool Steps()
        {
            _isHere = true;
            do
            {
                if (isPatient() && SpareTime.IsWanted)
                {
                    SpareTime.Enter();
                }
                else if (SpareTime.IsHere)
                {
                    GoOn();
                    return false;
                }
            }
            while (step());
            return true;
        }
    }

    /// <summary>Runs the work on a thread with usual turns and waits for it: as if the caller had done it, but not faster than others.</summary>
    /// <exception cref="Exception">What the work failed with.</exception>
    internal static void Lend(string name, Action work)
    {
        TaskCompletionSource done = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Start(
            name,
            done,
            () =>
            {
                work(); // not marked as one that may wait: the caller may be within a piece of a queue's work
                return true;
            });
        done.Task.GetAwaiter().GetResult();
    }

    // A thread that goes on; the work says whether all is done when it ends.
    private static void Start(string name, TaskCompletionSource done, Func<bool> work)
    {
        Thread thread = new(() =>
        {
            ThreadTurns.AskLong();
            try
            {
                if (work())
                {
                    done.SetResult();
                }
            }
            catch (OperationCanceledException e)
            {
                done.SetCanceled(e.CancellationToken);
            }
            catch (Exception e)
            {
                done.SetException(e); // whoever awaits it handles it
            }
            finally
            {
                SpareTime.End();
            }
        })
        {
            IsBackground = true,
            Name = name,
        };
        if (SpareTime.IsHere)
        {
            ThreadPool.UnsafeQueueUserWorkItem(static started => started.Start(), thread, preferLocal: false); // it would inherit how we run
        }
        else
        {
            thread.Start();
        }
    }
}
