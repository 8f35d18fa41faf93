using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockHeader
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.", errorName: "hash");
    private static readonly RpcArg<bool> Verbose = Arg.Bool("verbose", fallback: true, "An object; otherwise the header's 80 bytes in hex.");

    public static readonly NodeMethod Method = new("blockchain", "getblockheader", "The header of a block, of the active chain or not.")
    {
        Args = [Hash, Verbose],
        Results =
        [
            Result.Obj("with verbose", [.. BlockJson.HeaderResults]),
            Result.Hex("data", "The header's bytes.", when: "without verbose"),
        ],
        Examples =
        [
            Example.Cli("\"00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6\""),
            Example.Rpc("\"00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6\""),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var hash = call.Get(Hash);
        var verbose = call.Get(Verbose);
        var node = call.FindBlock(hash);
        if (!verbose)
        {
            var bytes = new ByteWriter();
            node.Header.Write(bytes);
            result.WriteHexValue(bytes.WrittenSpan);
            return ValueTask.CompletedTask;
        }

        result.WriteStartObject();
        result.WriteHeader(node, call.View);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
