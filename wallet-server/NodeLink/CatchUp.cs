using System.Globalization;
using Dash.Common.Time;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Brings wallets that are behind to where the node is, a batch at a time: find the fork, go back to it, pull blocks for
/// those that are furthest behind until all stand at the tip, take the mempool over, offer what the node lacks.
/// </summary>
internal sealed class CatchUp
{
    // Questions about single blocks that are in flight together.
    private const int QuestionsAtOnce = 64;

    // On a chain for tests nobody else has the blocks that a node lacks, and users take back a few; nobody takes back a day of them.
    private const int MostTestBlocks = 576;

    // Blocks below the tip that a new trail has all of.
    private const int DenseTrail = 10;

    private static readonly TimeSpan ReportEvery = TimeSpan.FromSeconds(60);

    private readonly NodeSession _session;
    private readonly BlockFeeder _feeder;
    private readonly KnownFinality _finality;
    private readonly KnownCollaterals _collaterals;
    private readonly ChainParams _chain;
    private readonly Clock _clock;
    private readonly SequenceGate _gate;
    private readonly Rebroadcast _rebroadcast;
    private readonly NodeMempool _mempool;
    private readonly ILogger _log;
    private readonly FilterSearch _filters;
    private readonly BlockPoint _genesis;
    private readonly long _attachedAt;
    private readonly Complaints _complaints;
    private readonly BatchSize _alone = new();
    private long _reportedAt;
    private bool _isOutrun;

    /// <summary>For one session.</summary>
    public CatchUp(
        NodeSession session,
        BlockFeeder feeder,
        KnownFinality finality,
        KnownCollaterals collaterals,
        ChainParams chain,
        Clock clock,
        SequenceGate gate,
        Rebroadcast rebroadcast,
        NodeMempool mempool,
        ILogger log)
    {
        _session = session;
        _feeder = feeder;
        _finality = finality;
        _collaterals = collaterals;
        _chain = chain;
        _clock = clock;
        _gate = gate;
        _rebroadcast = rebroadcast;
        _mempool = mempool;
        _log = log;
        _filters = new FilterSearch(session, chain);
        _genesis = new BlockPoint(chain.Genesis.Header.Hash, 0);
        _attachedAt = clock.UnixSeconds;
        _reportedAt = clock.GetTimestamp();
        _complaints = new Complaints(clock);
    }

    /// <summary>Does one batch for those that are behind; false if nobody is.</summary>
    public async Task<bool> StepAsync(IReadOnlyList<Follower> followers, CancellationToken ct)
    {
        foreach (var accepted in followers.Where(static follower => follower is { IsHeld: true, LacksBlocks: false, Wallet.AcceptsReorganisation: true }))
        {
            accepted.IsHeld = false;
        }

        List<Follower> behind = [.. followers.Where(follower => follower is { IsFollowing: false, IsHeld: false, IsLost: false })];
        foreach (var follower in behind.Where(follower => !follower.IsPlaced))
        {
            await PlaceAsync(follower, ct).ConfigureAwait(false);
        }

        behind.RemoveAll(follower => follower.IsLost || follower.IsHeld);
        if (behind.Count == 0)
        {
            return false;
        }

        var lowest = behind.MinBy(follower => follower.Tip.Height) ?? behind[0];
        var after = lowest.Tip;

        // Where scripts are added faster than filters are looked through, no wallet takes what was told of them: then the blocks themselves.
        var isOutrun = _isOutrun;
        _isOutrun = false;
        if (!isOutrun && await _filters.IsUsableAsync(after, behind, ct).ConfigureAwait(false)
            && await _filters.NextAsync(after, behind, ct).ConfigureAwait(false) is { Count: > 0 } told)
        {
            SayBegin(behind, told[0], isFast: true);
            await FeedAsync(behind, after, told, ct).ConfigureAwait(false);
            _isOutrun = lowest.Tip == after;
            Report(lowest);
            return true;
        }

        // While nobody else waits it may be more than what is stored in a fraction of a second.
        var bytes = behind.Count == followers.Count ? _alone.Bytes : Math.Min(_alone.Bytes, BatchSize.First);
        var askedAt = _clock.GetTimestamp();
        var (blocks, isCurrent, isPruned) = await _session.Feed.GetBlocksAsync(
            new BlockRef(after.Hash, after.Height), bytes, knowsPruned: true, ct).ConfigureAwait(false);
        _alone.Arrived(_clock.GetElapsedTime(askedAt) - _session.RoundTrip());
        if (!isCurrent)
        {
            lowest.IsPlaced = false; // the chain changed since the fork was found
        }
        else if (isPruned)
        {
            await HoldForBlocksAsync(lowest, ct).ConfigureAwait(false);
        }
        else if (blocks.Count == 0)
        {
            await ArriveAsync(behind, ct).ConfigureAwait(false);
        }
        else
        {
            var pulled = ChainGuard.CheckChain(blocks, after, _chain);
            SayBegin(behind, pulled[0], isFast: false);
            await FeedAsync(behind, after, pulled, ct).ConfigureAwait(false);
            Report(lowest);
        }

        return true;
    }

