using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetMerkleBlocks
{
    private static readonly RpcArg<string> Filter = Arg.HexText("filter", "A bloom filter's bytes (BIP37).");
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "Hash of the first block.");
    private static readonly RpcArg<int> Count = Arg.Int("count", BlockJson.MostHeaders, "How many blocks are looked at.");

    public static readonly NodeMethod Method = new("blockchain", "getmerkleblocks",
        "Merkle blocks of those blocks, from one on, that have transactions which match a filter.")
    {
        Args = [Filter, Hash, Count],
        Results = [Result.Arr("", "", Result.Hex("", "A merkle block's bytes."))],
        Examples =
        [
            Example.Cli("\"2303028005802040100040000008008400048141010000f8400420800080025004000004130000000000000001\" " +
                "\"00000000007e1432d2af52e8463278bf556b55cf5049262f25634557e2e91202\" 2000"),
            Example.Rpc("\"2303028005802040100040000008008400048141010000f8400420800080025004000004130000000000000001\", " +
                "\"00000000007e1432d2af52e8463278bf556b55cf5049262f25634557e2e91202\", 2000"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        // A filter may be followed by anything, as in Core, so it is read and not parsed as a whole.
        var filter = Hex.TryDecode(call.Get(Filter), out var bytes) ? ReadFilter(bytes) : ReadFilter([]);
        if (!filter.IsWithinLimits)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Filter is not within size constraints");
        }

        var start = call.FindBlock(Hash);
        var count = BlockJson.CheckCount(call.Get(Count));
        call.ReadBlock(start);
        result.WriteStartArray();
        for (BlockNode? node = start; node is not null && count > 0; node = call.View.Next(node), count--)
        {
            ct.ThrowIfCancellationRequested();
            var merkleBlock = filter.Filter(call.ReadBlock(node), out var matches);
            if (matches.Count > 0)
            {
                result.WriteHexValue(merkleBlock.ToBytes());
            }
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }

    private static BloomFilter ReadFilter(byte[] bytes)
    {
        var reader = new SpanReader(bytes);
        return BloomFilter.Read(ref reader);
    }
}
