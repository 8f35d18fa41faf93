using Dash.Common.Hosting;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Services;

/// <summary>
/// Keeps a wallet process running as long as the node runs: one that has ended, whatever ended it, is started again, after a pause that
/// grows with each one that did not last.
/// </summary>
internal sealed class WalletKeeper : IAsyncDisposable
{
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(100);
    private static readonly TimeSpan LongestPause = TimeSpan.FromSeconds(30);

    // One that has run for so long did not end for the reason that the one before had.
    private static readonly TimeSpan Lasting = TimeSpan.FromMinutes(1);

    private readonly Func<bool, CancellationToken, Task<IKeptProcess>> _start;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly CancellationTokenSource _stop;
    private readonly Task _keeping;
    private IKeptProcess _process;

    private WalletKeeper(
        IKeptProcess first, Func<bool, CancellationToken, Task<IKeptProcess>> start, TimeProvider time, ILogger log, CancellationToken stopping)
    {
        (_process, _start, _time, _log) = (first, start, time, log);
        _stop = CancellationTokenSource.CreateLinkedTokenSource(stopping);
        _keeping = KeepAsync();
    }

    /// <summary>Starts the first process.</summary>
    /// <param name="start">Starts one, and returns when it serves; it is told whether that one comes after another.</param>
    /// <param name="time">For pauses: real time.</param>
    /// <param name="log">General lines.</param>
    /// <param name="stopping">Cancelled when the node ends: from then on none is started.</param>
    /// <exception cref="StartupException">It cannot be started, or says why it cannot serve.</exception>
    public static async Task<WalletKeeper> StartAsync(
        Func<bool, CancellationToken, Task<IKeptProcess>> start, TimeProvider time, ILogger log, CancellationToken stopping) =>
        new(await start(false, stopping), start, time, log, stopping);

    /// <summary>Ends the process that is there, and starts none after it.</summary>
    public async ValueTask DisposeAsync()
    {
        await _stop.CancelAsync();
        await _keeping;
        await _process.DisposeAsync();
        _stop.Dispose();
    }

    private async Task KeepAsync()
    {
        try
        {
            var pause = FirstPause;
            while (true)
            {
                var since = _time.GetTimestamp();
                var reason = await _process.Ended.WaitAsync(_stop.Token);
                Log.WalletEnded(_log, reason);
                await _process.DisposeAsync();
                if (_time.GetElapsedTime(since) >= Lasting)
                {
                    pause = FirstPause;
                }

                do
                {
                    await Task.Delay(pause, _time, _stop.Token);
                    pause = pause * 2 < LongestPause ? pause * 2 : LongestPause;
                }
                while (!await TryStartAsync());
            }
        }
        catch (OperationCanceledException) when (_stop.IsCancellationRequested)
        {
            // The node ends.
        }
    }

    private async Task<bool> TryStartAsync()
    {
        try
        {
            _process = await _start(true, _stop.Token);
            return true;
        }
        catch (StartupException refusal)
        {
            Log.WalletNotStarted(_log, refusal.Message);
            return false;
        }
    }
}
