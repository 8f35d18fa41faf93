using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Import;

internal static class RemovePrunedFunds
{
    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction.");

    public static readonly WalletMethod Method = new("wallet", "removeprunedfunds",
        "Takes a transaction out of the wallet. For wallets on nodes that prune, and to undo importprunedfunds.\n" +
        "It counts no more in balances; what spends it stays.")
    {
        Args = [Id],
        Results = [Result.None()],
        Examples =
        [
            Example.Cli("\"a8d0c0184dde994a09ec054286f1ce581bebf46446a512166eae7628734ea0a5\""),
            Example.Rpc("\"a8d0c0184dde994a09ec054286f1ce581bebf46446a512166eae7628734ea0a5\""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var txid = call.Get(Id);
        if (await wallet.RemoveAsync(tx => tx.Txid == txid, ct) == 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Transaction does not exist in wallet.");
        }
    }
}
