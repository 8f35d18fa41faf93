using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Node.Mempool.Fees;
using Dash.Node.Storage;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Mempool;

/// <summary>
/// The mempool for everybody else: looks at it at once, and posts what changes it to the validation loop. Any thread.
/// </summary>
internal sealed class MempoolGate
{
    private readonly Validation _validation;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly ILogger _rejections;
    private readonly ILogger _general;
    private readonly TxMempool _mempool;
    private readonly AcceptTransaction _accept;
    private readonly AcceptPackage _package;
    private volatile bool _isLoaded;

    /// <summary>An empty mempool that follows the chain. Before the validation loop runs.</summary>
    public MempoolGate(
        Chainstate chainstate, Validation validation, PolicySettings settings, Clock clock, ILoggerFactory logs)
    {
        _validation = validation;
        _clock = clock;
        _log = logs.CreateLogger(LogCategory.Mempool);
        _rejections = logs.CreateLogger(LogCategory.MempoolRej);
        _general = logs.CreateLogger(LogCategory.None);
        Settings = settings;
        _mempool = new TxMempool(chainstate.Events, settings, clock)
        {
            UnbroadcastForgotten = (txid, isSent) =>
                Log.UnbroadcastForgotten(_log, txid, isSent ? "" : " before confirmation that txn was sent out"),
        };
        _accept = new AcceptTransaction(chainstate, _mempool, settings, clock);
        _package = new AcceptPackage(chainstate, _mempool, _accept, settings);
        chainstate.AddFollower(new MempoolUpdater(chainstate, _mempool, _accept, settings, clock));
    }

    /// <summary>Called with transactions of ours that peers shall be told of. On the validation loop; set before it runs.</summary>
    public Action<Txid>? Announce { get; set; }

    /// <summary>What is relayed and kept.</summary>
    public PolicySettings Settings { get; }

    /// <summary>The mempool now, all of it.</summary>
    public MempoolView View => _mempool.View;

    /// <summary>How full the mempool is.</summary>
    public MempoolSummary Summary => _mempool.Summary;

    /// <summary>What blocks teach about fees.</summary>
    public FeeEstimator Fees => _mempool.Fees;

    /// <summary>Whether all that an earlier run saved is back, or nothing is to be brought back.</summary>
    public bool IsLoaded => _isLoaded;

    /// <summary>Grows with everything that may change what the best block is.</summary>
    public uint Updates => _mempool.Updates;

    /// <summary>Transactions of ours that no peer has asked for yet.</summary>
    public IReadOnlyList<Txid> Unbroadcast => _mempool.CopyUnbroadcast();

    /// <summary>A transaction, or null.</summary>
    public MempoolEntry? Find(Txid txid) => _mempool.Find(txid);

    /// <summary>The transaction that spends an output, or null.</summary>
    public MempoolEntry? SpenderOf(OutPoint outPoint) => _mempool.SpenderOf(outPoint);

    /// <summary>A peer has asked for a transaction of ours, so it is on its way.</summary>
    public void ForgetUnbroadcast(Txid txid) => _mempool.ForgetUnbroadcast(txid);

    /// <summary>The mempool itself. Validation loop only.</summary>
    public TxMempool Owned => _mempool;

    /// <summary>Whether a transaction would be accepted.</summary>
    public Task<AcceptResult> TestAsync(Transaction transaction, CancellationToken ct) =>
        _validation.PostAsync((_, _) => _accept.Run(transaction, new AcceptOptions(_clock.UnixSeconds, TestOnly: true)), ct);

    /// <summary>Whether transactions would be accepted one after the other.</summary>
    public Task<PackageResult> TestAsync(IReadOnlyList<Transaction> package, CancellationToken ct) =>
        _validation.PostAsync((_, _) => _package.Test(package, _clock.UnixSeconds), ct);

    /// <summary>Accepts a transaction together with the unconfirmed ones it spends, which it pays for.</summary>
    public Task<PackageResult> SubmitAsync(IReadOnlyList<Transaction> package, CancellationToken ct) =>
        _validation.PostAsync((_, _) => _package.Submit(package, _clock.UnixSeconds), ct);

