using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>How a rescan ended.</summary>
/// <param name="StartHeight">Where it began.</param>
/// <param name="StopHeight">The last block looked at; null if there was none.</param>
/// <param name="FailedTime">
/// The latest time in a header up to the highest block that could not be looked at, since the node has pruned it; null if there was none.
/// </param>
internal sealed record RescanOutcome(int StartHeight, int? StopHeight, long? FailedTime = null);

/// <summary>How far a rescan is.</summary>
/// <param name="Duration">How long it has run.</param>
/// <param name="Progress">From 0 to 1.</param>
/// <param name="Reached">The last block that was looked at; negative for none.</param>
/// <param name="Remaining">How long it will still take at the pace it had; null while that is not known.</param>
internal sealed record RescanProgress(TimeSpan Duration, double Progress, int Reached, TimeSpan? Remaining);

/// <summary>Old blocks to be looked at again for one wallet, bit by bit. The loop works on it, callers wait for it.</summary>
internal sealed class Rescan
{
    /// <summary>Why one fails that could not look at all its blocks.</summary>
    public const string Failure = "Rescan failed. Potentially corrupted data files.";

    private readonly TaskCompletionSource<RescanOutcome> _done = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TaskCompletionSource<RescanOutcome> _held = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly TimeProvider _time;
    private readonly long _begun;
    private readonly int _firstHeight;
    private int _isAborted;
    private int _lastHeight;
    private long _jobId;

    /// <summary>A rescan that has not looked at anything yet.</summary>
    /// <param name="wallet">For whom.</param>
    /// <param name="startHeight">First block, inclusive.</param>
    /// <param name="stopHeight">Last block, inclusive; null for the tip.</param>
    /// <param name="reached">The last block that was looked at before, or -1.</param>
    /// <param name="time">For the duration.</param>
    public Rescan(Wallet wallet, int startHeight, int? stopHeight, int reached, TimeProvider time)
    {
        Wallet = wallet;
        StartHeight = startHeight;
        StopHeight = stopHeight;
        _time = time;
        _begun = time.GetTimestamp();

        // The network's first block pays nobody, so it counts as seen.
        _lastHeight = reached >= startHeight ? reached : startHeight == 0 ? 0 : -1;
        _firstHeight = Math.Max(_lastHeight + 1, startHeight);
        KnownScripts = reached >= startHeight ? -1 : wallet.Snapshot.ScriptsVersion;
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
    public int LastHeight => Volatile.Read(ref _lastHeight);

    /// <summary>The version of the wallet's scripts when its known transactions were last held against them; -1 where that is not known. The loop's.</summary>
    public int KnownScripts { get; set; }

    /// <summary>When it was last stored how far it is. The loop's.</summary>
    public long NotedAt { get; set; }

    /// <summary>Blocks before this time, seconds since 1970, need not be looked at; null when the heights say all.</summary>
    public long? Since { get; init; }

    /// <summary>It has failed, although it goes on with what is there (<see cref="RescanOutcome.FailedTime"/>). The loop's.</summary>
    public long? FailedTime { get; set; }

    /// <summary>Blocks passed so far, among them the last; empty before it has begun. The loop's.</summary>
    public ChainTrail Trail { get; set; } = ChainTrail.Empty;

    /// <summary>Somebody wants it to end.</summary>
    public bool IsAborted => Volatile.Read(ref _isAborted) != 0;

    /// <summary>The result, for who is to hear as well that it does not go on for now.</summary>
    /// <exception cref="Exception">That of <see cref="Hold"/>: it goes on later, by itself.</exception>
    public async Task<RescanOutcome> EndAsync(CancellationToken ct) =>
        await (await Task.WhenAny(_done.Task, _held.Task).WaitAsync(ct).ConfigureAwait(false)).ConfigureAwait(false);

    /// <summary>Whoever waits with <see cref="EndAsync"/> need not any longer.</summary>
    public void Hold(Exception reason)
    {
        _held.TrySetException(reason);
        _ = _held.Task.Exception; // seen: nobody may be waiting
    }

    /// <summary>The result.</summary>
    public Task<RescanOutcome> Done => _done.Task;

    /// <summary>How far it is.</summary>
    public RescanProgress Progress
    {
        get
        {
            var end = StopHeight ?? Math.Max(Wallet.Snapshot.Tip.Height, StartHeight);
            var last = LastHeight;
            var passed = Math.Max(last - StartHeight + 1, 0);
            var duration = _time.GetElapsedTime(_begun);
            var now = last - _firstHeight + 1;
            TimeSpan? remaining = now > 0 ? duration * (Math.Max(end - last, 0) / (double)now) : null;
            return new RescanProgress(duration, Math.Min(1, passed / (double)(end - StartHeight + 1)), last, remaining);
        }
    }

    /// <summary>Makes it end before its next batch; false if somebody else did.</summary>
    public bool Abort() => Interlocked.Exchange(ref _isAborted, 1) == 0;

    /// <summary>Blocks up to this one have been looked at.</summary>
    public void Reached(int height) => Volatile.Write(ref _lastHeight, height);

    /// <summary>All blocks were looked at that are there.</summary>
    public void Complete() =>
        _done.TrySetResult(new RescanOutcome(StartHeight, Volatile.Read(ref _lastHeight) is >= 0 and var last ? last : null, FailedTime));

    /// <summary>It was aborted.</summary>
    public void Refuse() => _done.TrySetException(new WalletException(WalletError.Misc, "Rescan aborted."));

    /// <summary>It cannot be done.</summary>
    public void Fail(Exception reason) => _done.TrySetException(reason);
}
