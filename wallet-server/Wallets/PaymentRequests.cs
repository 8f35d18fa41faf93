using System.Collections.Immutable;
using System.Security.Cryptography;
using Dash.Primitives.Scripts;
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
        this Wallet wallet, IReadOnlyList<Payment> payments, CoinControl control, FeeMarket market, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        return wallet.ChangeAsync(state => Reserve(wallet, state, payments, control, market, now, random), ct);
    }

    /// <summary>Chooses small coins and makes the transaction that joins them; until disposed nobody else gets these coins.</summary>
    /// <exception cref="WalletException">There are no two of them, or they are worth too little.</exception>
    public static Task<(Reservation Reservation, Consolidation Chosen)> ReserveAsync(
        this Wallet wallet, ConsolidationWish wish, FeeMarket market, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        return wallet.ChangeAsync(state => Reserve(wallet, state, wish, market, now, random), ct);
    }

    /// <summary>
    /// Adds inputs and change to a transaction. The change address counts as given out, needed or not; the coins are held until the
    /// reservation is disposed, or set aside for longer if asked.
    /// </summary>
    /// <exception cref="WalletException">It cannot be made; the text is Core's.</exception>
    public static Task<FundedTransaction> FundAsync(
        this Wallet wallet, FundingRequest request, FeeMarket market, CancellationToken ct)
    {
        var now = wallet.Clock.UnixSeconds;
        var random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue));
        return wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                var (built, index) = Build(wallet, state, edit, request.Payments, request.Control, market, now, random);
                if (index is { } used)
                {
                    var place = AddressRequests.RequireActive(state.Snapshot, isInternal: true);
                    var keychain = edit.KeychainAt(place);
                    edit.Put(place, keychain with { NextIndex = Math.Max(keychain.NextIndex, used + 1) });
                }

                if (request.LocksCoins)
                {
                    foreach (var input in built.Tx.Inputs)
                    {
                        edit.Lock(input.PreviousOutput, persistent: false);
                    }
                }

                var funded = request.Complete(built);
                return new Decision<FundedTransaction>(
                    edit.Build(), new FundedTransaction(funded, built, new Reservation(wallet.Holds, built, null)));
            },
            ct);
    }

    /// <summary>Stores a signed payment: from now on it is the wallet's, and its coins are spent.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="tx">Signed in full.</param>
    /// <param name="notes">Comments: <c>comment</c>, <c>to</c>.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    public static Task<Txid> CommitAsync(
        this Wallet wallet, Transaction tx, ImmutableSortedDictionary<string, string> notes, CancellationToken ct) =>
        wallet.CommitAsync(tx, notes, null, ct);

    /// <summary>The same, with the caller's request that it fulfils: both are stored, or neither.</summary>
    /// <exception cref="WalletException">A request of this name was fulfilled before.</exception>
    public static Task<Txid> CommitAsync(
        this Wallet wallet,
        Transaction tx,
        ImmutableSortedDictionary<string, string> notes,
        SpendRequest? request,
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
                Connect.Own(edit, new WalletTx(tx, TxState.Inactive.Waiting) { Notes = notes }, now);
                return new Decision<Txid>(edit.Build() with { Request = request }, tx.Txid);
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

    private static Decision<Reservation> Reserve(
        Wallet wallet,
        LedgerState state,
        IReadOnlyList<Payment> payments,
        CoinControl control,
        FeeMarket market,
        long now,
        Random random)
    {
        var edit = new LedgerEdit(state);
        var (built, index) = Build(wallet, state, edit, payments, control, market, now, random);

        // The index itself is counted as used when the payment is stored; only the look-ahead may have grown.
        return new Decision<Reservation>(edit.Build(), new Reservation(wallet.Holds, built, index));
    }

    private static (BuiltPayment Payment, int? ChangeIndex) Build(
        Wallet wallet,
        LedgerState state,
        LedgerEdit edit,
        IReadOnlyList<Payment> payments,
        CoinControl control,
        FeeMarket market,
        long now,
        Random random)
    {
        var (change, index, reason) = control.ChangeScript is null ? FreshChange(wallet, edit) : (null, null, "");
        var context = ContextOf(wallet, state, edit, market, now, random) with { FreshChange = change, NoChangeReason = reason };
        return (TransactionBuilder.Build(context, payments, control), index);
    }

    private static BuildContext ContextOf(Wallet wallet, LedgerState state, LedgerEdit edit, FeeMarket market, long now, Random random) => new()
    {
        Snapshot = wallet.Holds.Without(state.Snapshot),
        Market = market,
        PayTxFee = wallet.PayTxFee,
        Now = now,
        Random = random,
        IsFullyMixed = new MixedCoins(state.Snapshot, new MixingRounds(state)).Contains,
        FindOutput = outPoint => wallet.Holds.Contains(outPoint) ? null : edit.FindOwnOutput(outPoint),
    };

    private static Decision<(Reservation, Consolidation)> Reserve(
        Wallet wallet, LedgerState state, ConsolidationWish wish, FeeMarket market, long now, Random random)
    {
        var edit = new LedgerEdit(state);
        var context = ContextOf(wallet, state, edit, market, now, random);
        var rate = Fees.Choose(context.Snapshot.Settings, context.PayTxFee, wish.Control, market).Rate;
        var chosen = Consolidation.Choose(context.Snapshot, wish, rate);
        if (chosen.Coins.Count < 2)
        {
            throw new WalletException(WalletError.InsufficientFunds, "There are no two coins to join");
        }

        var (to, index, reason) = wish.To is { } given ? (given, null, "") : FreshChange(wallet, edit);
        if (to is null)
        {
            throw new WalletException(WalletError.Wallet, reason);
        }

        var control = wish.Control with { Selected = [.. chosen.Coins.Select(static coin => coin.Coin.OutPoint)], ChangeScript = to };
        var built = TransactionBuilder.Build(context, [new Payment(to, chosen.Sum, SubtractFee: true)], control);
        return new Decision<(Reservation, Consolidation)>(edit.Build(), (new Reservation(wallet.Holds, built, index), chosen));
    }

    private static (Script? Script, int? Index, string Reason) FreshChange(Wallet wallet, LedgerEdit edit)
    {
        try
        {
            var place = AddressRequests.RequireActive(edit.Before, isInternal: true);
            var before = edit.KeychainAt(place).NextIndex;
            var index = AddressRequests.TakeIndex(edit, place, wallet.Holds.NextChangeIndex);
            var keychain = edit.KeychainAt(place) with { NextIndex = before };
            edit.Put(place, keychain);
            return (keychain.ScriptAt(index), index, "");
        }
        catch (WalletException error)
        {
            return (null, null, error.Message);
        }
    }
}
