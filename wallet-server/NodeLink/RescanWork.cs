using Dash.Common.Concurrency;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>Works on the rescans a batch at a time. A rescan outlives the session and goes on in the next.</summary>
internal sealed class RescanWork(
    NodeSession session,
    BlockFeeder feeder,
    PatientWork patient,
    Rescans rescans,
    NodeMempool mempool,
    KnownCollaterals collaterals,
    ChainParams chain,
    ILogger log)
{
    private readonly FilterSearch _filters = new(session, chain);

    // What comes next is fetched while the wallet works; thrown away when something else comes next.
    private (BlockPoint After, Task<(IReadOnlyList<FeedBlock> Result, bool IsCurrent, bool IsPruned)> Batch)? _ahead;

    // Stored in a fraction of a second, so that events never wait long. With a quarter of it a rescan took half as long again, and calls waited
    // for it no less.
    private const uint BatchBytes = 1 << 20;

    // How far it is is stored every so many blocks: no more than that is looked at twice after a restart.
    private const int NoteEvery = 2_000;

    /// <summary>Does one batch for one wallet that follows; false if there is nothing to do.</summary>
    public async Task<bool> StepAsync(IReadOnlyList<Follower> followers, CancellationToken ct)
    {
        var next = rescans.Next(candidate => candidate.JobId != 0 && IsReady(FollowerOf(followers, candidate)));
        if (next is null || FollowerOf(followers, next) is not { } follower)
        {
            return false;
        }

        if (follower.IsLost)
        {
            // What its file says of it is taken up when the wallet is loaded again.
            rescans.Remove(next);
            next.Fail(new WalletException(
                WalletError.Wallet, "The wallet cannot be written; unload it and see what its disk says"));
        }
        else
        {
            await LookAsync(next, follower, ct).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>How blocks are looked at, for the log.</summary>
    public static string VariantOf(bool isFast) =>
        isFast ? "fast variant using block filters" : "slow variant inspecting all blocks";

    private static Follower? FollowerOf(IReadOnlyList<Follower> followers, Rescan rescan) =>
        followers.FirstOrDefault(follower => follower.Wallet == rescan.Wallet);

    private static bool IsReady(Follower? follower) => follower is { IsFollowing: true } or { IsLost: true } or { LacksBlocks: true };

    // Never past the wallet's own tip: what comes after it comes by itself.
    private static int StopOf(Rescan rescan, Follower follower) => Math.Min(rescan.StopHeight ?? int.MaxValue, follower.Tip.Height);

    private async Task LookAsync(Rescan rescan, Follower follower, CancellationToken ct)
    {
        if (rescan.Trail.Tip == BlockPoint.None && !await BeginAsync(rescan, follower, ct).ConfigureAwait(false))
        {
            await FinishAsync(rescan, follower).ConfigureAwait(false);
            return;
        }

        var after = rescan.Trail.Tip;
        if (await _filters.IsUsableAsync(after, [follower], ct).ConfigureAwait(false)
            && await _filters.NextAsync(after, [follower], ct).ConfigureAwait(false) is { Count: > 0 } told)
        {
            await LookAtAsync(rescan, follower, told, ct).ConfigureAwait(false);
            return;
        }

        var (batch, isCurrent, isPruned) = await FetchAsync(after, ct).ConfigureAwait(false);
        if (!isCurrent)
        {
            var fork = await session.Feed.FindForkAsync(rescan.Trail.ToLocator(), ct).ConfigureAwait(false);
            rescan.Trail = fork is { } shared
                ? rescan.Trail.BackTo(new BlockPoint(shared.Hash, shared.Height))
                : ChainTrail.Empty;
            return;
        }

        if (isPruned && after.Height < StopOf(rescan, follower))
        {
            await PassPrunedAsync(rescan, follower, ct).ConfigureAwait(false);
            return;
        }

        var blocks = await patient.RunAsync(() => ChainGuard.CheckChain(batch, after, chain), ct).ConfigureAwait(false);
        if (blocks.Count > 0 && blocks[^1].Height < StopOf(rescan, follower))
        {
            _ahead = (blocks[^1].Point, AskAsync(blocks[^1].Point, ct));
        }

        await LookAtAsync(rescan, follower, blocks, ct).ConfigureAwait(false);
    }

    // What is there is looked at all the same, as in Core: CWallet::ScanForWalletTransactions. With filters those before the highest may
    // be of no concern.
    private async Task PassPrunedAsync(Rescan rescan, Follower follower, CancellationToken ct)
    {
        var next = rescan.Trail.Tip.Height + 1;
        var isFast = await _filters.IsUsableAsync(rescan.Trail.Tip, [follower], ct).ConfigureAwait(false);
        if (await session.Feed.FindPrunedAsync(next, isFast ? next : StopOf(rescan, follower), ct).ConfigureAwait(false) is not { } pruned)
        {
            return; // the chain changed meanwhile
        }

        if (rescan.FailedTime is null)
        {
            Log.RescanLacksBlocks(log, rescan.Wallet.ShownName, pruned.Point.Height);
        }

        rescan.FailedTime = Math.Max(rescan.FailedTime ?? 0, pruned.MaxTime);
        rescan.Trail = rescan.Trail.Append(pruned.Point);
    }

    private Task<(IReadOnlyList<FeedBlock> Result, bool IsCurrent, bool IsPruned)> FetchAsync(BlockPoint after, CancellationToken ct)
    {
        var ahead = _ahead;
        _ahead = null;
        return ahead is { } fetched && fetched.After == after ? fetched.Batch : AskAsync(after, ct);
    }

    private Task<(IReadOnlyList<FeedBlock> Result, bool IsCurrent, bool IsPruned)> AskAsync(BlockPoint after, CancellationToken ct) =>
        session.Feed.GetBlocksAsync(new BlockRef(after.Hash, after.Height), BatchBytes, knowsPruned: true, ct).AsTask();

    private async Task LookAtAsync(Rescan rescan, Follower follower, IReadOnlyList<BlockFacts> blocks, CancellationToken ct)
    {
        var stop = StopOf(rescan, follower);
        var line = follower.Snapshot.NextEvent;
        BlockFacts[] wanted = [.. blocks.Where(block => block.Height >= rescan.StartHeight && block.Height <= stop)];
        if (!await feeder.RescanAsync(follower, [.. wanted.Where(static block => block.Searched is null)], ct).ConfigureAwait(false))
        {
            return; // the disk is full: these blocks once more when there is room
        }

        await collaterals.CatchUpAsync(follower, ct).ConfigureAwait(false);
        if (wanted.Length > 0)
        {
            rescan.Reached(wanted[^1].Height);
            Tell(rescan, Math.Max(rescan.Trail.Tip.Height + 1, rescan.StartHeight), wanted[^1].Height, line);
        }

        if (blocks.Count == 0 || blocks[^1].Height >= stop)
        {
            if ((rescan.StopHeight is not null || await LookAtMempoolAsync(rescan, follower, ct).ConfigureAwait(false))
                && await AdoptAsync(rescan, follower).ConfigureAwait(false)
                && await NoteReuseAsync(rescan, follower, stop).ConfigureAwait(false))
            {
                await FinishAsync(rescan, follower).ConfigureAwait(false);
            }
        }
        else
        {
            rescan.Trail = rescan.Trail.Append(blocks[^1].Point);

            // One that has failed begins at its begin after a restart, or nobody would know any more that it failed.
            if (rescan.FailedTime is null && rescan.LastHeight - rescan.NotedAt >= NoteEvery)
            {
                rescan.NotedAt = rescan.LastHeight;
                await NoteAsync(rescan, follower, JobState.Running).ConfigureAwait(false);
            }
        }
    }

    private async Task<bool> LookAtMempoolAsync(Rescan rescan, Follower follower, CancellationToken ct)
    {
        var line = follower.Snapshot.NextEvent;
        MempoolMatch match = new();
        await mempool.ReadAsync(part => match.Add(part, follower.Snapshot), ct).ConfigureAwait(false);
        var found = match.Found;
        if (found.Count > 0 && !await feeder.ChangeAsync(
            follower, wallet => wallet.AddMempoolAsync(found, follower.Wallet.Clock.UnixSeconds, CancellationToken.None)).ConfigureAwait(false))
        {
            return false;
        }

        Tell(rescan, 0, -1, line);
        return true;
    }

    private static void Tell(Rescan rescan, int first, int last, long line) =>
        rescan.Wallet.HearsLookedAgain(new LookedAgain(first, last, line, rescan.Wallet.Snapshot.NextEvent - 1));

    // A payment that was found early may pay a script, too, that the wallet looks ahead to only since it found others.
    private async Task<bool> AdoptAsync(Rescan rescan, Follower follower)
    {
        while (follower.Snapshot.ScriptsVersion is var version && version != rescan.KnownScripts)
        {
            if (!await feeder.ChangeAsync(follower, static wallet => wallet.AdoptScriptsAsync(CancellationToken.None)).ConfigureAwait(false))
            {
                return false;
            }

            rescan.KnownScripts = version;
        }

        return true;
    }

    private async Task<bool> NoteReuseAsync(Rescan rescan, Follower follower, int stop) =>
        !follower.Snapshot.Flags.HasFlag(WalletFlags.AvoidReuse)
        || await feeder.ChangeAsync(
            follower, wallet => wallet.MarkSpentAsync(rescan.StartHeight, stop, CancellationToken.None)).ConfigureAwait(false);

    // Right before the first block to look at; the network's first block pays nobody.
    private async Task<bool> BeginAsync(Rescan rescan, Follower follower, CancellationToken ct)
    {
        var start = rescan.StartHeight;
        if (rescan.Since is { } time)
        {
            var tip = rescan.Wallet.Snapshot.Tip.Height;
            start = await session.Feed.FirstHeightAsync(time, tip, ct).ConfigureAwait(false) ?? tip;
        }

        var height = Math.Max(Math.Max(start - 1, rescan.LastHeight), 0);
        if (await session.Feed.GetBlockHashAsync(height, ct).ConfigureAwait(false) is not { } hash)
        {
            return false; // the chain does not reach there any more
        }

        rescan.Trail = ChainTrail.Of([new BlockPoint(hash, height)]);
        var isFast = await _filters.IsUsableAsync(rescan.Trail.Tip, [follower], ct).ConfigureAwait(false);
        var variant = VariantOf(isFast);
        Log.ScanStarted(log, rescan.Wallet.ShownName, hash, variant);
        return true;
    }

    // One whose end could not be stored, for want of room, ends with its last blocks once more.
    private async Task FinishAsync(Rescan rescan, Follower follower)
    {
        if (await NoteAsync(rescan, follower, rescan.FailedTime is null ? JobState.Done : JobState.Failed).ConfigureAwait(false))
        {
            rescans.Remove(rescan);
            rescan.Complete();
        }
    }

    // What is behind this was stored before; what comes after it is looked at again.
    private Task<bool> NoteAsync(Rescan rescan, Follower follower, JobState state) => feeder.ChangeAsync(
        follower, wallet => wallet.NoteJobAsync(rescan.JobId, rescan.LastHeight, state, FailedAnswer(rescan), CancellationToken.None));

    private static Func<string, IReadOnlyList<long>, string>? FailedAnswer(Rescan rescan) =>
        rescan.FailedTime is { } time ? (answer, timestamps) => ImportFailure.AnswerOf(answer, timestamps, time) : null;
}
