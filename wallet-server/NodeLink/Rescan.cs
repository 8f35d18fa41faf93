using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>How a rescan ended.</summary>
/// <param name="StartHeight">Where it began.</param>
/// <param name="StopHeight">The last block looked at; null if there was none.</param>
internal sealed record RescanOutcome(int StartHeight, int? StopHeight);

/// <summary>How far a rescan is.</summary>
/// <param name="Duration">How long it has run.</param>
/// <param name="Progress">From 0 to 1.</param>
internal sealed record RescanProgress(TimeSpan Duration, double Progress);

/// <summary>Old blocks to be looked at again for one wallet, bit by bit. The loop works on it, callers wait for it.</summary>
internal sealed class Rescan
{
    private readonly TaskCompletionSource<RescanOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly long _begun;
    private volatile bool _isAborted;
    private int _lastHeight;
    private long _jobId;

    /// <summary>A rescan that has not looked at anything yet.</summary>
    /// <param name="wallet">For whom.</param>
    /// <param name="startHeight">First block, inclusive.</param>
    /// <param name="stopHeight">Last block, inclusive; null for the tip.</param>
    /// <param name="time">For the duration.</param>
    public Rescan(Wallet wallet, int startHeight, int? stopHeight, TimeProvider time)
    {
        Wallet = wallet;
        StartHeight = startHeight;
        StopHeight = stopHeight;
        _time = time;
        _begun = time.GetTimestamp();

        // The network's first block pays nobody, so it counts as seen.
        _lastHeight = startHeight == 0 ? 0 : -1;
    }

    /// <summary>For whom.</summary>
    public Wallet Wallet { get; }

    /// <summary>First block, inclusive.</summary>
    public int StartHeight { get; }

    /// <summary>Last block, inclusive; null for the tip.</summary>
    public int? StopHeight { get; }

    /// <summary>Its number among the wallet's jobs; 0 until it is stored, and until then nobody works on it.</summary>
    public long JobId
    {
        get => Volatile.Read(ref _jobId);
        set => Volatile.Write(ref _jobId, value);
    }

    /// <summary>The last block that was looked at; negative for none.</summary>
    public int LastHeight
    {
        get => Volatile.Read(ref _lastHeight);
        init => _lastHeight = value;
    }

    /// <summary>When it was last stored how far it is. The loop's.</summary>
    public long NotedAt { get; set; }

    /// <summary>Blocks before this time, seconds since 1970, need not be looked at; null when the heights say all.</summary>
    public long? Since { get; init; }

    /// <summary>Blocks passed so far, among them the last; empty before it has begun. The loop's.</summary>
    public ChainTrail Trail { get; set; } = ChainTrail.Empty;

    /// <summary>Somebody wants it to end.</summary>
    public bool IsAborted => _isAborted;

    /// <summary>The result.</summary>
    public Task<RescanOutcome> Done => _done.Task;

    /// <summary>How far it is.</summary>
    public RescanProgress Progress
    {
        get
        {
            var end = StopHeight ?? Math.Max(Wallet.Snapshot.Tip.Height, StartHeight);
            var passed = Math.Max(Volatile.Read(ref _lastHeight) - StartHeight + 1, 0);
            return new RescanProgress(_time.GetElapsedTime(_begun), Math.Min(1, passed / (double)(end - StartHeight + 1)));
        }
    }

    /// <summary>Makes it end before its next batch.</summary>
    public void Abort() => _isAborted = true;

    /// <summary>Blocks up to this one have been looked at.</summary>
    public void Reached(int height) => Volatile.Write(ref _lastHeight, height);

    /// <summary>All blocks were looked at.</summary>
    public void Complete() =>
        _done.TrySetResult(new RescanOutcome(StartHeight, Volatile.Read(ref _lastHeight) is >= 0 and var last ? last : null));

    /// <summary>It was aborted.</summary>
    public void Refuse() => _done.TrySetException(new WalletException(WalletError.Misc, "Rescan aborted."));

    /// <summary>It cannot be done.</summary>
    public void Fail(Exception reason) => _done.TrySetException(reason);
}