    /// <summary>Accepts a transaction that came from a peer.</summary>
    public Task<AcceptResult> AcceptAsync(Transaction transaction, CancellationToken ct) =>
        _validation.PostAsync((_, _) => Accept(transaction), ct);

    /// <summary>
    /// Accepts a transaction of ours and notes it for sending. It may pay <paramref name="maxFee"/> at most (zero: anything);
    /// with <paramref name="relay"/> it is sent to peers until one has asked for it; with <paramref name="bypassLimits"/> it
    /// may pay less than the floors.
    /// </summary>
    public Task<BroadcastResult> BroadcastAsync(
        Transaction transaction, Amount maxFee, bool relay, bool bypassLimits, CancellationToken ct) =>
        _validation.PostAsync((chainstate, _) => Broadcast(chainstate, transaction, maxFee, relay, bypassLimits), ct);

    /// <summary>The mempool and the number of the newest event, as one.</summary>
    public Task<(MempoolView View, ulong Sequence)> SnapshotAsync(CancellationToken ct) =>
        _validation.PostAsync((chainstate, _) => (_mempool.View, chainstate.Events.Position.Sequence), ct);

    /// <summary>
    /// Outputs nobody has spent in a block, and those of unconfirmed transactions; null for others, in their order.
    /// </summary>
    public Task<IReadOnlyList<Coin?>> FindCoinsAsync(IReadOnlyList<OutPoint> outPoints, CancellationToken ct) =>
        _validation.PostAsync<IReadOnlyList<Coin?>>(
            (chainstate, _) =>
            {
                var coins = new MempoolCoins(chainstate.Coins, _mempool.Graph);
                return [.. outPoints.Select(coins.Find)];
            },
            ct);

    /// <summary>Which outputs are locked by masternodes that are registered at the tip; one answer each.</summary>
    public Task<IReadOnlyList<bool>> AreCollateralsAsync(IReadOnlyList<OutPoint> outPoints, CancellationToken ct) =>
        _validation.PostAsync<IReadOnlyList<bool>>(
            (chainstate, _) =>
            {
                var masternodes = chainstate.Evo.ListAt(chainstate.View.Tip);
                return [.. outPoints.Select(outPoint => masternodes.OwnerOf(UniqueProperty.Of(outPoint)) is not null)];
            },
            ct);

    /// <summary>Pretends that a transaction pays more or less; adds up.</summary>
    public Task PrioritiseAsync(Txid txid, Amount delta, CancellationToken ct) =>
        _validation.PostAsync((_, _) => _mempool.Prioritise(txid, delta), ct);

    /// <summary>Brings back what an earlier run saved; afterwards the mempool counts as loaded.</summary>
    /// <param name="path">The file; null when nothing is kept between runs.</param>
    /// <param name="ct">Gives up; the mempool then never counts as loaded, and what was saved stays.</param>
    public async Task LoadAsync(string? path, CancellationToken ct)
    {
        MempoolFile? file = null;
        try
        {
            file = path is null ? null : MempoolFile.Load(path);
        }
        catch (Exception e) when (e is EncodingException or IOException or UnauthorizedAccessException)
        {
            Log.ImportFailed(_general, e.Message);
        }

        if (file is not null)
        {
            await LoadAsync(file, ct).ConfigureAwait(false);
        }

        _isLoaded = true;
    }

    /// <summary>Saves the mempool for the next run.</summary>
    /// <returns>False when the disk failed, which is logged.</returns>
    public bool Save(string path)
    {
        try
        {
            MempoolFile.Of(_mempool.View, _mempool.CopyDeltas()).Save(path);
            return true;
        }
        catch (StorageException e)
        {
            Log.SaveFailed(_general, e.Message);
            return false;
        }
    }

    /// <summary>Takes up what an earlier run learnt of fees. Before blocks come.</summary>
    public void LoadFees(string path)
    {
        try
        {
            Fees.Restore(File.ReadAllBytes(path));
        }
        catch (Exception e) when (e is EncodingException or IOException or UnauthorizedAccessException)
        {
            Log.FeesNotRead(_general, path);
        }
    }

