using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Spend;

internal static class SignRawTransactionWithWallet
{
    private static readonly RpcArg<string> Text = Arg.Str("hexstring", "The transaction.");

    private static readonly RpcArg<JsonElement> Previous = Arg.OptionalAny("prevtxs", ArgKind.Array,
        "Outputs it spends that the node may not know.",
        Arg.Object("", "",
            Arg.Hash("txid", "The transaction's id."),
            Arg.Int("vout", "Which of its outputs."),
            Arg.Hex("scriptPubKey", "The output's script."),
            Arg.OptionalHex("redeemScript", "The script behind it, of an output to a script hash."),
            Arg.Amount("amount", "The output's amount.")));

    private static readonly RpcArg<JsonElement> HashType = SigningArgs.HashType();

    public static readonly WalletMethod Method = new("wallet", "signrawtransactionwithwallet",
        "Signs the inputs of a transaction that the wallet has keys for." + WalletMethod.RequiresPassphrase)
    {
        Args = [Text, Previous, HashType],
        Results =
        [
            Result.Obj(
                Result.Hex("hex", "The transaction with its signatures."),
                Result.Bool("complete", "Whether all inputs are signed."),
                Result.Arr("errors", "Inputs that are not.",
                    Result.Obj("", "",
                        Result.Hex("txid", "The transaction whose output is spent."),
                        Result.Num("vout", "Which output."),
                        Result.Hex("scriptSig", "The input's script."),
                        Result.Num("sequence", "The input's sequence number."),
                        Result.Str("error", "What is wrong."))) with { IsOptional = true }),
        ],
        Examples = [Example.Cli("\"myhex\""), Example.Rpc("\"myhex\"")],
        Signs = true,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var text = call.Get(Text);
        FundingArgs.RequireType(call, Previous, "array");
        FundingArgs.RequireType(call, HashType, "string");
        if (!TransactionArgs.TryParse(text, out var tx))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed. Make sure the tx has at least one input.");
        }

        call.RequireKeys(wallet);
        var coins = await call.Context.Spender.FindCoinsAsync([.. tx.Inputs.Select(static input => input.PreviousOutput)], ct);
        SigningJson.ReadPreviousOutputs(call.Raw(Previous), coins, addScript: null);
        var type = SigningJson.ReadHashType(call.Raw(HashType));
        if (wallet.Snapshot.Keychains.IsEmpty)
        {
            // Nobody tried to sign, so nobody failed, and even nothing to sign is not done.
            result.WriteStartObject();
            result.WriteString("hex", Convert.ToHexStringLower(tx.ToBytes()));
            result.WriteBoolean("complete", false);
            result.WriteEndObject();
            return;
        }

        var signed = await call.SignerOf(wallet).SignAsync(
            tx, [.. tx.Inputs.Select(input => coins.GetValueOrDefault(input.PreviousOutput))], wallet.Snapshot.OwnersOf, type, ct);
        result.WriteSigned(signed.Tx, [.. signed.Errors.Select(static error => (error.Key, error.Value))]);
    }
}
