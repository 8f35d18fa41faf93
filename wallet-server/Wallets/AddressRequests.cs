using System.Collections.Immutable;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>Addresses, labels and coins set aside: what users ask of a wallet apart from payments.</summary>
internal static class AddressRequests
{
    /// <summary>Core's words: no key is left, and none can be made.</summary>
    public const string RanOut = "Error: Keypool ran out, please call keypoolrefill first";

    /// <summary>Core's words: there is no keychain for it.</summary>
    public const string NoAddresses = "Error: No addresses available.";

    /// <summary>A new receiving address under a label; never given out again once this returns.</summary>
    public static Task<string> NewAddressAsync(this Wallet wallet, string label, CancellationToken ct)
    {
        var now = wallet.Snapshot;
        if (now.ActiveExternal >= 0)
        {
            wallet.KeysAhead.Derive(now.Keychains[now.ActiveExternal]);
        }

        return wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                var place = RequireActive(state.Snapshot, isInternal: false);
                var index = TakeIndex(edit, place, next => next);
                var address = AddressAt(edit, place, index);
                edit.Label(address, label, "receive");
                return new Decision<string>(edit.Build(), address);
            },
            ct);
    }

    /// <summary>A new change address; never given out again once this returns.</summary>
    public static async Task<string> NewChangeAddressAsync(this Wallet wallet, CancellationToken ct)
    {
        // Held until it is known to be used: payments look for theirs beside the writer.
        int? taken = null;
        try
        {
            return await wallet.ChangeAsync(
                state =>
                {
                    var edit = new LedgerEdit(state);
                    var place = RequireActive(state.Snapshot, isInternal: true);
                    var index = TakeIndex(edit, place, next => (taken = wallet.Holds.TakeChangeIndex(next)).Value);
                    return new Decision<string>(edit.Build(), AddressAt(edit, place, index));
                },
                ct).ConfigureAwait(false);
        }
        finally
        {
            wallet.Holds.Release([], taken);
        }
    }

    /// <summary>Labels an address; the purpose says whether it is the wallet's own.</summary>
    public static Task<bool> LabelAsync(this Wallet wallet, string address, Script script, string label, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                edit.Label(address, label, state.Snapshot.IsMine(script) ? "receive" : "send");
                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>Widens the receiving and change keychains to look so far ahead.</summary>
    /// <returns>False when a keychain could not be widened.</returns>
    public static Task<bool> RefillAsync(this Wallet wallet, int size, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                var isDone = true;
                foreach (var place in (int[])[state.Snapshot.ActiveExternal, state.Snapshot.ActiveInternal])
                {
                    isDone &= place < 0 || edit.TopUp(place, size);
                }

                return new Decision<bool>(edit.Build(), isDone);
            },
            ct);

    /// <summary>Sets coins aside, or frees them; all or none.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="coins">The coins; they must be outputs of wallet transactions.</param>
    /// <param name="unlock">Free them.</param>
    /// <param name="persistent">Remember in the file that they are set aside.</param>
    /// <param name="ct">Withdraws the request as long as it waits.</param>
    /// <exception cref="WalletException">A coin is unknown, spent, or not in the state it should be.</exception>
    public static Task<bool> LockCoinsAsync(
        this Wallet wallet, IReadOnlyList<OutPoint> coins, bool unlock, bool persistent, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                foreach (var coin in coins)
                {
                    RequireLockable(edit, coin, unlock, persistent);
                }

                foreach (var coin in coins)
                {
                    if (unlock)
                    {
                        edit.Unlock(coin);
                    }
                    else
                    {
                        edit.Lock(coin, persistent);
                    }
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>Frees every coin that is set aside.</summary>
    public static Task<bool> UnlockAllCoinsAsync(this Wallet wallet, CancellationToken ct) =>
        wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                foreach (var coin in state.Snapshot.LockedCoins.Keys)
                {
                    edit.Unlock(coin);
                }

                return new Decision<bool>(edit.Build(), true);
            },
            ct);

    /// <summary>
    /// Called on the loop that follows the node. Sets coins aside, in the file too, that masternodes have locked: those a node says are, and those whose own transaction says so.
    /// Each once as long as the wallet is loaded, so that the user may free them.
    /// </summary>
    public static async Task LockCollateralsAsync(this Wallet wallet, IReadOnlyCollection<OutPoint> known, CancellationToken ct)
    {
        var done = wallet.SeenCollaterals;
        wallet.SeenCollaterals = await wallet.ChangeAsync(
            state =>
            {
                var edit = new LedgerEdit(state);
                List<OutPoint> found = [.. state.Snapshot.CollateralCoins.Except(done).Where(coin => known.Contains(coin) || IsOwn(coin))];
                foreach (var coin in found.Where(coin => !edit.IsLocked(coin)))
                {
                    edit.Lock(coin, persistent: true);
                }

                return new Decision<ImmutableHashSet<OutPoint>>(edit.Build(), done.Union(found));

                bool IsOwn(OutPoint coin) => edit.Find(coin.Txid) is { } tx && MasternodeCollateral.IsOwn(tx.Tx, (int)coin.Index);
            },
            ct).ConfigureAwait(false);
    }

    /// <summary>The place of the active keychain.</summary>
    public static int RequireActive(WalletSnapshot snapshot, bool isInternal)
    {
        var place = isInternal ? snapshot.ActiveInternal : snapshot.ActiveExternal;
        return place >= 0 ? place : throw new WalletException(WalletError.KeypoolRanOut, NoAddresses);
    }

    /// <summary>Counts the next index as given out, with enough look-ahead behind it.</summary>
    public static int TakeIndex(LedgerEdit edit, int place, Func<int, int> next)
    {
        edit.TopUp(place, edit.Before.Settings.KeypoolSize);
        var keychain = edit.KeychainAt(place);
        var index = next(keychain.NextIndex);
        if (index >= keychain.RangeEnd && !edit.TopUp(place, index - keychain.NextIndex + 1))
        {
            throw new WalletException(WalletError.KeypoolRanOut, RanOut);
        }

        keychain = edit.KeychainAt(place);
        if (index >= keychain.RangeEnd)
        {
            throw new WalletException(WalletError.KeypoolRanOut, RanOut);
        }

        edit.Put(place, keychain with { NextIndex = index + 1 });
        return index;
    }

    private static string AddressAt(LedgerEdit edit, int place, int index) =>
        edit.Before.AddressOf(edit.KeychainAt(place).ScriptAt(index))
        ?? throw new WalletException(
            WalletError.KeypoolRanOut, "Error: Cannot extract destination from the generated scriptpubkey");

    private static void RequireLockable(LedgerEdit edit, OutPoint coin, bool unlock, bool persistent)
    {
        if (edit.Find(coin.Txid) is not { } tx)
        {
            throw Refused("Invalid parameter, unknown transaction");
        }

        if (coin.Index >= tx.Tx.Outputs.Length)
        {
            throw Refused("Invalid parameter, vout index out of bounds");
        }

        if (edit.Spenders(coin).Any(spender => edit.Find(spender) is { State.Spends: true }))
        {
            throw Refused("Invalid parameter, expected unspent output");
        }

        var isLocked = edit.IsLocked(coin);
        if (unlock && !isLocked)
        {
            throw Refused("Invalid parameter, expected locked output");
        }

        if (!unlock && isLocked && !persistent)
        {
            throw Refused("Invalid parameter, output already locked");
        }
    }

    private static WalletException Refused(string message) => new(WalletError.InvalidParameter, message);
}
