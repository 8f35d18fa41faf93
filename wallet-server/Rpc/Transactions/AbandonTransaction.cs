using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class AbandonTransaction
{
    private const string ExampleTxid = "\"1075db55d416d3ca199f55b6084e2115b9345e16c5cf302fc80e9d5fbf5d48d0\"";

    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.");

    public static readonly WalletMethod Method = new("wallet", "abandontransaction",
        "Gives up a transaction of the wallet that is neither in a block nor in the mempool, and all that spend from it:\n" +
        "their inputs can be spent again. One that was given up before stays so.")
    {
        Args = [Id],
        Results = [Result.None()],
        Examples = [Example.Cli(ExampleTxid), Example.Rpc(ExampleTxid)],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        await wallet.AbandonAsync(call.Get(Id), ct);
    }
}