    private async Task PlaceAsync(Follower follower, CancellationToken ct)
    {
        var lackedBlocks = follower.LacksBlocks;
        follower.LacksBlocks = false;
        if (!follower.Snapshot.UnknownBlocks.IsEmpty)
        {
            var answers = await AskAsync([.. follower.Snapshot.UnknownBlocks], ct).ConfigureAwait(false);
            await _feeder.ChangeAsync(
                follower, wallet => wallet.ResolveAsync(answers, CancellationToken.None)).ConfigureAwait(false);
        }

        if (follower.Tip == BlockPoint.None)
        {
            await BeginAsync(follower, ct).ConfigureAwait(false);
        }
        else if (!await GoBackAsync(follower, ct).ConfigureAwait(false))
        {
            follower.IsHeld = true;
            if (!follower.WasServed)
            {
                _gate.Unserved.Add(follower.Wallet);
            }

            return;
        }

        follower.IsPlaced = follower.WasServed = true;
        if (!lackedBlocks)
        {
            _gate.Unserved.Remove(follower.Wallet);
        }
    }

    // One that lacked blocks is served when there are some for it, not with every new block of the chain: who looks for another node would
    // begin again with each.
    private async Task FeedAsync(List<Follower> behind, BlockPoint after, IReadOnlyList<BlockFacts> blocks, CancellationToken ct)
    {
        var served = behind.FindAll(follower => follower.Tip == after);
        await _feeder.FeedAsync(behind, blocks, _clock.UnixSeconds, ct).ConfigureAwait(false);
        served.ForEach(follower => _gate.Unserved.Remove(follower.Wallet));
    }

    // What the wallet lacks is not there any more. Another node may have it; this one when it has been started with -reindex. Passing
    // over it would lose payments without a word.
    private async Task HoldForBlocksAsync(Follower follower, CancellationToken ct)
    {
        var tip = follower.Tip;
        if (await _session.Feed.FindPrunedAsync(tip.Height + 1, int.MaxValue, ct).ConfigureAwait(false) is not { } pruned)
        {
            follower.IsPlaced = false; // the chain changed meanwhile
            return;
        }

        follower.IsPlaced = false;
        follower.IsHeld = follower.LacksBlocks = true;
        _gate.Unserved.Add(follower.Wallet);
        var reason = string.Create(
            CultureInfo.InvariantCulture,
            $"the wallet is at height {tip.Height} and the node has pruned blocks up to {pruned.Point.Height}: waiting for a node that has them (-reindex brings them back)");
        _gate.Hold(follower.Wallet, new NodeStatus(NodeState.CatchingUp, reason) { CanBeAccepted = false });
        if (_complaints.IsDue(follower.Wallet.Name, "pruned"))
        {
            Log.BlocksArePruned(_log, follower.Wallet.ShownName, reason);
        }
    }

    // A wallet that has seen nothing. One made since we are attached begins at the tip: whoever made it was not answered before
    // this, so nobody can have paid it yet. Any other begins where blocks are as old as it is. In the second of the attachment
    // it may have been made before: its maker was answered then, and blocks may have paid it since.
    private async Task BeginAsync(Follower follower, CancellationToken ct)
    {
        var (_, tip) = await _session.Feed.PositionAsync(ct).ConfigureAwait(false);
        var isNew = follower.Snapshot.Keychains.All(keychain => keychain.CreationTime > _attachedAt);
        var height = isNew ? tip.Height : await _session.Feed.HeightBeforeAsync(follower.Birth, tip.Height, ct).ConfigureAwait(false);
        var trail = await TrailToAsync(height, ct).ConfigureAwait(false);
        var header = await _session.Feed.GetBlockHeaderInfoAsync(trail[^1].Hash, ct).ConfigureAwait(false);
        await _feeder.ChangeAsync(
            follower,
            wallet => wallet.StartAtAsync(trail, header?.Time ?? _chain.Genesis.Header.Time, CancellationToken.None)).ConfigureAwait(false);
    }

