using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Coins;

internal static class ListLockUnspent
{
    public static readonly WalletMethod Method = new("wallet", "listlockunspent",
        "The coins that were set aside with lockunspent.")
    {
        Results =
        [
            Result.Arr("", "",
                Result.Obj("", "",
                    Result.Hex("txid", "The coin's transaction."),
                    Result.Num("vout", "Which of its outputs."))),
        ],
        Examples =
        [
            Example.Cli("The coins set aside", ""),
            Example.Rpc("The same over HTTP", ""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        result.WriteStartArray();
        var coins = call.SnapshotOf(wallet).LockedCoins.Keys;
        foreach (var coin in coins.OrderBy(coin => coin.Txid, TxidOrder.Instance).ThenBy(coin => coin.Index))
        {
            result.WriteStartObject();
            result.WriteHash("txid", coin.Txid);
            result.WriteNumber("vout", coin.Index);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }
}
