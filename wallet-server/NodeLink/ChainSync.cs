using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.Ipc.Capabilities;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Keeps all loaded wallets on the node's chain, whoever the node is and however often it comes and goes, and says how far
/// they are. One loop works (<see cref="FollowAsync"/>, once a session); any thread may ask.
/// </summary>
internal sealed class ChainSync : INodeChoice
{
    /// <summary>
    /// The longest a read waits for the wallet to see what the node has done. A node answers in microseconds and a block is
    /// stored in milliseconds; who needs longer is catching up, and a reader is told which block its answer is for.
    /// </summary>
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The same after the node or a wallet was too slow once, until it is in time again.</summary>
    private static readonly TimeSpan ShortPatience = TimeSpan.FromMilliseconds(100);

    /// <summary>A failure to follow that is older than this is none of the attempt that is under way: those come a second apart.</summary>
    private static readonly TimeSpan FreshFailure = TimeSpan.FromSeconds(10);

    private readonly WalletDirectory _wallets;
    private readonly AttachedNode _node;
    private readonly Rebroadcast _rebroadcast;
    private readonly ChainParams _chain;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly SequenceGate _gate;
    private readonly Rescans _rescans;
    private readonly Signal _wake = new();
    private readonly NodeStatusLog _statusLog;
    private readonly LoadCheck _loadCheck;

    // What ended the following last; null if nothing did.
    private Failure? _failure;

    // The session that did not answer in time last; reads are not held up by it again and again.
    private NodeSession? _slow;

    /// <summary>Follows for the wallets of a directory.</summary>
    public ChainSync(
        WalletDirectory wallets, AttachedNode node, Rebroadcast rebroadcast, ChainParams chain, Clock clock, ILogger log)
    {
        _wallets = wallets;
        _node = node;
        _rebroadcast = rebroadcast;
        _chain = chain;
        _clock = clock;
        _log = log;
        _gate = new SequenceGate(clock);
        _gate.Held += HoldRescan;
        _rescans = new Rescans(clock);
        _statusLog = new NodeStatusLog(log);
        _loadCheck = new LoadCheck(node, clock);
        node.Changed += ReportStatus;
        wallets.Admission = _loadCheck.Require;
        wallets.Loaded += Resume;
        wallets.Unloading += wallet => Leave(wallet);
    }

    /// <summary>Brings what is scheduled here nearer, when the node's <c>mockscheduler</c> says so.</summary>
    public Action<TimeSpan> AdvanceScheduler { get; init; } = static _ => { };

    /// <summary>The node that will be attached when wallets are loaded, so that one that cannot follow it is refused.</summary>
    public NodeSession? Ahead
    {
        set => _loadCheck.Ahead = value;
    }

    /// <summary>Number of the last event that all wallets have stored; of the present session.</summary>
    public ulong Seen => _gate.Handled;

    /// <summary>A wallet is attached but not yet where the node is.</summary>
    public bool IsCatchingUp => _gate.IsCatchingUp;

    /// <inheritdoc/>
    public Task UnservedAsync(bool some, CancellationToken ct) => _gate.Unserved.UntilAsync(some, ct);

