using System.Collections.Immutable;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;
using FeeEstimate = Dash.WalletServer.Spending.FeeEstimate;

namespace Dash.WalletServer.NodeLink;

/// <summary>A payment that is the wallet's from now on.</summary>
/// <param name="Txid">Its id.</param>
/// <param name="Payment">How it was made.</param>
/// <param name="Refusal">Why the node did not take it; null if it did. It stays stored and is offered again.</param>
internal sealed record SentPayment(Txid Txid, BuiltPayment Payment, string? Refusal)
{
    /// <summary>Why its fee rate is what it is.</summary>
    public string FeeReason => Payment.FeeReason;
}

/// <summary>
/// Pays: quote → reserve → sign → commit → broadcast. Between any two steps the process may die without paying twice: until
/// the commit nothing has happened, after it the payment is the wallet's and is offered until the node has it.
/// </summary>
internal sealed class Spender(AttachedNode node, ILogger log)
{
    // Core: mapValue of a payment from mixed coins.
    private const string MixedNote = "DS";

    /// <summary>What the caller said about this payment.</summary>
    public SpendTicket Ticket { get; init; } = SpendTicket.None;

    /// <summary>Secrets that are open for this payment alone; null where those of the wallet count.</summary>
    public KeyRing? Keys { get; private init; }

    /// <summary>How a wallet stands towards the node that is there; null where nobody looks.</summary>
    public Func<Wallet, NodeStatus>? StatusOf { get; init; }

    /// <summary>The same spender for one call.</summary>
    public Spender For(SpendTicket ticket) => new(node, log) { Ticket = ticket, Keys = Keys, StatusOf = StatusOf };

    /// <summary>The same spender with secrets of its own.</summary>
    public Spender With(KeyRing keys) => new(node, log) { Ticket = Ticket, Keys = keys, StatusOf = StatusOf };

    /// <summary>Pays, all recipients or none.</summary>
    /// <param name="wallet">Who pays.</param>
    /// <param name="payments">Whom.</param>
    /// <param name="control">How, as far as the user says.</param>
    /// <param name="notes">Comments: <c>comment</c>, <c>to</c>.</param>
    /// <param name="ct">Gives up before the payment is stored; afterwards nothing is given up.</param>
    /// <exception cref="WalletException">It cannot be paid; the text is Core's. Nothing has happened.</exception>
    /// <exception cref="IpcException">There is no node, or it went before the payment was stored.</exception>
    public async Task<SentPayment> SendAsync(
        Wallet wallet,
        IReadOnlyList<Payment> payments,
        CoinControl control,
        ImmutableSortedDictionary<string, string> notes,
        CancellationToken ct)
    {
        RequireSecrets(wallet);
        var market = await QuoteAsync(wallet, control, isSent: true, ct).ConfigureAwait(false);
        using var reservation = await WithRoomAsync(
            wallet, market, heard => wallet.ReserveAsync(payments, control, heard, ct), static made => made.Payment, ct).ConfigureAwait(false);
        LogGrouping(wallet, reservation.Payment);
        var signed = await SignAsync(wallet, reservation.Payment, ct).ConfigureAwait(false);
        if (control.CoinType == CoinType.OnlyFullyMixed)
        {
            notes = notes.SetItem(MixedNote, "1");
        }

        var refusal = await PayAsync(wallet, signed, notes, reservation, ct).ConfigureAwait(false);
        return new SentPayment(signed.Txid, reservation.Payment, refusal);
    }

    /// <summary>Joins small coins to one.</summary>
    /// <param name="wallet">Whose.</param>
    /// <param name="wish">Which, and where to.</param>
    /// <param name="isDryRun">Only says what would be done.</param>
    /// <param name="ct">Gives up before the transaction is stored; afterwards nothing is given up.</param>
    /// <exception cref="WalletException">It cannot be done; nothing has happened.</exception>
    /// <exception cref="IpcException">There is no node.</exception>
    public async Task<(SentPayment Sent, Consolidation Chosen)> ConsolidateAsync(
        Wallet wallet, ConsolidationWish wish, bool isDryRun, CancellationToken ct)
    {
        if (!isDryRun)
        {
            RequireSecrets(wallet);
        }

        var market = await QuoteAsync(wallet, wish.Control, isSent: true, ct).ConfigureAwait(false);
        var (reservation, chosen) = await wallet.ReserveAsync(wish, market, ct).ConfigureAwait(false);
        using var held = reservation;
        if (isDryRun)
        {
            return (new SentPayment(default, held.Payment, null), chosen);
        }

        var signed = await SignAsync(wallet, held.Payment, ct).ConfigureAwait(false);
        return (new SentPayment(signed.Txid, held.Payment, await PayAsync(wallet, signed, WalletTx.NoNotes, held, ct).ConfigureAwait(false)), chosen);
    }

