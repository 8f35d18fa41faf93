using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Coins;

internal static class ListQuarantine
{
    public static readonly WalletMethod Method = new("wallet", "listquarantine",
        "Small payments from others that are set aside: by -quarantinedust as they came, or by lockunspent.\n" +
        "lockunspent with true and a coin releases it for good; without coins it releases all that is set aside.")
    {
        IsAddition = true,
        Results =
        [
            Result.Arr("", "The oldest first; none without -quarantinedust.",
                Result.Obj("", "",
                    Result.Hex("txid", "The coin's transaction."),
                    Result.Num("vout", "Which of its outputs."),
                    Result.Str("address", "Where it was paid to.", optional: true),
                    Result.Amount("amount", "How much."),
                    Result.Num("confirmations", "How deep it is."),
                    Result.Time("time", "When it came, seconds since 1970."))),
        ],
        Examples = [Example.Cli("", ""), Example.Rpc("The same over HTTP", "")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var snapshot = call.SnapshotOf(wallet);
        result.WriteStartArray();
        foreach (var coin in Quarantine.Of(snapshot).OrderBy(static coin => coin.Time)
            .ThenBy(static coin => coin.OutPoint.Txid.Value).ThenBy(static coin => coin.OutPoint.Index))
        {
            result.WriteStartObject();
            result.WriteHash("txid", coin.OutPoint.Txid);
            result.WriteNumber("vout", coin.OutPoint.Index);
            if (snapshot.AddressOf(coin.Script) is { } address)
            {
                result.WriteString("address", address);
            }

            result.WriteAmount("amount", coin.Value);
            result.WriteNumber("confirmations", coin.DepthAt(snapshot.Tip.Height));
            result.WriteNumber("time", coin.Time);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }
}
