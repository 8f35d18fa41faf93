using System.Text.Json;
using Dash.Primitives.Keys;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class SignRawTransactionWithKey
{
    private static readonly RpcArg<string> Text = Arg.Str("hexstring", "The transaction's bytes in hex.");
    private static readonly RpcArg<IReadOnlyList<string>> Keys =
        Arg.Array("privkeys", "The keys to sign with, and no others.", Arg.HexText("privatekey", "A private key in base58."));

    private static readonly RpcArg<JsonElement> Previous = Arg.OptionalAny("prevtxs", ArgKind.Array,
        "Outputs that it spends and that the chain need not know.",
        Arg.Object("", "An output.",
            Arg.Hash("txid", "The transaction's id."),
            Arg.Int("vout", "Which of its outputs."),
            Arg.Hex("scriptPubKey", "Its script."),
            Arg.OptionalHex("redeemScript", "The script behind its hash; needed for P2SH."),
            Arg.OptionalAmount("amount", "What it is worth.")));

    private static readonly RpcArg<JsonElement> HashType = Arg.OptionalAny("sighashtype", ArgKind.Str,
        "What of the transaction is signed:\n" +
        "\"ALL\", \"NONE\", \"SINGLE\", \"ALL|ANYONECANPAY\", \"NONE|ANYONECANPAY\" or \"SINGLE|ANYONECANPAY\".") with { DefaultText = "\"ALL\"" };

    public static readonly NodeMethod Method = new("rawtransactions", "signrawtransactionwithkey", "Signs a transaction with keys that are given.")
    {
        Args = [Text, Keys, Previous, HashType],
        TypesFirst = [ArgKind.Str, ArgKind.Array, ArgKind.Array, ArgKind.Str],
        TypesFirstTakeNull = true,
        Results =
        [
            Result.Obj(
                Result.Hex("hex", "The transaction's bytes."),
                Result.Bool("complete", "Whether every input is signed."),
                Result.Arr("errors", "What is missing, by input.", Result.Obj("", "",
                    Result.Hex("txid", "The transaction whose output it spends."),
                    Result.Num("vout", "Which of its outputs."),
                    Result.Hex("scriptSig", "The script so far."),
                    Result.Num("sequence", "The sequence number."),
                    Result.Str("error", "What is wrong."))).Optional()),
        ],
        Examples =
        [
            Example.Cli("\"myhex\" \"[\\\"key1\\\",\\\"key2\\\"]\""),
            Example.Rpc("\"myhex\", \"[\\\"key1\\\",\\\"key2\\\"]\""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var transaction = RawTransactionText.Parse(call.Get(Text));
        using SigningKeys source = new();
        foreach (var text in call.Get(Keys))
        {
            source.Add(Wif.TryDecode(text, call.Node.Network.Prefixes.Wif, out var key)
                ? key
                : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Invalid private key"));
        }

        var coins = await CoinLookup.FindAsync(call, transaction, ct);
        SigningJson.ReadPreviousOutputs(call.Raw(Previous), coins, source.Add);
        var type = SigningJson.ReadHashType(call.Raw(HashType));
        var signed = SigningJson.Sign(transaction, source, coins, type, out var errors);
        result.WriteSigned(signed, errors);
    }
}
