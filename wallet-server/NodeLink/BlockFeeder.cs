using Dash.Common.Concurrency;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Hands blocks to wallets: each block is searched once for all of them, and stored in portions. A wallet that cannot be
/// written is left out from then on; the others go on.
/// </summary>
/// <param name="patient">Looks through old blocks.</param>
/// <param name="time">For pauses.</param>
/// <param name="log">What went wrong.</param>
internal sealed class BlockFeeder(PatientWork patient, TimeProvider time, ILogger log)
{
    // A full disk is looked at again after this.
    private static readonly TimeSpan DiskPause = TimeSpan.FromSeconds(1);

    // A portion is one durable write a wallet. What follows a match within a portion is searched again by the wallet's own
    // loop, on the state with that match; so a portion ends soon after its first match.
    private const int MaxPortion = 500;
    private const int MaxAfterMatch = 32;

    // Of a rescan also when so many were found: whoever else changes the wallet meanwhile waits for it.
    private const int MaxOldMatches = 400;

    /// <summary>
    /// Connects blocks that follow each other to the wallets whose tip they extend; a wallet whose tip is further on joins
    /// there. Where a wallet stands afterwards, its tip says.
    /// </summary>
    /// <param name="followers">The wallets.</param>
    /// <param name="blocks">The blocks.</param>
    /// <param name="now">When what is new in them is received, seconds since 1970.</param>
    /// <param name="ct">Ends it between two portions.</param>
    public async Task FeedAsync(IReadOnlyList<Follower> followers, IReadOnlyList<BlockFacts> blocks, long now, CancellationToken ct)
    {
        var index = 0;
        while (index < blocks.Count)
        {
            ct.ThrowIfCancellationRequested();
            List<Follower> takers = [.. followers.Where(follower => !follower.IsLost && follower.Tip.Hash == blocks[index].Previous)];
            if (takers.Count == 0)
            {
                index++;
                continue;
            }

            var portion = Search(blocks, index, takers, [.. followers.Except(takers).Select(follower => follower.Tip.Hash)]);
            await Task.WhenAll(takers.Select((taker, place) => ChangeAsync(
                taker,
                wallet => wallet.ConnectAsync(
                    portion.Blocks, [.. portion.Matches.Select(found => found[place])], now, CancellationToken.None)))).ConfigureAwait(false);
            index += portion.Blocks.Count;
        }
    }

    /// <summary>Has a wallet look at old blocks again; only those with a match are given to it.</summary>
    /// <remarks>The next portion is searched while the wallet works on one.</remarks>
    /// <returns>False if something could not be stored.</returns>
    public async Task<bool> RescanAsync(Follower follower, IReadOnlyList<BlockFacts> blocks, CancellationToken ct)
    {
        var search = SearchOldAsync(follower, blocks, 0, ct);
        for (var from = 0; from < blocks.Count;)
        {
            var found = await search.ConfigureAwait(false);
            if (!found.HoldsFor(follower.Snapshot))
            {
                found = await SearchOldAsync(follower, blocks, from, ct).ConfigureAwait(false);
            }

            from = found.End;
            search = from < blocks.Count ? SearchOldAsync(follower, blocks, from, ct) : search;
            if (found.Blocks.Count > 0 && !await ChangeAsync(
                follower, wallet => wallet.RescanAsync(found.Blocks, found.Matches, CancellationToken.None)).ConfigureAwait(false))
            {
                await ((Task)search).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                return false;
            }
        }

        return true;
    }

