using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Addresses;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class GetWalletInfo
{
    public static readonly WalletMethod Method = new("wallet", "getwalletinfo", "About the wallet.")
    {
        Results =
        [
            Result.Obj(
                Result.Str("walletname", "Its name."),
                Result.Num("walletversion", "The version of its file."),
                Result.Str("format", "The format of its file."),
                Result.Num("balance", "DEPRECATED. The same as mine.trusted of getbalances."),
                Result.Num("coinjoin_balance", "DEPRECATED. The same as mine.coinjoin of getbalances."),
                Result.Num("unconfirmed_balance", "DEPRECATED. The same as mine.untrusted_pending of getbalances."),
                Result.Num("immature_balance", "DEPRECATED. The same as mine.immature of getbalances."),
                Result.Num("txcount", "How many transactions it has."),
                Result.Num("keypoolsize", "How many receiving addresses it looks ahead."),
                Result.Num("keypoolsize_hd_internal", "How many change addresses it looks ahead."),
                Result.Num("keys_left", "Receiving addresses it looked ahead when it was loaded; 0 for a new one."),
                Result.Time("unlocked_until",
                    "Until when it is unlocked, seconds since 1970, 0 while locked; only of encrypted wallets.",
                    optional: true),
                Result.Amount("paytxfee", "The fee rate that is set, in DASH per 1,000 bytes; 0 for none."),
                Result.Bool("private_keys_enabled", "False for a wallet that only watches."),
                Result.Bool("avoid_reuse", "Whether it keeps track of addresses that were spent from."),
                Result.Bool("scanning", "False while no rescan runs, otherwise:"),
                Result.Obj("scanning", "The rescan.",
                    Result.Num("duration", "Seconds since it began."),
                    Result.Num("progress", "How much is done, from 0 to 1.")),
                Result.Bool("descriptors", "Whether its addresses come from descriptors."),
                Result.Bool("external_signer", "Whether its signatures come from a device."),
                LastProcessedBlock.Result,
                NodeStatusJson.Result),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var (snapshot, mixed) = MixedCoins.Look(call.SnapshotOf(wallet), () => call.OpenView(wallet));
        var balance = Balances.Of(snapshot, avoidReuse: snapshot.Flags.HasFlag(WalletFlags.AvoidReuse));
        var (receiving, change) = Keypool.SizeOf(snapshot);

        result.WriteStartObject();
        result.WriteString("walletname", wallet.Name);
        result.WriteNumber("walletversion", snapshot.Version);
        result.WriteString("format", "sqlite");
        result.WriteAmount("balance", balance.Trusted);
        result.WriteAmount("coinjoin_balance", mixed);
        result.WriteAmount("unconfirmed_balance", balance.UntrustedPending);
        result.WriteAmount("immature_balance", balance.Immature);
        result.WriteNumber("txcount", snapshot.TxCount);
        result.WriteNumber("keypoolsize", receiving);
        result.WriteNumber("keypoolsize_hd_internal", change);
        result.WriteNumber("keys_left", wallet.KeysLeftAtLoad);
        if (wallet.Keys.UnlockedUntil is { } end)
        {
            result.WriteNumber("unlocked_until", end);
        }

        result.WriteFeeRate("paytxfee", wallet.PayTxFee);
        result.WriteBoolean("private_keys_enabled", !snapshot.IsWatchOnly);
        result.WriteBoolean("avoid_reuse", snapshot.Flags.HasFlag(WalletFlags.AvoidReuse));
        RescanState.WriteScanning(result, call, wallet);
        result.WriteBoolean("descriptors", snapshot.Flags.HasFlag(WalletFlags.Descriptors));
        result.WriteBoolean("external_signer", snapshot.Flags.HasFlag(WalletFlags.ExternalSigner));
        result.WriteLastProcessedBlock(snapshot);
        result.WriteNodeStatus(call.Context.Sync.StatusOf(wallet));
        result.WriteEndObject();
    }
}
