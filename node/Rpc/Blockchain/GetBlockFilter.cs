using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockFilter
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block.");
    private static readonly RpcArg<string> FilterType = Arg.Str("filtertype", BlockFilter.BasicName, "The kind of filter.");

    public static readonly NodeMethod Method = new("blockchain", "getblockfilter",
        "The compact filter of a block (BIP157, BIP158). Needs -blockfilterindex.")
    {
        Args = [Hash, FilterType],
        Results =
        [
            Result.Obj(
                Result.Hex("filter", "The filter."),
                Result.Hex("header", "The header that chains it to the filters before.")),
        ],
        Examples =
        [
            Example.Cli("\"00000000c937983704a73af28acdec37b049d214adbda81d7e2a3dd146f6ed09\" \"basic\""),
            Example.Rpc("\"00000000c937983704a73af28acdec37b049d214adbda81d7e2a3dd146f6ed09\", \"basic\""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var hash = call.Get(Hash);
        var type = call.Get(FilterType);
        if (type != BlockFilter.BasicName)
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Unknown filtertype");
        }

        var index = call.Node.Indexes.BlockFilters
            ?? throw new RpcError(RpcErrorCode.Misc, "Index is not enabled for filtertype " + type);
        var block = call.FindBlock(hash);
        var wasConnected = block.IsValid(BlockStatus.ValidScripts);
        var isReady = await index.CaughtUpAsync(ct);
        if (index.Find(block) is not { } filter || index.FindHeader(block) is not { } header)
        {
            const string Missing = "Filter not found.";
            throw !wasConnected ? new RpcError(RpcErrorCode.InvalidAddressOrKey, Missing + " Block was not connected to active chain.")
                : !isReady ? new RpcError(RpcErrorCode.Misc, Missing + " Block filters are still in the process of being indexed.")
                : new RpcError(RpcErrorCode.InternalError, Missing + " This error is unexpected and indicates index corruption.");
        }

        result.WriteStartObject();
        result.WriteHex("filter", filter.Encoded.Span);
        result.WriteHash("header", header);
        result.WriteEndObject();
    }
}