    // Blocks of the active chain up to a height, ever sparser going back: the way home from a reorganisation.
    private async Task<IReadOnlyList<BlockPoint>> TrailToAsync(int height, CancellationToken ct)
    {
        List<int> heights = [];
        for (var (at, step) = (height, 1); at > 0; at -= step)
        {
            heights.Add(at);
            step *= heights.Count > DenseTrail ? 2 : 1;
        }

        var hashes = await Task.WhenAll(
            heights.Select(at => _session.Feed.GetBlockHashAsync(at, ct).AsTask())).ConfigureAwait(false);
        var known = heights.Zip(hashes, static (at, hash) => (Height: at, Hash: hash)).Where(static point => point.Hash is not null);
        return [_genesis, .. known.Reverse().Select(static point => new BlockPoint(point.Hash!.Value, point.Height))]; // not null: filtered
    }

    // False when the wallet waits rather than going back: the node is behind, or its chain takes back too much. One that is behind
    // gets the blocks again, or another node has them. Going back would make everything unconfirmed, and offer all of it to the
    // node. Who waits waits until the node is as high.
    private async Task<bool> GoBackAsync(Follower follower, CancellationToken ct)
    {
        // The position first: a node that gets the blocks meanwhile would be as high, with a fork from when it was not.
        var tip = follower.Tip;
        var (_, nodeTip) = await _session.Feed.PositionAsync(ct).ConfigureAwait(false);
        var found = await _session.Feed.FindForkAsync(follower.Snapshot.Locator, ct).ConfigureAwait(false);
        var fork = found is { } shared ? new BlockPoint(shared.Hash, shared.Height) : _genesis;
        if (fork.Hash == tip.Hash)
        {
            return true;
        }

        if (IsBehind(follower, fork, nodeTip))
        {
            follower.HasWaited = true;
            _gate.Hold(follower.Wallet, new NodeStatus(NodeState.CatchingUp, string.Create(
                CultureInfo.InvariantCulture,
                $"the wallet is at height {tip.Height} and the node only at {nodeTip.Height}: waiting until it has caught up")));
            if (_complaints.IsDue(follower.Wallet.Name, ""))
            {
                Log.NodeIsShorter(_log, follower.Wallet.ShownName, tip.Height, nodeTip.Height);
            }

            return false;
        }

        if (!follower.MayGoBackTo(fork))
        {
            var depth = follower.DepthAt(fork);
            var reason = string.Create(
                CultureInfo.InvariantCulture,
                $"its chain has left the wallet's {depth} blocks ago, at height {fork.Height}; more than -maxreorg={follower.Snapshot.Settings.MaxReorganisation} needs acceptchain");
            _gate.Hold(follower.Wallet, new NodeStatus(NodeState.WrongChain, reason));
            if (_complaints.IsDue(follower.Wallet.Name, reason))
            {
                Log.ChainContradicts(_log, follower.Wallet.ShownName, reason);
            }

            return false;
        }

        follower.Wallet.ReorganisedFrom = follower.Wallet.AcceptsReorganisation ? 0 : Math.Max(tip.Height, follower.Wallet.ReorganisedFrom);
        follower.Wallet.AcceptsReorganisation = false;
        follower.Wallet.Offers.Repeat();
        _gate.Hold(follower.Wallet, null);
        Log.GoingBack(_log, follower.Wallet.ShownName, tip.Hash, tip.Height, fork.Hash, fork.Height);
        var header = await _session.Feed.GetBlockHeaderInfoAsync(fork.Hash, ct).ConfigureAwait(false);
        await _feeder.ChangeAsync(
            follower, wallet => wallet.DisconnectToAsync(fork, header?.Time, CancellationToken.None)).ConfigureAwait(false);
        return true;
    }

