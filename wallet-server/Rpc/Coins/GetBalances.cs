using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Coins;

internal static class GetBalances
{
    public static readonly WalletMethod Method = new("wallet", "getbalances", "The wallet's balances in DASH.")
    {
        Results =
        [
            Result.Obj(
                Result.Obj("mine", "Of the wallet's own addresses.",
                    Result.Amount("trusted", "Confirmed, or unconfirmed and the wallet's own."),
                    Result.Amount("untrusted_pending", "In the mempool, from others."),
                    Result.Amount("immature", "Mined, and not spendable yet."),
                    Result.Amount("used",
                        "On addresses that were spent from before; in wallets that avoid reuse.", optional: true),
                    Result.Amount("coinjoin", "Mixed by CoinJoin as often as wanted."),
                    Result.Amount("quarantined", "Of these, what listquarantine shows; with -quarantinedust.", optional: true)),
                LastProcessedBlock.Result),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var (snapshot, mixed) = MixedCoins.Look(call.SnapshotOf(wallet), () => call.OpenView(wallet));
        var avoidsReuse = snapshot.Flags.HasFlag(WalletFlags.AvoidReuse);
        var balance = Balances.Of(snapshot, avoidReuse: avoidsReuse);

        result.WriteStartObject();
        result.WriteStartObject("mine");
        result.WriteAmount("trusted", balance.Trusted);
        result.WriteAmount("untrusted_pending", balance.UntrustedPending);
        result.WriteAmount("immature", balance.Immature);
        if (avoidsReuse)
        {
            result.WriteAmount("used", Balances.Used(snapshot));
        }

        result.WriteAmount("coinjoin", mixed);
        if (snapshot.Settings.QuarantineBelow > Amount.Zero)
        {
            result.WriteAmount("quarantined", Quarantine.Of(snapshot).Aggregate(Amount.Zero, static (sum, coin) => sum + coin.Value));
        }

        result.WriteEndObject();
        result.WriteLastProcessedBlock(snapshot);
        result.WriteEndObject();
    }
}
