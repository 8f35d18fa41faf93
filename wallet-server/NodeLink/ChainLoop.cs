using System.Collections.Immutable;
using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Encoding;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// The one algorithm, for one session: subscribe; then, over and over, hand what the node told to the wallets that follow,
/// let one that is behind pull a batch, let a rescan look at a batch. Events are hints; pulling is the truth: a wallet that
/// an event does not fit finds the fork, goes back to it and pulls. News that concern no block are taken in while a rescan looks
/// at a batch: who reads waits until the wallet has seen what the node did, and would wait for the batch, too.
/// </summary>
internal sealed class ChainLoop
{
    // Events taken in one go: enough to store a burst at once, few enough that a rescan and a joining wallet get on.
    private const int MaxRun = 64;

    private readonly NodeSession _session;
    private readonly WalletDirectory _wallets;
    private readonly ChainParams _chain;
    private readonly SequenceGate _gate;
    private readonly Signal _wake;
    private readonly ILogger _log;
    private readonly EventQueue _events;
    private readonly BlockFeeder _feeder;
    private readonly CatchUp _catchUp;
    private readonly Rebroadcast _rebroadcast;
    private readonly RescanWork _rescanWork;
    private readonly KnownFinality _finality;
    private readonly KnownCollaterals _collaterals;
    private readonly List<Follower> _followers = [];
    private ImmutableList<Wallet> _admitted = [];
    private Task<bool>? _rescanStep; // under way while it is there
    private Task? _woken;

    /// <summary>A loop that has not begun.</summary>
    public ChainLoop(
        NodeSession session,
        EventQueue events,
        WalletDirectory wallets,
        ChainParams chain,
        Clock clock,
        SequenceGate gate,
        Rescans rescans,
        Signal wake,
        Rebroadcast rebroadcast,
        ILogger log)
    {
        _session = session;
        _wallets = wallets;
        _chain = chain;
        _gate = gate;
        _wake = wake;
        _log = log;
        _events = events;
        PatientWork patient = new("rescan");
        NodeMempool mempool = new(session, clock);
        _feeder = new BlockFeeder(patient, clock, log);
        _finality = new KnownFinality(session, _feeder);
        _collaterals = new KnownCollaterals(session, _feeder);
        _rebroadcast = rebroadcast;
        _catchUp = new CatchUp(session, _feeder, _finality, _collaterals, chain, clock, gate, rebroadcast, mempool, log);
        _rescanWork = new RescanWork(session, _feeder, patient, rescans, mempool, _collaterals, chain, log);
    }

    /// <summary>Called when the loop has done what there was to do, or some of it.</summary>
    public Action Settled { get; init; } = static () => { };

    /// <summary>Runs until the session ends, or the node ends the subscription: then it returns.</summary>
    public async Task RunAsync(CancellationToken ct)
    {
        var (subscription, sequence) = await _session.Feed.SubscribeAsync(_events, ct).ConfigureAwait(false);
        try
        {
            await _session.FindSequenceAsync(ct).ConfigureAwait(false);
            _gate.Open(sequence);
            await LoopAsync(ct).ConfigureAwait(false);
        }
        finally
        {
            if (ct.IsCancellationRequested)
            {
                _session.Own(subscription);
            }
            else
            {
                await subscription.DisposeAsync().ConfigureAwait(false);
            }
        }
    }