    // Not one that had the blocks in this session: it has taken them back, and is followed. And one that is all there is, on a chain
    // for tests, is believed as long as it is not too much.
    private bool IsBehind(Follower follower, BlockPoint fork, BlockRef nodeTip)
    {
        var missing = follower.Tip.Height - nodeTip.Height;
        return missing > 0 && !follower.WasServed && !follower.Wallet.AcceptsReorganisation
            && (follower.HasWaited || _session.HasOthers || !_chain.IsMockable || missing > MostTestBlocks
                || (fork.Hash == nodeTip.Hash && !follower.MayGoBackTo(fork)));
    }

    private async Task<Dictionary<BlockHash, HeaderFacts?>> AskAsync(IReadOnlyList<BlockHash> blocks, CancellationToken ct)
    {
        Dictionary<BlockHash, HeaderFacts?> answers = [];
        foreach (var some in blocks.Chunk(QuestionsAtOnce))
        {
            var headers = await Task.WhenAll(
                some.Select(hash => _session.Feed.GetBlockHeaderInfoAsync(hash, ct).AsTask())).ConfigureAwait(false);
            for (var i = 0; i < some.Length; i++)
            {
                answers[some[i]] = headers[i] is { } header
                    ? new HeaderFacts(header.Hash, header.Height, header.Time, header.MedianTime, header.OnActiveChain)
                    : null;
            }
        }

        return answers;
    }

    private async Task ArriveAsync(List<Follower> behind, CancellationToken ct)
    {
        var (sequence, tip) = await _session.Feed.PositionAsync(ct).ConfigureAwait(false);
        var arrived = behind.FindAll(follower => follower.Tip.Hash == tip.Hash);
        if (arrived.Count == 0)
        {
            return; // there are new blocks already
        }

        // A large mempool takes seconds to read, in which nobody is told of anything; what it holds pays nobody of whom nobody knows.
        List<(Follower Follower, MempoolMatch Match)> matches = arrived.ConvertAll(static follower => (follower, new MempoolMatch()));
        List<(Follower Follower, MempoolMatch Match)> known = matches.FindAll(static match => !IsUnknown(match.Follower.Wallet));
        var mempoolSequence = known.Count == 0
            ? sequence
            : await _mempool.ReadAsync(part => known.ForEach(match => match.Match.Add(part, match.Follower.Snapshot)), ct).ConfigureAwait(false);
        foreach (var (follower, match) in matches)
        {
            var found = match.Found;
            if (found.Count > 0 || follower.Snapshot.Pending.Count > 0)
            {
                await _feeder.ChangeAsync(
                    follower, wallet => wallet.SetMempoolAsync(found, CancellationToken.None)).ConfigureAwait(false);
            }

            await _finality.CatchUpAsync(follower, follower.Snapshot.Pending.Values.Select(static pending => pending.Tx.Txid), ct).ConfigureAwait(false);
            await _collaterals.CatchUpAsync(follower, ct).ConfigureAwait(false);
            if (follower.IsLost)
            {
                continue;
            }

            follower.GoneForward();
            follower.ChainSequence = sequence;
            follower.MempoolSequence = mempoolSequence;
            follower.IsFollowing = true;
            _gate.Unserved.Remove(follower.Wallet);
            Log.CaughtUp(_log, follower.Wallet.ShownName, tip.Hash, tip.Height);
            await _rebroadcast.OfferAsync(_session, follower.Wallet, ct).ConfigureAwait(false);
            _gate.Follow(follower.Wallet, sequence);
        }
    }

    // Looked at after the position was asked for: who is given an address from here on pays it after that.
    private static bool IsUnknown(Wallet wallet) => wallet is { IsUnknown: true, Snapshot: { Pending.Count: 0 } snapshot }
        && snapshot.Keychains.All(static keychain => keychain.NextIndex == 0);

    private void SayBegin(List<Follower> behind, BlockFacts first, bool isFast)
    {
        var variant = RescanWork.VariantOf(isFast);
        foreach (var follower in behind.Where(follower => !follower.HasBegun && follower.Tip.Hash == first.Previous))
        {
            follower.HasBegun = true;
            Log.ScanStarted(_log, follower.Wallet.ShownName, first.Hash, variant);
        }
    }

    private void Report(Follower lowest)
    {
        if (_clock.GetElapsedTime(_reportedAt) >= ReportEvery)
        {
            _reportedAt = _clock.GetTimestamp();
            Log.CatchingUp(_log, lowest.Wallet.ShownName, lowest.Tip.Height);
        }
    }
}
