using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class InvalidateBlock
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");

    public static readonly NodeMethod Method = new("hidden", "invalidateblock",
        "Treats a block as if it broke a rule: it and all above it leave the active chain, for good or until reconsiderblock.")
    {
        Args = [Hash],
        Results = [Result.None()],
        Examples = [Example.Cli("\"blockhash\""), Example.Rpc("\"blockhash\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct) =>
        await call.Node.Validation.InvalidateAsync(call.FindBlock(Hash), ct);
}
