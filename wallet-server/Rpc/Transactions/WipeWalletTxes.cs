using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class WipeWalletTxes
{
    private static readonly RpcArg<bool> KeepConfirmed = Arg.Bool("keep_confirmed", fallback: false,
        "Keep those that are in blocks.");

    public static readonly WalletMethod Method = new("wallet", "wipewallettxes",
        "Takes transactions out of the wallet. What blocks hold comes back with \"rescanblockchain\".")
    {
        Args = [KeepConfirmed],
        Results = [Result.None()],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        if (call.Context.Sync.RescanOf(wallet) is not null)
        {
            throw new RpcError(RpcErrorCode.Wallet, "Wallet is currently rescanning. Abort rescan or wait.");
        }

        var keepsConfirmed = call.Get(KeepConfirmed);
        await wallet.RemoveAsync(tx => !keepsConfirmed || tx.State is not TxState.Confirmed, ct);
    }
}
