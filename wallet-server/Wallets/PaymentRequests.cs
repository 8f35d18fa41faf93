using System.Collections.Immutable;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// A payment in its steps: reserve (coins and change key, in memory) → sign (outside the loop) → commit (stored, from
/// then on it pays) → offer to the node. Between any two of them the process may die without paying twice.
/// </summary>
internal static class PaymentRequests
{
    /// <summary>Chooses coins and makes the transaction; until disposed nobody else gets these coins.</summary>
    /// <exception cref="WalletException">It cannot be made; the text is Core's.</exception>
    public static Task<Reservation> ReserveAsync(
        this Wallet wallet, IReadOnlyList<Payment> payments, CoinControl control, FeeMarket market, CancellationToken ct) =>
        wallet.Choice.ReserveAsync(
            control.ChangeScript, market, context => TransactionBuilder.Build(context, payments, control), ct);

    /// <summary>Chooses small coins and makes the transaction that joins them; until disposed nobody else gets these coins.</summary>
    /// <exception cref="WalletException">There are no two of them, or they are worth too little.</exception>
    public static async Task<(Reservation Reservation, Consolidation Chosen)> ReserveAsync(
        this Wallet wallet, ConsolidationWish wish, FeeMarket market, CancellationToken ct)
    {
        Consolidation? chosen = null;
        var reservation = await wallet.Choice.ReserveAsync(
            wish.To,
            market,
            context =>
            {
                BuiltPayment built;
                (built, chosen) = Consolidate(context, wish);
                return built;
            },
            ct).ConfigureAwait(false);
        return (reservation, chosen!); // the reserved payment was built, and so it was chosen
    }

    /// <summary>
    /// Adds inputs and change to a transaction. The coins and the change address are held until it is disposed; nothing is stored before
    /// <see cref="KeepAsync"/>.
    /// </summary>
    /// <exception cref="WalletException">It cannot be made; the text is Core's.</exception>
    public static async Task<FundedTransaction> FundAsync(
        this Wallet wallet, FundingRequest request, FeeMarket market, CancellationToken ct)
    {
        var reservation = await wallet.ReserveAsync(request.Payments, request.Control, market, ct).ConfigureAwait(false);
        try
        {
            return new FundedTransaction(request.Complete(reservation.Payment), reservation.Payment, reservation) { LocksCoins = request.LocksCoins };
        }
        catch
        {
            reservation.Dispose();
            throw;
        }
    }

    /// <summary>
    /// Stores what stays of a transaction that was made: its change address counts as given out, needed or not, and its coins are set aside
    /// where that was asked for. Comes last: who gives up after it leaves coins set aside for a transaction that nobody has.
    /// </summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="funded">The transaction.</param>
    /// <param name="isSpent">It is stored as a payment next: that keeps its coins.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    public static async Task KeepAsync(this Wallet wallet, FundedTransaction funded, bool isSpent, CancellationToken ct)
    {
        var locksCoins = funded.LocksCoins && !isSpent;
        if (funded.Reservation.ChangeIndex is not null || locksCoins)
        {
            await wallet.ChangeAsync(state => new Decision<bool>(Note(state, funded.Reservation, locksCoins), true), ct).ConfigureAwait(false);
        }
    }

