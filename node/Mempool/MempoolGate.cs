using Dash.Common.Logging;
using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
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
        _mempool = new TxMempool(chainstate.Events, settings, clock);
        _accept = new AcceptTransaction(chainstate, _mempool, settings, clock);
        chainstate.AddFollower(new MempoolUpdater(chainstate, _mempool, _accept, clock));
    }

    /// <summary>What is relayed and kept.</summary>
    public PolicySettings Settings { get; }

    /// <summary>The mempool now.</summary>
    public MempoolView View => _mempool.View;

    /// <summary>The mempool itself. Validation loop only.</summary>
    public TxMempool Owned => _mempool;

    /// <summary>Whether a transaction would be accepted.</summary>
    public Task<AcceptResult> TestAsync(Transaction transaction, CancellationToken ct) =>
        _validation.PostAsync((_, _) => _accept.Run(transaction, _clock.UnixSeconds, testOnly: true), ct);

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

    /// <summary>Pretends that a transaction pays more or less; adds up.</summary>
    public Task PrioritiseAsync(Txid txid, Amount delta, CancellationToken ct) =>
        _validation.PostAsync((_, _) => _mempool.Prioritise(txid, delta), ct);

    /// <summary>Brings back what an earlier run saved.</summary>
    public async Task LoadAsync(string path, CancellationToken ct)
    {
        MempoolFile? file;
        try
        {
            file = MempoolFile.Load(path);
        }
        catch (Exception e) when (e is EncodingException or IOException)
        {
            Log.ImportFailed(_general, e.Message);
            return;
        }

        if (file is null)
        {
            return;
        }

        var (succeeded, failed, expired, there) = (0, 0, 0, 0);
        foreach (var (transaction, time, delta) in file.Transactions)
        {
            if (time <= _clock.UnixSeconds - Settings.ExpirySeconds)
            {
                expired++;
                continue;
            }

            var result = await _validation.PostAsync(
                (_, _) =>
                {
                    if (!delta.IsZero)
                    {
                        _mempool.Prioritise(transaction.Txid, delta);
                    }

                    return _accept.Run(transaction, time);
                },
                ct).ConfigureAwait(false);
            var isThere = result.State.RejectReason == "txn-already-in-mempool";
            succeeded += result.IsAccepted ? 1 : 0;
            there += isThere ? 1 : 0;
            failed += result.IsAccepted || isThere ? 0 : 1;
        }

        await _validation.PostAsync((_, _) => ApplyRest(file), ct).ConfigureAwait(false);
        Log.Imported(_general, succeeded, failed, expired, there, file.Unbroadcast.Count);
    }

    /// <summary>Saves the mempool for the next run. After the validation loop has ended.</summary>
    public void Save(string path)
    {
        try
        {
            MempoolFile.Of(_mempool.View, _mempool.FeeDeltas).Save(path);
        }
        catch (StorageException e)
        {
            Log.SaveFailed(_general, e.Message);
        }
    }

    private AcceptResult Accept(Transaction transaction, bool bypassLimits = false)
    {
        var result = _accept.Run(transaction, _clock.UnixSeconds, bypassLimits);
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
                var test = _accept.Run(transaction, _clock.UnixSeconds, bypassLimits, testOnly: true);
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