    /// <summary>
    /// Adds inputs and change to a transaction; what it spends already may be strangers'. Nothing is stored (<see cref="PaymentRequests.KeepAsync"/>).
    /// </summary>
    /// <param name="wallet">Who pays.</param>
    /// <param name="tx">The transaction.</param>
    /// <param name="bearers">Places of outputs that bear the fee.</param>
    /// <param name="control">How, as far as the user says.</param>
    /// <param name="locksCoins">Set the coins aside.</param>
    /// <param name="isSent">It is to be sent, not only made: that needs a node where nobody said that payments wait for one.</param>
    /// <param name="ct">Gives up before anything is stored.</param>
    /// <exception cref="WalletException">It cannot be made; the text is Core's.</exception>
    /// <exception cref="IpcException">There is no node.</exception>
    public async Task<FundedTransaction> FundAsync(
        Wallet wallet, Transaction tx, IReadOnlySet<int> bearers, CoinControl control, bool locksCoins, bool isSent, CancellationToken ct)
    {
        try
        {
            var external = await FindStrangersAsync(wallet, tx, ct).ConfigureAwait(false);
            var market = await QuoteAsync(wallet, control, isSent, ct).ConfigureAwait(false);
            var request = new FundingRequest(tx, bearers, control, external, locksCoins);
            var funded = await WithRoomAsync(
                wallet, market, heard => wallet.FundAsync(request, heard, ct), static made => made.Payment, ct).ConfigureAwait(false);
            LogGrouping(wallet, funded.Payment);
            return funded;
        }
        catch (WalletException refused) when (refused.Error == WalletError.InsufficientFunds)
        {
            throw new WalletException(WalletError.Wallet, refused.Message, refused);
        }
    }

    /// <summary>Stores a transaction that was funded here as the wallet's own and offers it to the node.</summary>
    public Task CommitAsync(Wallet wallet, Transaction tx, FundedTransaction funded, CancellationToken ct) =>
        PayAsync(wallet, tx, WalletTx.NoNotes, funded, ct);

    /// <summary>Outputs the chain or the mempool has, by their places; those it has not are left out.</summary>
    /// <exception cref="IpcException">There is no node.</exception>
    public async Task<Dictionary<OutPoint, TxOut>> FindCoinsAsync(IReadOnlyList<OutPoint> outPoints, CancellationToken ct)
    {
        var coins = await node.Require().Feed.FindCoinsAsync([.. outPoints.Select(Bytes)], ct).ConfigureAwait(false);
        return outPoints.Zip(coins)
            .Where(static pair => pair.Second.IsFound)
            .DistinctBy(static pair => pair.First)
            .ToDictionary(static pair => pair.First, static pair => new TxOut(pair.Second.Value, new Script(pair.Second.Script.Span)));
    }

    /// <summary>Says that the answer about a payment could not be kept with it.</summary>
    public void NotKept(Wallet wallet, string reason) => Log.AnswerNotKept(log, wallet.ShownName, reason);

    /// <summary>The least rate the node relays.</summary>
    /// <exception cref="IpcException">There is no node.</exception>
    public Task<FeeRate> MinRelayAsync(CancellationToken ct) => node.Require().MinRelayAsync(ct);

    // Chosen once more where the node knows of longer chains behind the coins than the wallet does. Core: AttemptSelection asks about each coin,
    // CreateTransactionInternal about the transaction.
    private async Task<T> WithRoomAsync<T>(
        Wallet wallet, FeeMarket market, Func<FeeMarket, Task<T>> make, Func<T, BuiltPayment> paymentOf, CancellationToken ct)
        where T : class, IDisposable
    {
        var made = await make(market).ConfigureAwait(false);
        if (node.Live is not { } session || WrongChainOf(wallet) is not null)
        {
            return made;
        }

        try
        {
            MempoolChains chains = new(session, wallet.Snapshot);
            if (chains.Concern(paymentOf(made)) && await chains.CorrectAsync(paymentOf(made), market, ct).ConfigureAwait(false) is { } corrected)
            {
                made.Dispose();
                made = await make(corrected).ConfigureAwait(false);
            }

            if (wallet.Snapshot.Settings.RejectLongChains && chains.Concern(paymentOf(made)))
            {
                await chains.RequireRoomAsync(paymentOf(made), ct).ConfigureAwait(false);
            }

            return made;
        }
        catch
        {
            made.Dispose();
            throw;
        }
    }

