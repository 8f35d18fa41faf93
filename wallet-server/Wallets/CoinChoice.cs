using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Common.Concurrency;
using Dash.Primitives.Scripts;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Chooses the coins of one payment after the other, beside the writer loop: among a hundred thousand coins a choice takes longer
/// than anything else, and nobody else waits for it. A payment that finds too few because others hold them waits until those are
/// stored, as it would have found their change then: what fails, fails for want of money. Any thread.
/// </summary>
[SuppressMessage(
    "Reliability", "CA1001:Types that own disposable fields should be disposable",
    Justification = "A semaphore whose wait handle is never asked for holds nothing.")]
internal sealed class CoinChoice(Wallet wallet)
{
    private readonly SemaphoreSlim _turn = new(1, 1);
    private readonly ChoiceRoom _room = new(); // whose turn it is

    /// <summary>Chooses; until the reservation is disposed nobody else gets its coins and its change key.</summary>
    /// <param name="givenChange">Where change goes; null for a fresh address.</param>
    /// <param name="market">What the node says about fees.</param>
    /// <param name="build">Makes the transaction. May be called again.</param>
    /// <param name="ct">Gives up the turn.</param>
    /// <exception cref="WalletException">It cannot be made; the text is Core's.</exception>
    public async Task<Reservation> ReserveAsync(Script? givenChange, FeeMarket market, Func<BuildContext, BuiltPayment> build, CancellationToken ct)
    {
        await _turn.WaitAsync(ct).ConfigureAwait(false);
        try
        {
            var mayWiden = true;
            while (true)
            {
                var isAlone = wallet.Holds.IsEmpty;
                try
                {
                    if (TryReserve(givenChange, market, build, mayWiden) is { } reservation)
                    {
                        return reservation;
                    }

                    ct.ThrowIfCancellationRequested();
                    mayWiden = await WidenAsync(ct).ConfigureAwait(false);
                }
                catch (WalletException) when (!isAlone)
                {
                    // Nobody else gets a turn meanwhile, so that it is the last try.
                    await wallet.Holds.EmptyAsync(ct).ConfigureAwait(false);
                }
            }
        }
        finally
        {
            _turn.Release();
        }
    }

    /// <summary>Gives memory back if nobody chooses.</summary>
    public void Rest()
    {
        if (_turn.Wait(0))
        {
            _room.Trim();
            _turn.Release();
        }
    }

    // Null if the state changed meanwhile so that it does not hold any more, or no change key is at hand.
    private Reservation? TryReserve(Script? givenChange, FeeMarket market, Func<BuildContext, BuiltPayment> build, bool mayWiden)
    {
        using var work = ThreadTurns.BeginWork();
        using var view = wallet.OpenView();
        var change = givenChange is null ? TakeChange(view.Snapshot, mayWiden) : new ChangeKey(null, null, "");
        if (change is not { } key)
        {
            return null;
        }

        Reservation reservation;
        try
        {
            var payment = build(ContextOf(view, market) with { FreshChange = key.Script, NoChangeReason = key.Refusal });
            reservation = new Reservation(wallet.Holds, payment, key.Index);
        }
        catch
        {
            wallet.Holds.Release([], key.Index);
            throw;
        }
        finally
        {
            _room.Clear();
        }

        if (IsStillTrue(reservation, view.Snapshot, wallet.Snapshot))
        {
            return reservation;
        }

        reservation.Dispose();
        return null;
    }

    // A fresh key, which is held; or why there is none. Null if the writer must look ahead further first.
    private ChangeKey? TakeChange(WalletSnapshot snapshot, bool mayWiden)
    {
        if (snapshot.ActiveInternal < 0)
        {
            return new ChangeKey(null, null, AddressRequests.NoAddresses);
        }

        var keychain = snapshot.Keychains[snapshot.ActiveInternal];
        var index = wallet.Holds.TakeChangeIndex(keychain.NextIndex);
        if (index < keychain.RangeEnd)
        {
            return new ChangeKey(keychain.ScriptAt(index), index, "");
        }

        wallet.Holds.Release([], index);
        return mayWiden ? null : new ChangeKey(null, null, AddressRequests.RanOut);
    }

    private BuildContext ContextOf(WalletView view, FeeMarket market)
    {
        var edit = new LedgerEdit(view.State);
        return new()
        {
            Snapshot = wallet.Holds.Without(view.Snapshot),
            Market = market,
            PayTxFee = wallet.PayTxFee,
            Room = _room,
            Now = wallet.Clock.UnixSeconds,
            Random = new Random(RandomNumberGenerator.GetInt32(int.MaxValue)),
            IsFullyMixed = new MixedCoins(view.Snapshot, new MixingRounds(view)).Contains,
            FindOutput = outPoint => wallet.Holds.Contains(outPoint) ? null : edit.FindOwnOutput(outPoint),
        };
    }

    // What it was chosen from is still there now that nobody else can take it.
    private static bool IsStillTrue(Reservation reservation, WalletSnapshot before, WalletSnapshot now)
    {
        if (ReferenceEquals(before, now))
        {
            return true;
        }

        foreach (var input in reservation.Payment.Tx.Inputs)
        {
            var coin = input.PreviousOutput;
            if (before.Coins.ContainsKey(coin)
                && (!now.Coins.ContainsKey(coin) || (now.LockedCoins.ContainsKey(coin) && !before.LockedCoins.ContainsKey(coin))))
            {
                return false;
            }
        }

        return reservation.ChangeIndex is not { } index
            || (now.ActiveInternal == before.ActiveInternal && now.Keychains[now.ActiveInternal].NextIndex <= index);
    }

    // All change keys that are looked ahead to are held or used. False if that cannot be changed.
    private Task<bool> WidenAsync(CancellationToken ct) => wallet.ChangeAsync(
        state =>
        {
            if (state.Snapshot.ActiveInternal is var place && place < 0)
            {
                return Decision<bool>.Of(false);
            }

            var edit = new LedgerEdit(state);
            var next = state.Snapshot.Keychains[place].NextIndex;
            var isWide = edit.TopUp(place, Math.Max(state.Snapshot.Settings.KeypoolSize, wallet.Holds.NextChangeIndex(next) - next + 1));
            return new Decision<bool>(edit.Build(), isWide);
        },
        ct);

    private readonly record struct ChangeKey(Script? Script, int? Index, string Refusal);
}