    private async Task LoopAsync(CancellationToken ct)
    {
        try
        {
            while (true)
            {
                ct.ThrowIfCancellationRequested();
                if (_events.HasEnded)
                {
                    // As it does when a call of it failed here. Whoever follows on subscribes again, and catches up.
                    _session.Disconnected.ThrowIfCancellationRequested();
                    Log.SubscriptionEnded(_log);
                    return;
                }

                var didWork = false;
                if (_rescanStep is { } step)
                {
                    if (!step.IsCompleted)
                    {
                        if (!await TakeEventsAsync(IsOfNoBlock, ct).ConfigureAwait(false))
                        {
                            await WaitAsync(step, ct).ConfigureAwait(false);
                        }

                        continue;
                    }

                    _rescanStep = null;
                    didWork = await step.ConfigureAwait(false);
                }

                Admit();
                _gate.Look();
                didWork |= await TakeEventsAsync(static _ => true, ct).ConfigureAwait(false);
                didWork |= await _catchUp.StepAsync(_followers, ct).ConfigureAwait(false);
                Settled();
                _rescanStep = _rescanWork.StepAsync(_followers, ct);
                if (_rescanStep.IsCompleted)
                {
                    didWork |= await _rescanStep.ConfigureAwait(false);
                    _rescanStep = null;
                    if (!didWork)
                    {
                        await WaitAsync(null, ct).ConfigureAwait(false);
                    }
                }
            }
        }
        finally
        {
            // Not beside the next session's.
            if (_rescanStep is { } last)
            {
                await ((Task)last).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
    }

    // Until something comes, or the step ends.
    private async Task WaitAsync(Task? step, CancellationToken ct)
    {
        var woken = _woken ??= _wake.WaitAsync(ct).AsTask();
        var first = step is null ? woken : await Task.WhenAny(woken, step).ConfigureAwait(false);
        if (first == woken)
        {
            _woken = null;
            await woken.ConfigureAwait(false);
        }
    }

    // What a rescan finds in blocks is not another for it. That a transaction has left the mempool is: the rescan looks there last.
    private static bool IsOfNoBlock(ChainEvent news) => news is ChainEvent.Added or ChainEvent.TransactionLocked or ChainEvent.ChainLocked;

    // Wallets come and go; a new one catches up by itself and then follows with the rest.
    private void Admit()
    {
        foreach (var lost in _followers.Where(static follower => follower.IsLost))
        {
            _gate.Forget(lost.Wallet, lost.Failure);
        }

        var loaded = _wallets.All;
        if (loaded == _admitted)
        {
            return;
        }

        _admitted = loaded;
        HashSet<Wallet> wallets = [.. loaded];
        foreach (var gone in _followers.Where(follower => !wallets.Contains(follower.Wallet)))
        {
            _gate.Forget(gone.Wallet);
        }

        _followers.RemoveAll(follower => !wallets.Contains(follower.Wallet));
        wallets.ExceptWith(_followers.Select(static follower => follower.Wallet));
        foreach (var wallet in loaded.Where(wallets.Contains))
        {
            _followers.Add(new Follower(wallet));
            _gate.Lose(wallet);
        }
    }

    private async Task<bool> TakeEventsAsync(Func<ChainEvent, bool> isWanted, CancellationToken ct)
    {
        if (!_events.TryTake(isWanted, out var first) || first is null)
        {
            return false;
        }

        var run = TakeRun(first);
        if (first is ChainEvent.Connected or ChainEvent.Disconnected or ChainEvent.Behind)
        {
            foreach (var held in _followers.Where(static follower => follower.IsHeld))
            {
                held.IsHeld = false;
                _gate.Hold(held.Wallet, null);
            }
        }

        switch (first)
        {
            case ChainEvent.Connected:
                await ConnectAsync([.. run.Cast<ChainEvent.Connected>()], ct).ConfigureAwait(false);
                break;
            case ChainEvent.Disconnected disconnected:
                await DisconnectAsync(disconnected, ct).ConfigureAwait(false);
                break;
            case ChainEvent.Added:
                await AddAsync([.. run.Cast<ChainEvent.Added>()], ct).ConfigureAwait(false);
                break;
            case ChainEvent.TransactionLocked:
                await LockAsync([.. run.Cast<ChainEvent.TransactionLocked>().Select(static news => news.Txid)]).ConfigureAwait(false);
                break;
            case ChainEvent.ChainLocked locked:
                await LockChainAsync(locked.Block.Height).ConfigureAwait(false);
                break;
            case ChainEvent.Removed removed:
                await RemoveAsync(removed, ct).ConfigureAwait(false);
                break;
            default:
                Log.Behind(_log);
                foreach (var follower in _followers.Where(follower => follower.ChainSequence < first.Sequence))
                {
                    Lose(follower);
                }

                break;
        }

        _session.CheckSequence(run[^1].Sequence);
        _gate.Advance(run[^1].Sequence);
        return true;
    }

    // Blocks that follow each other are stored together, and so are transactions, if they came within the same second.
    private List<ChainEvent> TakeRun(ChainEvent first)
    {
        List<ChainEvent> run = [first];
        Func<ChainEvent, bool>? isMore = first switch
        {
            ChainEvent.Connected => next =>
                next is ChainEvent.Connected block && block.Block.Previous == ((ChainEvent.Connected)run[^1]).Block.Ref.Hash,
            ChainEvent.Added => static next => next is ChainEvent.Added,
            ChainEvent.TransactionLocked => static next => next is ChainEvent.TransactionLocked,
            _ => null,
        };
        while (isMore is not null && run.Count < MaxRun
            && _events.TryTake(next => next.ArrivedAt == first.ArrivedAt && isMore(next), out var more) && more is not null)
        {
            run.Add(more);
        }

        return run;
    }

    private async Task ConnectAsync(List<ChainEvent.Connected> run, CancellationToken ct)
    {
        var first = run[0].Block;
        var blocks = ChainGuard.CheckChain(
            [.. run.Select(news => news.Block)], new BlockPoint(first.Previous, first.Ref.Height - 1), _chain);
        var sequence = run[^1].Sequence;
        var concerned = _followers.FindAll(follower => follower.IsFollowing && follower.ChainSequence < sequence);
        await _feeder.FeedAsync(concerned, blocks, run[0].ArrivedAt, ct).ConfigureAwait(false);
        var last = blocks[^1].Hash;
        foreach (var follower in concerned.Where(follower => !follower.Snapshot.Trail.Contains(last)))
        {
            Lose(follower);
        }

        concerned.ForEach(static follower => follower.GoneForward());
        foreach (var follower in concerned)
        {
            await _collaterals.CatchUpAsync(follower, ct).ConfigureAwait(false);
        }

        foreach (var follower in concerned.Where(static follower => follower.IsFollowing && follower.Wallet.Offers.TakeRepeat()))
        {
            await _rebroadcast.OfferAsync(_session, follower.Wallet, ct).ConfigureAwait(false);
        }
    }

    private async Task DisconnectAsync(ChainEvent.Disconnected news, CancellationToken ct)
    {
        var block = news.Block;
        var concerned = _followers.FindAll(follower =>
            follower.IsFollowing && follower.ChainSequence < news.Sequence && follower.Snapshot.Trail.Contains(block.Ref.Hash));
        if (concerned.Count == 0)
        {
            return;
        }

        var previous = await _session.Feed.GetBlockHeaderInfoAsync(block.Previous, ct).ConfigureAwait(false);
        var fork = new BlockPoint(block.Previous, block.Ref.Height - 1);
        foreach (var follower in concerned)
        {
            // Too deep a one, block by block or not, is held where the fork is looked for.
            if (follower.Tip.Hash != block.Ref.Hash || !follower.MayGoBackTo(fork))
            {
                Lose(follower);
                continue;
            }

            follower.Wallet.ReorganisedFrom = Math.Max(follower.Tip.Height, follower.Wallet.ReorganisedFrom);
            follower.Wallet.Offers.Repeat();
            await _feeder.ChangeAsync(
                follower, wallet => wallet.DisconnectToAsync(fork, previous?.Time, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private async Task AddAsync(List<ChainEvent.Added> run, CancellationToken ct)
    {
        List<(ulong Sequence, Transaction Tx)> txs = [.. run.Select(news => (news.Sequence, Parse(news.Tx)))];

        // Without the wallet's own payments, which count as in the mempool since they were stored: who reads would wait for the writer.
        List<(Follower Follower, List<Transaction> Found)> matches =
        [
            .. _followers.Where(static follower => follower.IsFollowing).Select(follower => (follower, (List<Transaction>)
            [
                .. MempoolMatch.Scan([.. txs.Where(news => news.Sequence > follower.MempoolSequence).Select(news => news.Tx)], follower.Snapshot)
                    .Where(tx => MempoolMatch.IsNews(tx.Txid, follower.Snapshot)),
            ])),
        ];
        if (matches.Exists(static match => match.Found.Count > 0))
        {
            _gate.Reach([.. matches.Where(static match => match.Found.Count == 0).Select(static match => match.Follower.Wallet)], run[^1].Sequence);
        }

        foreach (var (follower, found) in matches.Where(static match => match.Found.Count > 0))
        {
            ct.ThrowIfCancellationRequested();
            await _feeder.ChangeAsync(
                follower, wallet => wallet.AddMempoolAsync(found, run[0].ArrivedAt, CancellationToken.None)).ConfigureAwait(false);
            await _finality.CatchUpAsync(follower, found.Select(static tx => tx.Txid), ct).ConfigureAwait(false);
            await _collaterals.CatchUpAsync(follower, ct).ConfigureAwait(false);
        }
    }

    // The lock of a transaction that comes later is asked for when it comes.
    private async Task LockAsync(IReadOnlyList<Txid> txids)
    {
        foreach (var follower in _followers.Where(follower => !follower.IsLost))
        {
            await _feeder.ChangeAsync(
                follower,
                wallet => HasAny(wallet, txids) ? wallet.LockAsync(txids, Finality.InstantSend, CancellationToken.None) : Task.CompletedTask).ConfigureAwait(false);
        }
    }

    // Most of what is locked concerns nobody here; the writer need not be asked for that.
    private static bool HasAny(Wallet wallet, IReadOnlyList<Txid> txids)
    {
        if (txids.Any(wallet.Snapshot.Pending.ContainsKey))
        {
            return true;
        }

        using var view = wallet.OpenView();
        return txids.Any(txid => view.Find(txid) is not null);
    }

    // A height says nothing to a wallet that is on another chain, or may be: who arrives is told (KnownFinality).
    private async Task LockChainAsync(int height)
    {
        foreach (var follower in _followers.Where(follower => follower is { IsFollowing: true, IsLost: false }))
        {
            await _feeder.ChangeAsync(follower, wallet => wallet.LockChainAsync(height, CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private async Task RemoveAsync(ChainEvent.Removed news, CancellationToken ct)
    {
        // The block itself says more, and comes next.
        if (news.Reason == "block")
        {
            return;
        }

        foreach (var follower in _followers.Where(follower =>
            follower.IsFollowing && news.Sequence > follower.MempoolSequence && follower.Snapshot.Pending.ContainsKey(news.Txid)))
        {
            ct.ThrowIfCancellationRequested();
            await _feeder.ChangeAsync(
                follower, wallet => wallet.RemoveMempoolAsync(news.Txid, news.Reason == "conflict", CancellationToken.None)).ConfigureAwait(false);
        }
    }

    private void Lose(Follower follower)
    {
        follower.Lose();
        _gate.Lose(follower.Wallet);
    }

    /// <summary>A transaction of the node.</summary>
    /// <exception cref="FeedException">The bytes are none.</exception>
    internal static Transaction Parse(ReadOnlyMemory<byte> bytes)
    {
        try
        {
            return Transaction.Parse(bytes.Span);
        }
        catch (EncodingException)
        {
            throw new FeedException("the node sent a transaction that cannot be read");
        }
    }
}