    // What the node says about fees now, as far as a payment asks for it.
    private async Task<FeeMarket> QuoteAsync(Wallet wallet, CoinControl control, bool isSent, CancellationToken ct)
    {
        int[] targets = [control.ConfirmTarget ?? wallet.Snapshot.Settings.ConfirmTarget, FeeMarket.LongestTarget];
        var isSpooled = Ticket.Spool ?? (!isSent || wallet.Snapshot.Settings.SpoolSends);
        var session = node.Live;
        if (!isSpooled && session is not null && WrongChainOf(wallet) is { } wrong)
        {
            // Its chain may not have what would be spent; whether it is the right one, the user says first.
            throw new IpcException(IpcErrorKind.Disconnected, $"Not connected to a node of the wallet's chain ({wrong.Reason})");
        }

        try
        {
            return session is null && isSpooled ? WithoutNode() : await AskFeesAsync(session ?? node.Require(), targets, ct).ConfigureAwait(false);
        }
        catch (Exception gone) when (isSpooled && (gone is IpcException { Kind: IpcErrorKind.Disconnected } or ObjectDisposedException))
        {
            // It went while it was asked, which is no reason to refuse what may wait for it.
            return WithoutNode();
        }
    }

    // What the last node said about limits holds; estimates are too old to count.
    private FeeMarket WithoutNode() => (node.Market ?? FeeMarket.Quiet) with { Estimates = [] };

    private async Task<FeeMarket> AskFeesAsync(NodeSession session, int[] targets, CancellationToken ct)
    {
        var quote = await session.Feed.FeeQuoteAsync(targets, ct).ConfigureAwait(false);
        return node.Market = new FeeMarket
        {
            MinRelay = quote.MinRelay,
            MempoolMin = quote.MempoolMin,
            DustRelay = quote.DustRelay,
            MaxAncestors = quote.MaxAncestors,
            MaxDescendants = quote.MaxDescendants,
            IsInitialDownload = quote.IsInitialDownload,
            Estimates = [.. quote.Estimates.Select(estimate =>
                new FeeEstimate(estimate.Target, estimate.FeeRate, estimate.ActualTarget)
                {
                    Economical = estimate.Economical,
                    Reason = estimate.Reason,
                    EconomicalReason = estimate.EconomicalReason,
                })],
        };
    }

    private void LogGrouping(Wallet wallet, BuiltPayment payment)
    {
        if (payment.Comparison is var (plain, grouped, isGrouped))
        {
            Log.Grouping(log, wallet.ShownName, plain.Duffs, grouped.Duffs, isGrouped ? "grouped" : "non-grouped");
        }
    }

    private static ReadOnlyMemory<byte> Bytes(OutPoint outPoint)
    {
        var writer = new ByteWriter(36);
        outPoint.Write(writer);
        return writer.ToArray();
    }

    private async Task<ImmutableDictionary<OutPoint, TxOut>> FindStrangersAsync(Wallet wallet, Transaction tx, CancellationToken ct)
    {
        OutPoint[] strangers;
        using (var view = wallet.OpenView())
        {
            strangers =
            [
                .. tx.Inputs.Select(static input => input.PreviousOutput)
                    .Where(outPoint => view.FindOutput(outPoint) is not { } output || !view.Snapshot.IsMine(output.ScriptPubKey)),
            ];
        }

        if (strangers.Length == 0)
        {
            return ImmutableDictionary<OutPoint, TxOut>.Empty;
        }

        var found = await FindCoinsAsync(strangers, ct).ConfigureAwait(false);
        return Array.TrueForAll(strangers, found.ContainsKey)
            ? found.ToImmutableDictionary()
            : throw new WalletException(WalletError.Wallet, "Unable to find UTXO for external input");
    }

    // Core: EnsureWalletIsUnlocked, then the flag; in that order.
    private void RequireSecrets(Wallet wallet)
    {
        if ((Keys ?? wallet.Keys).IsLocked)
        {
            throw WalletException.Locked();
        }

        if (wallet.Snapshot.IsWatchOnly)
        {
            throw new WalletException(WalletError.Wallet, "Error: Private keys are disabled for this wallet");
        }
    }

    /// <summary>Who signs: the keys that were given to these payments, or else the wallet's.</summary>
    public ISigner SignerOf(Wallet wallet) => Keys is { } own ? new LocalSigner(own) : wallet.Signer;