    /// <inheritdoc/>
    public async Task<bool> IsServedByAsync(NodeSession other, CancellationToken ct)
    {
        foreach (var tip in _wallets.All.Select(static wallet => wallet.Snapshot.Tip).Where(static tip => tip != BlockPoint.None).Distinct())
        {
            var header = await other.Feed.GetBlockHeaderInfoAsync(tip.Hash, ct).ConfigureAwait(false);
            if (header is not { OnActiveChain: true }
                || await other.Feed.FindPrunedAsync(tip.Height + 1, int.MaxValue, ct).ConfigureAwait(false) is not null)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Follows one session's chain to its end.</summary>
    /// <param name="session">The session, whose node is on our network.</param>
    /// <param name="ct">Cancelled when the session or the daemon ends.</param>
    public async Task FollowAsync(NodeSession session, CancellationToken ct)
    {
        _gate.Open(0);
        await using EventQueue events = new(_clock, _wake.Set) { AdvanceScheduler = AdvanceScheduler };
        var loop = new ChainLoop(session, events, _wallets, _chain, _clock, _gate, _rescans, _wake, _rebroadcast, _log)
        {
            Settled = ReportStatus,
        };
        try
        {
            await loop.RunAsync(ct).ConfigureAwait(false);
        }
        catch (Exception failure) when (failure is not OperationCanceledException && !session.Disconnected.IsCancellationRequested)
        {
            Volatile.Write(ref _failure, new Failure(failure.Message, _clock.GetTimestamp()));
            throw;
        }
        finally
        {
            // What the node's going makes of it is said when that has been noted.
            _gate.Close();
            if (!session.Disconnected.IsCancellationRequested && !ct.IsCancellationRequested)
            {
                ReportStatus();
            }
        }
    }

    /// <summary>How a wallet (null: the least connected one) stands towards the node.</summary>
    public NodeStatus StatusOf(Wallet? wallet)
    {
        if (_node.Session is null)
        {
            return new(_node.IsWrongChain ? NodeState.WrongChain : NodeState.Disconnected, _node.Waiting);
        }

        return _gate.HeldBack(wallet) ?? _gate.LeftOut(wallet)
            ?? (_gate.IsBehind(wallet) ? new(NodeState.CatchingUp, WhyBehind()) : new(NodeState.Connected, null));
    }

    /// <summary>
    /// The user accepts the node's chain although it contradicts the wallet's deeply or ends below it; from now on it is followed as
    /// any other.
    /// </summary>
    /// <returns>False when the wallet waits for nothing of that kind.</returns>
    public bool AcceptChain(Wallet wallet)
    {
        if (_gate.HeldBack(wallet) is not { CanBeAccepted: true })
        {
            return false;
        }

        wallet.AcceptsReorganisation = true;
        _wake.Set();
        return true;
    }

    /// <summary>Returns when all wallets have stored what this event told, or the session has ended.</summary>
    public Task ReachedAsync(ulong sequence, CancellationToken ct) => _gate.ReachedAsync(null, sequence, ct);

    /// <summary>
    /// Returns when the wallet reflects everything the node had done when this was called. At once without a node; in
    /// bounded time with one that hangs or a wallet that is catching up.
    /// </summary>
    /// <remarks>Nearly always done when it returns: what the node has done is read from a file and has been seen.</remarks>
    public ValueTask SyncedAsync(Wallet wallet, CancellationToken ct) => IsSynced(wallet) ? default : new(SyncedCoreAsync(wallet, ct));

    /// <summary>The same for all wallets.</summary>
    public Task SyncedAsync(CancellationToken ct) => SyncedCoreAsync(null, ct);

    /// <summary>
    /// Returns when a wallet that was just loaded or made has caught up with the node, so that what the caller asks next is
    /// answered from there. At once without a node; a long way to catch up ends with the caller's patience.
    /// </summary>
    public Task JoinedAsync(Wallet wallet, CancellationToken ct)
    {
        _wake.Set();
        return _node.Session is null ? Task.CompletedTask : _gate.ReachedAsync(wallet, 0, ct);
    }

    /// <summary>Looks at old blocks again, from one height to another (null: the tip), both inclusive.</summary>
    /// <param name="wallet">For whom.</param>
    /// <param name="startHeight">Within the wallet's chain.</param>
    /// <param name="stopHeight">Not before the start.</param>
    /// <param name="ct">Ends the wait, not the rescan.</param>
    /// <param name="begun">Told when it is stored, so that it goes on without whoever waits.</param>
    /// <exception cref="WalletException">It is being rescanned already; or somebody aborted this one; or blocks are missing.</exception>
    /// <exception cref="IpcException">There is no node, or its chain is not followed until the user accepts it.</exception>
    public async Task<RescanOutcome> RescanAsync(Wallet wallet, int startHeight, int? stopHeight, CancellationToken ct, Action? begun = null)
    {
        RequireFollowed(wallet);
        var rescan = await StartRescanAsync(wallet, startHeight, stopHeight, ct).ConfigureAwait(false);
        begun?.Invoke();
        var outcome = await rescan.EndAsync(ct).ConfigureAwait(false);
        return outcome.FailedTime is null ? outcome : throw new WalletException(WalletError.Misc, Rescan.Failure);
    }

    /// <summary>Refuses to look at blocks again that the node has pruned; without a node nothing is known of that.</summary>
    /// <param name="wallet">For whom.</param>
    /// <param name="startHeight">The first block.</param>
    /// <param name="stopHeight">The last one; null for the wallet's tip.</param>
    /// <param name="ct">Gives up.</param>
    /// <exception cref="WalletException">One of them is not stored.</exception>
    public async Task RequireBlocksAsync(Wallet wallet, int startHeight, int? stopHeight, CancellationToken ct)
    {
        if (_node.Live is { } session
            && await session.Feed.FindPrunedAsync(startHeight, stopHeight ?? wallet.Snapshot.Tip.Height, ct).ConfigureAwait(false) is not null)
        {
            throw new WalletException(
                WalletError.Misc, "Can't rescan beyond pruned data. Use RPC call getblockchaininfo to determine your pruned height.");
        }
    }

    /// <summary>The same without waiting; without a node it begins when there is one.</summary>
    /// <exception cref="WalletException">It is being rescanned already.</exception>
    public async Task<Rescan> StartRescanAsync(Wallet wallet, int startHeight, int? stopHeight, CancellationToken ct) =>
        await BeginRescanAsync(wallet, new WalletJob(0, startHeight, stopHeight, 0), wallet.BeginJobAsync, ct).ConfigureAwait(false);

    /// <summary>
    /// Takes something in, and looks at all blocks that can concern what was born at a time, with Core's two hours for the clocks
    /// of miners, and at the mempool.
    /// </summary>
    /// <param name="wallet">For whom.</param>
    /// <param name="time">Seconds since 1970.</param>
    /// <param name="store">
    /// Given the plan, takes it in and stores the job with it, in one; null if nothing was taken in, so that there is no job.
    /// </param>
    /// <param name="ct">Ends it as long as nothing is stored.</param>
    /// <returns>What is under way, which may have ended already; null if nothing was taken in.</returns>
    /// <exception cref="WalletException">It is being rescanned already.</exception>
    /// <exception cref="IpcException">There is no node.</exception>
    public async Task<Rescan?> ImportAsync(
        Wallet wallet,
        long time,
        Func<WalletJob, CancellationToken, Task<WalletJob?>> store,
        CancellationToken ct)
    {
        var tip = wallet.Snapshot.Tip.Height;
        var start = await RequireFollowed(wallet).Feed.FirstHeightAsync(time - Follower.ClockMargin, tip, ct).ConfigureAwait(false);
        WalletJob plan = new(0, start ?? tip, null, 0)
        {
            Kind = JobKind.Import,
            State = start is null ? JobState.Done : JobState.Running,
        };
        return await TryBeginAsync(wallet, plan, store, ct).ConfigureAwait(false);
    }

    /// <summary>
    /// Looks at old blocks again for a wallet that was just loaded, if the options want that; goes on where there is a node,
    /// now or later.
    /// </summary>
    /// <returns>Ends with the rescan.</returns>
    public async Task RescanLoadedAsync(Wallet wallet)
    {
        var snapshot = wallet.Snapshot;
        if (snapshot.Settings.RescanMode == 0 || snapshot.Keychains.IsEmpty)
        {
            return;
        }

        // One that was interrupted goes on by itself.
        long? since = snapshot.Settings.RescanMode == 1 ? snapshot.BirthTime - Follower.ClockMargin : null;
        var rescan = _rescans.Of(wallet)
            ?? await BeginRescanAsync(
                wallet, new WalletJob(0, 0, null, 0) { Since = since }, wallet.BeginJobAsync, CancellationToken.None).ConfigureAwait(false);
        await rescan.Done.ConfigureAwait(false);
    }

    /// <summary>The time in the header of the wallet's tip, and the median time of the blocks up to it.</summary>
    /// <exception cref="IpcException">There is no node.</exception>
    public async Task<(long Time, long MedianTime)> TipTimesAsync(Wallet wallet, CancellationToken ct)
    {
        var header = await _node.Require().Feed.GetBlockHeaderInfoAsync(wallet.Snapshot.Tip.Hash, ct).ConfigureAwait(false);
        return header is null ? (wallet.Snapshot.TipTime, wallet.Snapshot.TipTime) : (header.Time, header.MedianTime);
    }

    /// <summary>Ends the wallet's rescan, now, with a node or without; false if there is none.</summary>
    public async Task<bool> AbortRescanAsync(Wallet wallet)
    {
        if (_rescans.Of(wallet) is not { } rescan || !rescan.Abort())
        {
            return false;
        }

        _rescans.Remove(rescan);
        rescan.Refuse();
        if (rescan.JobId is > 0 and var id)
        {
            await wallet.NoteJobAsync(id, rescan.LastHeight, JobState.Aborted, answer: null, CancellationToken.None).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>How far the wallet's rescan is; null if there is none.</summary>
    public RescanProgress? RescanOf(Wallet wallet) => _rescans.Of(wallet)?.Progress;

    // Stored before it begins: it goes on after whatever happens.
    private async Task<Rescan> BeginRescanAsync(
        Wallet wallet, WalletJob plan, Func<WalletJob, CancellationToken, Task<WalletJob>> store, CancellationToken ct) =>
        await TryBeginAsync(wallet, plan, async (planned, ct) => await store(planned, ct).ConfigureAwait(false), ct).ConfigureAwait(false)
        ?? throw new InvalidOperationException("a rescan is always stored");

    private async Task<Rescan?> TryBeginAsync(
        Wallet wallet,
        WalletJob plan,
        Func<WalletJob, CancellationToken, Task<WalletJob?>> store,
        CancellationToken ct)
    {
        var rescan = _rescans.Add(wallet, plan);
        WalletJob? job = null;
        try
        {
            job = await store(plan, ct).ConfigureAwait(false);
        }
        finally
        {
            if (job is not { State: JobState.Running })
            {
                _rescans.Remove(rescan);
            }
        }

        if (job is null)
        {
            return null;
        }

        rescan.JobId = job.Id;
        if (job.State == JobState.Done)
        {
            rescan.Complete();
        }
        else if (rescan.IsAborted)
        {
            await wallet.NoteJobAsync(job.Id, -1, JobState.Aborted, answer: null, CancellationToken.None).ConfigureAwait(false);
        }

        _wake.Set();
        return rescan;
    }

    private void Resume(Wallet wallet)
    {
        if (wallet.Snapshot.Jobs.LastOrDefault(static job => job.State == JobState.Running) is { } job)
        {
            _rescans.Add(wallet, job);
        }

        _wake.Set();
    }

    private string WhyBehind() =>
        Volatile.Read(ref _failure) is { } failure && _clock.GetElapsedTime(failure.At) < FreshFailure
            ? $"following the node's chain failed ({failure.Reason}): it is tried again"
            : "blocks are missing";

    // A rescan never ends while the wallet waits for the user, who is to hear so.
    private NodeSession RequireFollowed(Wallet wallet)
    {
        var session = _node.Require();
        return _gate.HeldBack(wallet) is { State: NodeState.WrongChain, Reason: { } reason } ? throw NotFollowed(reason) : session;
    }

    private static IpcException NotFollowed(string reason) =>
        new(IpcErrorKind.Disconnected, $"Not connected to a node ({reason})");

    private void HoldRescan(Wallet wallet, NodeStatus status)
    {
        if (status is { State: NodeState.WrongChain, Reason: { } reason })
        {
            _rescans.Of(wallet)?.Hold(NotFollowed(reason));
        }
    }

    private void ReportStatus() => _statusLog.Report(StatusOf(null));

    private bool IsSynced(Wallet wallet)
    {
        if (_node.Session is not { } session)
        {
            return true;
        }

        Span<byte> added = stackalloc byte[PublishedNumber.NotesSize];
        return session.TryReadSequence(added, out var sequence) && _gate.ReachedBy(wallet) is { } reached
            && (reached >= sequence || OwnNews.AreNone(wallet, _wallets.All, added, reached, sequence));
    }

    private async Task SyncedCoreAsync(Wallet? wallet, CancellationToken ct)
    {
        if (_node.Session is not { } session || (wallet is not null && _gate.BehindFor(wallet) > Patience) || session.RoundTrip() >= Patience)
        {
            return;
        }

        var span = Volatile.Read(ref _slow) == session ? ShortPatience : Patience;
        using var patience = new CancellationTokenSource(span, _clock);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, patience.Token);
        try
        {
            var sequence = await session.SequenceAsync(either.Token).ConfigureAwait(false);
            await _gate.ReachedAsync(wallet, sequence, either.Token).ConfigureAwait(false);
            Volatile.Write(ref _slow, null);
        }
        catch (IpcException)
        {
            // It is going: answer from what is known.
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            if (Interlocked.Exchange(ref _slow, session) != session)
            {
                Log.StillBehind(_log, span.TotalSeconds);
            }
        }
    }

    private void Leave(Wallet wallet)
    {
        if (_rescans.Of(wallet) is { } rescan)
        {
            rescan.Abort();
            rescan.Refuse();
            _rescans.Remove(rescan);
        }

        _gate.Forget(wallet);
        _wake.Set();
    }

    private sealed record Failure(string Reason, long At);
}
