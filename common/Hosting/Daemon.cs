using Dash.Common.Logging;
using Dash.Common.Time;
using Microsoft.Extensions.Logging;

namespace Dash.Common.Hosting;

/// <summary>
/// A running daemon: what it was started with, and the services and resources it was built from. Whatever was added last
/// ends first. The first failure of a service ends the daemon. Adding is for the thread that builds the daemon, stopping
/// for any.
/// </summary>
public sealed class Daemon : IAsyncDisposable
{
    private readonly CancellationTokenSource _stopping = new();
    private readonly TaskCompletionSource _ending = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly Stack<(string Name, Func<Task> End)> _parts = new();
    private readonly ILogger _log;
    private Exception? _failure;
    private bool _isStopping;

    /// <summary>A daemon without services.</summary>
    public Daemon(Options.Options options, DataDirectory directory, DebugLog log, Clock clock)
    {
        ArgumentNullException.ThrowIfNull(log);
        Options = options;
        Directory = directory;
        Log = log;
        Clock = clock;
        Scheduler = new Scheduler(clock);
        _log = log.CreateLogger(LogCategory.None);
    }

    /// <summary>The options it was started with.</summary>
    public Options.Options Options { get; }

    /// <summary>Its files.</summary>
    public DataDirectory Directory { get; }

    /// <summary>Its log.</summary>
    public DebugLog Log { get; }

    /// <summary>Its time.</summary>
    public Clock Clock { get; }

    /// <summary>Its periodic work; whoever builds the daemon adds it as a service.</summary>
    public Scheduler Scheduler { get; }

    /// <summary>Cancelled when the daemon shall stop, also while it is still being built.</summary>
    public CancellationToken Stopping => _stopping.Token;

    /// <summary>Starts a service; it runs until its token is cancelled. Returning earlier is no failure.</summary>
    public void Run(string name, Func<CancellationToken, Task> service)
    {
        // Not linked to Stopping: services end in turn, so that each can still use those that were there before it.
        var cancel = new CancellationTokenSource();
        var task = Task.Run(() => GuardAsync(name, service, cancel.Token), CancellationToken.None);
        _parts.Push((name, async () =>
        {
            await cancel.CancelAsync().ConfigureAwait(false);
            await task.ConfigureAwait(false);
            cancel.Dispose();
        }));
    }

    /// <summary>Disposes <paramref name="resource"/> in its turn.</summary>
    public T Own<T>(T resource)
        where T : class
    {
        switch (resource)
        {
            case IAsyncDisposable async:
                _parts.Push((typeof(T).Name, () => async.DisposeAsync().AsTask()));
                break;
            case IDisposable plain:
                _parts.Push((typeof(T).Name, () =>
                {
                    plain.Dispose();
                    return Task.CompletedTask;
                }));
                break;
            default:
                throw new ArgumentException("There is nothing to dispose.", nameof(resource));
        }

        return resource;
    }

    /// <summary>Runs <paramref name="action"/> in its turn when the daemon ends.</summary>
    public void AtEnd(string name, Func<Task> action) => _parts.Push((name, action));

    /// <summary>Tells the user something that does not stop the daemon: a line on standard error, and in the log.</summary>
    public void Warn(string text)
    {
        Console.Error.WriteLine("Warning: " + text);
        Hosting.Log.Warning(_log, "Warning: " + text);
    }

    /// <summary>Tells the user of something that failed though the daemon goes on: on standard error, as Dash Core does, and in the log.</summary>
    public void Complain(string text)
    {
        Console.Error.WriteLine("Error: " + text);
        Hosting.Log.Warning(_log, "Error: " + text);
    }

    /// <summary>Asks the daemon to stop; returns at once.</summary>
    public void Stop()
    {
        if (Interlocked.Exchange(ref _isStopping, true)) return;
        try
        {
            _stopping.Cancel();
        }
        finally
        {
            _ending.TrySetResult(); // who waits for it finds that cancelled, and may dispose it
        }
    }

    /// <summary>Returns when it was asked to stop, or when a service failed; <see cref="DisposeAsync"/> ends it.</summary>
    public Task WaitAsync() => _ending.Task;

    /// <summary>The first failure of a service, or null.</summary>
    public Exception? Failure => Volatile.Read(ref _failure);

    /// <summary>Ends everything, last added first. A failure on the way is logged and does not keep the rest from ending.</summary>
    public async ValueTask DisposeAsync()
    {
        Stop();
        await WaitAsync().ConfigureAwait(false);
        while (_parts.TryPop(out var part))
        {
            try
            {
                await part.End().ConfigureAwait(false);
            }
            catch (Exception e)
            {
                Fail(part.Name, e);
            }
        }

        _stopping.Dispose();
    }

    private async Task GuardAsync(string name, Func<CancellationToken, Task> service, CancellationToken ct)
    {
        try
        {
            await service(ct).ConfigureAwait(false);
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // Its end.
        }
        catch (Exception e)
        {
            Fail(name, e);
        }
    }

    private void Fail(string name, Exception reason)
    {
        Interlocked.CompareExchange(ref _failure, reason, null);
        Hosting.Log.Failed(_log, name, reason);
        Stop();
    }
}