    private async Task<Transaction> SignAsync(Wallet wallet, BuiltPayment payment, CancellationToken ct)
    {
        var signed = await SignerOf(wallet).SignAsync(
            payment.Tx, [.. payment.Spent], wallet.Snapshot.OwnersOf, SigHashType.All, ct).ConfigureAwait(false);
        return signed.IsComplete
            ? signed.Tx
            : throw new WalletException(WalletError.InsufficientFunds, "Signing transaction failed");
    }

    // Stored is paid: from then on neither a caller who hangs up nor a node that refuses or goes changes the answer. Why the node does not
    // have it, or null. Once it is stored nobody needs to wait for what held its coins.
    private async Task<string?> PayAsync(
        Wallet wallet, Transaction tx, ImmutableSortedDictionary<string, string> notes, IDisposable held, CancellationToken ct)
    {
        var request = Ticket.For(tx.Txid, wallet.Clock.UnixSeconds);
        if (!wallet.Snapshot.Settings.Broadcast)
        {
            await wallet.CommitAsync(tx, notes, request, isOffered: false, ct).ConfigureAwait(false);
            Ticket.Note(request);
            return null;
        }

        using var offer = wallet.Offers.Begin(tx.Txid);
        var isMarked = await wallet.CommitAsync(tx, notes, request, isOffered: Listener(wallet).Session is not null, ct).ConfigureAwait(false);
        Ticket.Note(request);
        held.Dispose();
        var refusal = await OfferAsync(wallet, tx, isMarked).ConfigureAwait(false);
        if (refusal is not null)
        {
            Log.NotSentYet(log, wallet.ShownName, refusal);
        }

        return refusal;
    }

    // To whom a payment is offered, or why to nobody.
    private (NodeSession? Session, string? Reason) Listener(Wallet wallet)
    {
        if (node.Live is not { } session)
        {
            return (null, node.NotConnected);
        }

        return WrongChainOf(wallet) is { } wrong ? (null, wrong.Reason) : (session, null);
    }

    // What the wallet waits for at a node whose chain may be another one than its own; null if it is not so.
    private NodeStatus? WrongChainOf(Wallet wallet) => StatusOf?.Invoke(wallet) is { State: NodeState.WrongChain } wrong ? wrong : null;

    // Why no node has it, or null. One that has come while the payment was stored has looked at what waits before.
    private async Task<string?> OfferAsync(Wallet wallet, Transaction tx, bool isMarked)
    {
        NodeSession? asked = null;
        var isSecond = false;
        string? refusal;
        do
        {
            var (session, reason) = Listener(wallet);
            if (session is null)
            {
                refusal = reason;
                break;
            }

            (isSecond, asked) = (asked is not null, session);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(session.Disconnected, node.Stopping);
            refusal = await AskAsync(session, wallet, tx, either.Token).ConfigureAwait(false);
        }
        while (refusal is not null && node.Live is { } next && next != asked);

        try
        {
            if (refusal is null && (!isMarked || isSecond))
            {
                await wallet.MarkInMempoolAsync(tx.Txid, CancellationToken.None).ConfigureAwait(false);
            }
            else if (refusal is not null && isMarked && (node.Session is not { } other || other == asked))
            {
                // The next session has said, or will say, what its node has.
                await wallet.RemoveMempoolAsync(tx.Txid, isContradicted: false, CancellationToken.None).ConfigureAwait(false);
            }

            if (refusal is not null && Rebroadcast.LacksCoins(refusal))
            {
                wallet.Offers.Repeat();
            }
        }
        catch (WalletException)
        {
            // Unloaded meanwhile; or the disk failed after the payment was stored, and its next change will say so.
        }

        return refusal;
    }

    // Null if the node has it.
    private static async Task<string?> AskAsync(NodeSession session, Wallet wallet, Transaction tx, CancellationToken ct)
    {
        try
        {
            await wallet.Offers.ParentsAsync(tx, ct).ConfigureAwait(false);
            var (refusal, isTaken) = await session.Feed.BroadcastAsync(
                tx.ToBytes(), wallet.Snapshot.Settings.MaxTxFee, relay: true, ct).ConfigureAwait(false);
            return isTaken ? null : refusal;
        }
        catch (IpcException gone)
        {
            return gone.Message;
        }
        catch (Exception e) when (e is OperationCanceledException or ObjectDisposedException)
        {
            return "the node went, or this process ends";
        }
    }
}
