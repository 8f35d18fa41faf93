using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Spend;

internal static class FundRawTransaction
{
    private static readonly RpcArg<string> Text = Arg.HexText("hexstring", "The transaction.");

    private static readonly RpcArg<JsonElement> Options = Arg.OptionalAny("options", ArgKind.Object,
        "How. True stands for {\"includeWatching\":true}.",
        FundingArgs.Older(addsInputs: true, "not set, fall back to wallet fee estimation",
            Arg.OptionalArray("input_sizes", "Bytes of inputs once signed, where the wallet cannot know.",
                Arg.Object("", "",
                    Arg.Hash("txid", "The transaction's id."),
                    Arg.Int("vout", "Which of its outputs."),
                    Arg.Int("size", "Bytes of the input."))))) with { OneLine = "options" };

    public static readonly WalletMethod Method = new("rawtransactions", "fundrawtransaction",
        "Adds inputs, and at most one change output, to a transaction so that it can be sent.\n" +
        "What is in it stays; nothing is signed. Without a place for change, inputs and outputs are put into the\n" +
        "order of BIP69. An input that is not the wallet's must spend an output that the node knows as unspent.")
    {
        Args = [Text, Options],
        Results =
        [
            Result.Obj(
                Result.Hex("hex", "The transaction."),
                Result.Amount("fee", "What the miner gets."),
                Result.Num("changepos", "Place of the change output, -1 if there is none.")),
        ],
        Examples = [Example.Cli("\"rawtransactionhex\""), Example.Cli("\"rawtransactionhex\" '{\"lockUnspents\":true}'")],
        Spends = true,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var text = call.Get(Text);
        var wallet = call.Wallet();
        if (!TransactionArgs.TryParse(text, out var tx))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed");
        }

        await call.Context.Sync.SyncedAsync(wallet, ct);
        var options = new FundingOptions(call.Raw(Options));
        options.Read(wallet.Snapshot, tx, addsInputs: true, overridesMinimum: true);
        using var funded = await call.Context.Spender.FundAsync(
            wallet, tx, options.Bearers, options.Control, options.LocksCoins, isSent: false, ct);
        await wallet.KeepAsync(funded, isSpent: false, ct);
        result.WriteStartObject();
        result.WriteHex("hex", funded.Tx.ToBytes());
        result.WriteAmount("fee", funded.Payment.Fee);
        result.WriteNumber("changepos", funded.Payment.ChangePosition);
        result.WriteEndObject();
    }
}
