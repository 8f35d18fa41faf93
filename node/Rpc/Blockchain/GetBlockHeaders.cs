using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockHeaders
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "Hash of the first block.");
    private static readonly RpcArg<int> Count = Arg.Int("count", BlockJson.MostHeaders, "How many.");
    private static readonly RpcArg<bool> Verbose = Arg.Bool("verbose", fallback: true, "Objects; otherwise each header's 80 bytes in hex.");

    public static readonly NodeMethod Method = new("blockchain", "getblockheaders", "Headers of a block and those after it in the active chain.")
    {
        Args = [Hash, Count, Verbose],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "", [.. BlockJson.HeaderResults])).When("with verbose"),
            Result.Arr("", "", Result.Hex("", "A header's bytes.")).When("without verbose"),
        ],
        Examples =
        [
            Example.Cli("\"00000000c937983704a73af28acdec37b049d214adbda81d7e2a3dd146f6ed09\" 2000"),
            Example.Rpc("\"00000000c937983704a73af28acdec37b049d214adbda81d7e2a3dd146f6ed09\", 2000"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var start = call.FindBlock(Hash);
        var count = BlockJson.CheckCount(call.Get(Count));
        var verbose = call.Get(Verbose);
        result.WriteStartArray();
        for (BlockNode? node = start; node is not null && count > 0; node = call.View.Next(node), count--)
        {
            if (verbose)
            {
                result.WriteStartObject();
                result.WriteHeader(node, call.View);
                result.WriteEndObject();
            }
            else
            {
                result.WriteHexValue(node.Header.ToBytes());
            }
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
