using Dash.Common.Time;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>The loading of one wallet: job 0 of it, from its begin until the next one.</summary>
internal sealed class WalletLoad(string name, Clock clock)
{
    private readonly TaskCompletionSource<OpenedWallet> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private long _ended;

    /// <summary>Of which wallet.</summary>
    public string Name { get; } = name;

    /// <summary>When it began, seconds since 1970.</summary>
    public long Begun { get; } = clock.UnixSeconds;

    /// <summary>When it ended; 0 while it has not.</summary>
    public long Ended => Volatile.Read(ref _ended);

    /// <summary>How far it is.</summary>
    public LoadWatch Watch { get; } = new();

    /// <summary>The wallet.</summary>
    public Task<OpenedWallet> Done => _done.Task;

    /// <summary>Whether it goes on, or how it ended.</summary>
    public JobState State => _done.Task switch
    {
        { IsCompleted: false } => JobState.Running,
        { IsCompletedSuccessfully: true } => JobState.Done,
        _ => Watch.IsAborted ? JobState.Aborted : JobState.Failed,
    };

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error => _done.Task.Exception?.InnerException?.Message;

    /// <summary>Does it, on the caller's thread; never throws.</summary>
    public void Run(Func<LoadWatch, OpenedWallet> open)
    {
        try
        {
            var opened = open(Watch);
            Volatile.Write(ref _ended, clock.UnixSeconds);
            _done.SetResult(opened);
        }
        catch (Exception reason)
        {
            Watch.Close();
            Volatile.Write(ref _ended, clock.UnixSeconds);
            _done.SetException(reason);
            _ = _done.Task.Exception; // seen: nobody may be waiting
        }
    }
}