    // From the first block with a match to soon after it; the wallet searches what a match of this portion makes necessary.
    private Task<OldPortion> SearchOldAsync(Follower follower, IReadOnlyList<BlockFacts> blocks, int from, CancellationToken ct)
    {
        var snapshot = follower.Snapshot;
        var watched = snapshot.Watched;
        return patient.RunAsync(
            () =>
            {
                List<BlockFacts> found = [];
                List<WalletMatches> matches = [];
                var end = blocks.Count;
                var count = 0;
                for (var index = from; index < end; index++)
                {
                    ct.ThrowIfCancellationRequested();
                    var inBlock = ChainGuard.Scan(blocks[index], data => BlockMatch.Scan(data, snapshot));
                    if (found.Count == 0 && inBlock.Transactions.Count == 0)
                    {
                        continue;
                    }

                    ChainGuard.CheckContent(blocks[index]);
                    end = found.Count == 0 ? Math.Min(end, index + MaxAfterMatch) : end;
                    found.Add(blocks[index]);
                    matches.Add(inBlock);
                    count += inBlock.Transactions.Count;
                    end = count >= MaxOldMatches ? index + 1 : end;
                }

                return new OldPortion(watched, found, matches, end);
            },
            ct);
    }

    /// <summary>Changes a wallet; if that fails the wallet is lost to the loop.</summary>
    /// <returns>Whether the change was stored.</returns>
    public async Task<bool> ChangeAsync(Follower follower, Func<Wallet, Task> change)
    {
        try
        {
            await change(follower.Wallet).ConfigureAwait(false);
            return true;
        }
        catch (WalletException full) when (full.Error == WalletError.DiskFull)
        {
            // It catches up from where it is when there is room again.
            follower.Lose();
            await Task.Delay(DiskPause, time).ConfigureAwait(false);
        }
        catch (WalletException unloaded) when (unloaded.Error == WalletError.NotFound)
        {
            follower.LeaveOut(reason: null);
        }
        catch (Exception failure)
        {
            follower.LeaveOut(failure.Message);
            Log.WalletLost(log, follower.Wallet.ShownName, failure);
        }

        return false;
    }

    private static Portion Search(
        IReadOnlyList<BlockFacts> blocks, int from, List<Follower> takers, HashSet<Primitives.Blocks.BlockHash> joints)
    {
        using var work = ThreadTurns.BeginWork();
        WalletSnapshot[] snapshots = [.. takers.Select(taker => taker.Snapshot)];
        List<BlockFacts> portion = [];
        List<IReadOnlyList<WalletMatches>> matches = [];
        var end = Math.Min(blocks.Count, from + MaxPortion);
        var hasMatch = false;
        for (var index = from; index < end; index++)
        {
            var block = blocks[index];
            var found = Search(block, takers, snapshots);
            portion.Add(block);
            matches.Add(found);
            if (!hasMatch && found.Any(wallet => wallet.Transactions.Count > 0))
            {
                hasMatch = true;
                end = Math.Min(end, index + MaxAfterMatch);
            }

            // Also those after a match: the wallet may find something in them that it watches because of it.
            if (hasMatch)
            {
                ChainGuard.CheckContent(block);
            }

            if (joints.Contains(block.Hash))
            {
                break;
            }
        }

        return new Portion(portion, matches);
    }

    // Nothing older than a wallet can concern it.
    private static IReadOnlyList<WalletMatches> Search(BlockFacts block, List<Follower> takers, WalletSnapshot[] snapshots)
    {
        // Before their birth is looked at: an import may make them older meanwhile.
        Watched[] watched = [.. snapshots.Select(static snapshot => snapshot.Watched)];
        if (takers.TrueForAll(taker => block.Time >= taker.Birth))
        {
            return ChainGuard.Scan(block, data => BlockMatch.Scan(data, snapshots));
        }

        return
        [
            .. takers.Select((taker, place) => block.Time >= taker.Birth
                ? ChainGuard.Scan(block, data => BlockMatch.Scan(data, [snapshots[place]]))[0]
                : new WalletMatches(watched[place], [])),
        ];
    }

    private sealed record OldPortion(
        Watched Watched, IReadOnlyList<BlockFacts> Blocks, IReadOnlyList<WalletMatches> Matches, int End)
    {
        // Also of the blocks that were left out.
        public bool HoldsFor(WalletSnapshot snapshot) => Watched == snapshot.Watched;
    }

    private sealed record Portion(IReadOnlyList<BlockFacts> Blocks, List<IReadOnlyList<WalletMatches>> Matches);
}
