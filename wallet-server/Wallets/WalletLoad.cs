using Dash.Common.Time;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>The loading of one wallet: job 0 of it, from its begin until the next one.</summary>
internal sealed class WalletLoad(string name, Clock clock)
{
    private TaskCompletionSource<OpenedWallet> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private bool _isOver;
    private long _ended;

    /// <summary>Of which wallet.</summary>
    public string Name { get; } = name;

    /// <summary>When it began, seconds since 1970.</summary>
    public long Begun { get; } = clock.UnixSeconds;

    /// <summary>When it ended; 0 while it has not.</summary>
    public long Ended => Volatile.Read(ref _ended);

    /// <summary>How far it is.</summary>
    public LoadWatch Watch { get; } = new();

    /// <summary>The wallet; a refusal once it was unloaded.</summary>
    public Task<OpenedWallet> Done => Volatile.Read(ref _done).Task;

    /// <summary>Whether it goes on, or how it ended.</summary>
    public JobState State => Volatile.Read(ref _isOver) ? JobState.Done : Done switch
    {
        { IsCompleted: false } => JobState.Running,
        { IsCompletedSuccessfully: true } => JobState.Done,
        _ => Watch.IsAborted ? JobState.Aborted : JobState.Failed,
    };

    /// <summary>Why it failed; null if it did not.</summary>
    public string? Error => Volatile.Read(ref _isOver) ? null : Done.Exception?.InnerException?.Message;

    /// <summary>If this wallet came of it, lets go of it: it was unloaded, and shall not stay in memory for being remembered here.</summary>
    public void Forget(Wallet wallet)
    {
        if (Done is { IsCompletedSuccessfully: true, Result: var opened } && opened.Wallet == wallet)
        {
            Volatile.Write(ref _isOver, true);
            TaskCompletionSource<OpenedWallet> gone = new();
            gone.SetException(new WalletException(WalletError.NotFound, "Requested wallet does not exist or is not loaded"));
            _ = gone.Task.Exception; // seen: nobody waits
            Volatile.Write(ref _done, gone);
        }
    }

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
