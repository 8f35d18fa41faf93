using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class GetRawTransactionMulti
{
    private const int MostIds = 100;
    private const string Unknown = "None";

    private static readonly RpcArg<JsonElement> Transactions = Arg.Any("transactions", ArgKind.Object,
        "Lists of transaction ids by the hash of their block, at most 100 ids in all. A hash of 0 stands for the mempool.",
        Arg.OptionalArray("blockhash", "Ids of transactions of one block.", Arg.Txid("txid", "An id.")));

    private static readonly RpcArg<JsonElement> Verbose =
        Arg.OptionalAny("verbose", ArgKind.Bool, "Objects; otherwise the bytes in hex.") with { DefaultText = "false" };

    public static readonly NodeMethod Method = new("rawtransactions", "getrawtransactionmulti", "Several transactions at once, by their blocks.")
    {
        Args = [Transactions, Verbose],
        Results =
        [
            Result.ObjDyn("", "",
                Result.Str("txid", "The bytes in hex, without verbose; \"None\" of a transaction that is not known."),
                Result.Obj("txid", "With verbose.", Result.Elision("As by getrawtransaction with verbose."))),
        ],
        Examples =
        [
            Example.Cli("'{\"blockhash1\":[\"txid1\",\"txid2\"], \"0\":[\"txid3\"]}'"),
            Example.Rpc("{\"blockhash1\":[\"txid1\",\"txid2\"], \"0\":[\"txid3\"]}"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var blocks = call.Raw(Transactions).AsObject();
        var given = call.Raw(Verbose);
        var verbose = !given.IsAbsent() && (given.ValueKind == JsonValueKind.Number ? given.AsInt() != 0 : given.AsBool());
        if (blocks.EnumerateObject().Count() > MostIds)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Up to 100 blocks and txids only");
        }

        var count = 0;
        HashSet<string> written = [];
        result.WriteStartObject();
        foreach (var member in blocks.EnumerateObject())
        {
            ct.ThrowIfCancellationRequested();
            var ids = member.Value.AsArray();
            var hash = ReadHash(member.Name);
            var block = hash.IsZero ? null : call.Node.Index.Find(new BlockHash(hash));
            var isUnknown = block is null && !hash.IsZero;
            if (!isUnknown && (count += ids.GetArrayLength()) > MostIds)
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, "Up to 100 txids in total");
            }

            foreach (var id in ids.EnumerateArray())
            {
                if (written.Add(id.AsStr()))
                {
                    Write(call, result, id, block, isUnknown, verbose);
                }
            }
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void Write(
        NodeCall call, Utf8JsonWriter result, JsonElement id, BlockNode? block, bool isUnknown, bool verbose)
    {
        var found = isUnknown ? null : KnownTransactionJson.Find(call, new Txid(id.AsHash("transaction id")), ref block);
        if (found is null)
        {
            result.WriteString(id.AsStr(), Unknown);
        }
        else if (verbose)
        {
            result.WriteStartObject(id.AsStr());
            result.WriteKnown(found, block, call);
            result.WriteEndObject();
        }
        else
        {
            result.WriteHex(id.AsStr(), found.ToBytes());
        }
    }

    // As many digits as there are, as Core reads it; nothing that is no digit.
    private static Uint256 ReadHash(string text)
    {
        var start = text.StartsWith("0x", StringComparison.OrdinalIgnoreCase) ? 2 : 0;
        var digits = string.Concat(text.Skip(start).TakeWhile(char.IsAsciiHexDigit).Take(2 * Uint256.Size));
        return Uint256.Parse(digits.PadLeft(2 * Uint256.Size, '0'));
    }
}