    /// <summary>Keeps for the next run what was learnt of fees. After the validation loop has ended.</summary>
    public void SaveFees(string path)
    {
        try
        {
            File.WriteAllBytes(path, Fees.Finish());
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            Log.FeesNotWritten(_general, path);
        }
    }

    private async Task LoadAsync(MempoolFile file, CancellationToken ct)
    {
        var (succeeded, failed, expired, there) = (0, 0, 0, 0);
        foreach (var (transaction, time, delta) in file.Transactions)
        {
            var isExpired = time <= _clock.UnixSeconds - Settings.ExpirySeconds;
            var result = await _validation.PostAsync(
                (_, _) =>
                {
                    if (!delta.IsZero)
                    {
                        _mempool.Prioritise(transaction.Txid, delta);
                    }

                    return isExpired ? default : _accept.Run(transaction, new AcceptOptions(time));
                },
                ct).ConfigureAwait(false);
            var isThere = result.State.RejectReason == "txn-already-in-mempool";
            expired += isExpired ? 1 : 0;
            succeeded += !isExpired && result.IsAccepted ? 1 : 0;
            there += !isExpired && isThere ? 1 : 0;
            failed += isExpired || result.IsAccepted || isThere ? 0 : 1;
        }

        await _validation.PostAsync((_, _) => ApplyRest(file), ct).ConfigureAwait(false);
        Log.Imported(_general, succeeded, failed, expired, there, file.Unbroadcast.Count);
    }

    private AcceptResult Accept(Transaction transaction, bool bypassLimits = false)
    {
        var result = _accept.Run(transaction, new AcceptOptions(_clock.UnixSeconds, bypassLimits));
        if (result.IsAccepted)
        {
            Log.Accepted(_log, transaction.Txid, _mempool.Graph.Count, _mempool.MemoryUsage / 1000);
        }
        else if (_rejections.IsEnabled(LogLevel.Debug))
        {
            var reason = result.State.ToString();
            Log.Rejected(_rejections, transaction.Txid, reason);
        }

        return result;
    }

    private BroadcastResult Broadcast(
        Chainstate chainstate, Transaction transaction, Amount maxFee, bool relay, bool bypassLimits)
    {
        var isInChain = Enumerable.Range(0, transaction.Outputs.Length).Any(
            output => chainstate.Coins.Find(new OutPoint(transaction.Txid, (uint)output)) is not null);
        if (isInChain)
        {
            return new BroadcastResult(BroadcastOutcome.AlreadyInChain, ValidationState.Valid);
        }

        if (!_mempool.Graph.Contains(transaction.Txid))
        {
            if (maxFee > Amount.Zero)
            {
                var test = _accept.Run(transaction, new AcceptOptions(_clock.UnixSeconds, bypassLimits, TestOnly: true));
                if (test.IsAccepted && test.Fee > maxFee)
                {
                    return new BroadcastResult(BroadcastOutcome.MaxFeeExceeded, ValidationState.Valid);
                }
            }

            if (Accept(transaction, bypassLimits) is { IsAccepted: false } refused)
            {
                var outcome = refused.State.Kind == InvalidKind.MissingInputs
                    ? BroadcastOutcome.MissingInputs
                    : BroadcastOutcome.Rejected;
                return new BroadcastResult(outcome, refused.State);
            }

            if (relay)
            {
                _mempool.MarkUnbroadcast(transaction.Txid);
            }
        }

        if (relay)
        {
            Announce?.Invoke(transaction.Txid);
        }

        return new BroadcastResult(BroadcastOutcome.Sent, ValidationState.Valid);
    }

    private void ApplyRest(MempoolFile file)
    {
        foreach (var (txid, delta) in file.Deltas)
        {
            _mempool.Prioritise(txid, delta);
        }

        foreach (var txid in file.Unbroadcast)
        {
            _mempool.MarkUnbroadcast(txid);
        }
    }
}
