using System.Text.Json;
using Dash.Node.Rpc.RawTransactions;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetSpecialTxes
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");
    private static readonly RpcArg<int> Type = Arg.Int("type", -1, "Only special transactions of this type; -1 for all.");
    private static readonly RpcArg<int> Count = Arg.Int("count", 10, "At most so many.");
    private static readonly RpcArg<int> Skip = Arg.Int("skip", 0, "Leave out so many first.");
    private static readonly RpcArg<int> Verbosity = Arg.Int("verbosity", 0, "0 for ids, 1 for bytes in hex, 2 for objects.");

    public static readonly NodeMethod Method = new("blockchain", "getspecialtxes", "The special transactions of a block.")
    {
        Args = [Hash, Type, Count, Skip, Verbosity],
        Results =
        [
            Result.Arr("", "", Result.Hex("", "A transaction's id.")).When("with verbosity=0"),
            Result.Arr("", "", Result.Hex("data", "A transaction's bytes.")).When("with verbosity=1"),
            Result.Arr("", "", Result.Obj("", "", Result.Elision("As by getrawtransaction with verbose."))).When("with verbosity=2"),
        ],
        Examples =
        [
            Example.Cli("\"00000000000fd08c2fb661d2fcb0d49abb3a91e5f27082ce64feed3b4dede2e2\""),
            Example.Rpc("\"00000000000fd08c2fb661d2fcb0d49abb3a91e5f27082ce64feed3b4dede2e2\""),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var hash = call.Get(Hash);
        var type = call.Get(Type);
        var count = call.Get(Count) is >= 0 and var most ? most : throw Refused("Negative count");
        var skip = call.Get(Skip) is >= 0 and var left ? left : throw Refused("Negative skip");
        var verbosity = call.Get(Verbosity) is >= 0 and <= 2 and var level ? level : throw Refused("Verbosity must be in range 0..2");
        var node = call.FindBlock(hash);
        var found = call.ReadBlock(node).Transactions
            .Where(transaction => transaction.HasExtraPayload && (type == -1 || (int)transaction.Type == type))
            .Skip(skip)
            .Take(count);
        result.WriteStartArray();
        foreach (var transaction in found)
        {
            if (verbosity == 0)
            {
                result.WriteStringValue(transaction.Txid.ToString());
            }
            else if (verbosity == 1)
            {
                result.WriteHexValue(transaction.ToBytes());
            }
            else
            {
                result.WriteStartObject();
                result.WriteKnown(transaction, node, call);
                result.WriteEndObject();
            }
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
