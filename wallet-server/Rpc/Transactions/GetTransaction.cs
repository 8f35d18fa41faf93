using System.Text.Json;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class GetTransaction
{
    private const string ExampleTxid = "\"1075db55d416d3ca199f55b6084e2115b9345e16c5cf302fc80e9d5fbf5d48d0\"";

    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.");
    private static readonly RpcArg<bool?> WatchOnly = WalletArgs.IncludeWatchOnly(
        "Count watched addresses in the sums and in details.");
    private static readonly RpcArg<bool> Verbose = Arg.Bool("verbose", fallback: false,
        "Also the decoded transaction, as decoderawtransaction gives it.");

    public static readonly WalletMethod Method = new("wallet", "gettransaction", "A transaction of the wallet.")
    {
        Args = [Id, WatchOnly, Verbose],
        Results =
        [
            Result.Obj(
            [
                Result.Amount("amount", "What the wallet gained or lost, without the fee, in DASH."),
                Result.Amount("fee", "The fee, negative; only if the wallet paid.", optional: true),
                .. WalletTxJson.Results,
                Result.Arr("details", "The outputs that concern the wallet.",
                    Result.Obj("", "", [.. TxLine.Results, TxLine.AbandonedResult])),
                Result.Hex("hex", "The transaction's bytes."),
                Result.Obj("decoded", "The decoded transaction, with verbose.",
                    Result.Elision("As by decoderawtransaction.")) with { IsOptional = true },
                LastProcessedBlock.Result,
            ]),
        ],
        Examples = [Example.Cli(ExampleTxid), Example.Cli(ExampleTxid + " true"), Example.Rpc(ExampleTxid)],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var txid = call.Get(Id);
        call.Get(WatchOnly);
        var verbose = call.Get(Verbose);
        using var view = call.OpenView(wallet);
        var tx = view.Find(txid)
            ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid or non-wallet transaction id");

        result.WriteStartObject();
        WriteAmounts(result, tx, view.AmountsOf(tx), view.Snapshot.Tip.Height);
        result.WriteWalletTx(tx, view);
        result.WriteStartArray("details");
        foreach (var line in TxLine.Of(view, tx))
        {
            line.Write(result, view, withTx: false);
        }

        result.WriteEndArray();
        result.WriteHex("hex", tx.Tx.ToBytes());
        if (verbose)
        {
            result.WriteStartObject("decoded");
            result.WriteTransaction(tx.Tx, view.Snapshot.Chain.Prefixes, new TransactionJson.Extras { WithHex = false });
            result.WriteEndObject();
        }

        result.WriteLastProcessedBlock(view.Snapshot);
        result.WriteEndObject();
    }

    // What was mined counts once it is mature.
    private static void WriteAmounts(Utf8JsonWriter result, WalletTx tx, TxAmounts amounts, int tipHeight)
    {
        var credit = tx.IsImmatureAt(tipHeight) ? Amount.Zero : amounts.Credit;
        result.WriteAmount("amount", credit - amounts.Debit + amounts.Fee);
        if (amounts.Debit > Amount.Zero)
        {
            result.WriteAmount("fee", -amounts.Fee);
        }
    }
}