    /// <summary>Stores a signed payment: from now on it is the wallet's, and its coins are spent.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="tx">Signed in full.</param>
    /// <param name="notes">Comments: <c>comment</c>, <c>to</c>.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    public static Task<bool> CommitAsync(
        this Wallet wallet, Transaction tx, ImmutableSortedDictionary<string, string> notes, CancellationToken ct) =>
        wallet.CommitAsync(tx, notes, null, isOffered: false, ct);

    /// <summary>The same, with the caller's request that it fulfils: both are stored, or neither.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="tx">Signed in full.</param>
    /// <param name="notes">Comments: <c>comment</c>, <c>to</c>.</param>
    /// <param name="request">The request; null for none.</param>
    /// <param name="isOffered">
    /// It is offered to a node next. Then it counts as in its mempool at once, so that nobody sees the wallet without its change
    /// meanwhile; who is refused takes that back (<see cref="ChainUpdates.RemoveMempoolAsync"/>).
    /// </param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    /// <returns>Whether it counts as in the mempool because of this call.</returns>
    /// <exception cref="WalletException">A request of this name was fulfilled before.</exception>
    public static Task<bool> CommitAsync(
        this Wallet wallet,
        Transaction tx,
        ImmutableSortedDictionary<string, string> notes,
        SpendRequest? request,
        bool isOffered,
        CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        return wallet.ChangeAsync(
            state =>
            {
                if (request is not null && state.History.Request(request.Key) is not null)
                {
                    throw new WalletException(WalletError.Repeated, "A payment with this idempotency key was made already");
                }

                var edit = new LedgerEdit(state);
                var isMade = Connect.Own(
                    edit, new WalletTx(tx, isOffered ? TxState.InMempool.Value : TxState.Inactive.Waiting) { Notes = notes }, now);
                return new Decision<bool>(edit.Build() with { Request = request }, isMade && isOffered);
            },
            ct);
    }

    /// <summary>Keeps the answer that a request was given, so that it can be given again word for word.</summary>
    public static Task<bool> KeepAnswerAsync(this Wallet wallet, SpendRequest request, ReadOnlyMemory<byte> answer, CancellationToken ct) =>
        wallet.ChangeAsync(
            _ => new Decision<bool>(new ChangeSet { Request = request with { Answer = answer } }, true), ct);

    /// <summary>The node took the payment into its mempool.</summary>
    public static Task<bool> MarkInMempoolAsync(this Wallet wallet, Txid txid, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                if (edit.Find(txid) is { State: TxState.Inactive { Abandoned: false } } tx)
                {
                    edit.Put(tx with { State = TxState.InMempool.Value });
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>Gives up a transaction that is nowhere: its coins can be spent again.</summary>
    public static Task<bool> AbandonAsync(this Wallet wallet, Txid txid, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                Conflicts.Abandon(edit, txid);
                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    // What stays of a transaction that is only made: its change address, and that its coins are set aside.
    private static ChangeSet Note(LedgerState state, Reservation reservation, bool locksCoins)
    {
        var edit = new LedgerEdit(state);
        if (reservation.ChangeIndex is { } used)
        {
            var place = AddressRequests.RequireActive(state.Snapshot, isInternal: true);
            edit.TopUp(place, state.Snapshot.Settings.KeypoolSize);
            var keychain = edit.KeychainAt(place);
            edit.Put(place, keychain with { NextIndex = Math.Max(keychain.NextIndex, used + 1) });
        }

        if (locksCoins)
        {
            foreach (var input in reservation.Payment.Tx.Inputs)
            {
                edit.Lock(input.PreviousOutput, persistent: false);
            }
        }

        return edit.Build();
    }

    private static (BuiltPayment Payment, Consolidation Chosen) Consolidate(BuildContext context, ConsolidationWish wish)
    {
        var rate = Fees.Choose(context.Snapshot.Settings, context.PayTxFee, wish.Control, context.Market).Rate;
        var chosen = Consolidation.Choose(context.Snapshot, wish, rate);
        if (chosen.Coins.Count < 2)
        {
            throw new WalletException(WalletError.InsufficientFunds, "There are no two coins to join");
        }

        var to = wish.To ?? context.FreshChange ?? throw new WalletException(WalletError.Wallet, context.NoChangeReason);
        var control = wish.Control with { Selected = [.. chosen.Coins.Select(static coin => coin.Coin.OutPoint)], ChangeScript = to };
        return (TransactionBuilder.Build(context, [new Payment(to, chosen.Sum, SubtractFee: true)], control), chosen);
    }
}
