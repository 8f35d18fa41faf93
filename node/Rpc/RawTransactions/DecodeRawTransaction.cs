using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class DecodeRawTransaction
{
    private static readonly RpcArg<string> Text = Arg.HexText("hexstring", "The transaction's bytes in hex.");

    public static readonly NodeMethod Method = new("rawtransactions", "decoderawtransaction", "What a transaction says, member by member. It need not be known, valid or signed.")
    {
        Args = [Text],
        Results =
        [
            Result.Obj(
                Result.Hex("txid", "Its id."),
                Result.Num("version", "Its version."),
                Result.Num("type", "Its type; 0 for an ordinary one."),
                Result.Num("size", "Its bytes."),
                Result.Num("locktime", "Its lock time."),
                Result.Arr("vin", "Its inputs.", Result.Obj("", "",
                    Result.Hex("coinbase", "The script, only of a coinbase.", optional: true),
                    Result.Hex("txid", "Whose output is spent.", optional: true),
                    Result.Num("vout", "Which output.", optional: true),
                    Result.Obj("scriptSig", "The script.", Result.Str("asm", "In words."), Result.Hex("hex", "Its bytes.")) with { IsOptional = true },
                    Result.Num("sequence", "The sequence number."))),
                Result.Arr("vout", "Its outputs.", Result.Obj("", "",
                    Result.Amount("value", "Its worth in DASH."),
                    Result.Num("valueSat", "Its worth in duffs."),
                    Result.Num("n", "Its place."),
                    Result.Obj("scriptPubKey", "What it takes to spend it.",
                        Result.Str("asm", "In words."),
                        Result.Str("desc", "Its descriptor."),
                        Result.Hex("hex", "Its bytes."),
                        Result.Str("address", "Its address, where there is one.", optional: true),
                        Result.Str("type", "Its form.")))),
                Result.Num("extraPayloadSize", "Bytes of the special payload.", optional: true),
                Result.Hex("extraPayload", "The special payload.", optional: true),
                Result.Elision("And the special payload's members, by its type.")),
        ],
        Examples = [Example.Cli("\"hexstring\""), Example.Rpc("\"hexstring\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (!TransactionArgs.TryParse(call.Get(Text), out var transaction))
        {
            throw new RpcError(RpcErrorCode.Deserialization, "TX decode failed");
        }

        result.WriteStartObject();
        result.WriteTransaction(transaction, call.Node.Network.Prefixes,
            new TransactionJson.Extras { WithHex = false });
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
