using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class PreciousBlock
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");

    public static readonly NodeMethod Method = new("blockchain", "preciousblock",
        "Treats a block as if it had come before all others of the same work. A later call may take that back; a restart forgets it.")
    {
        Args = [Hash],
        Results = [Result.None()],
        Examples = [Example.Cli("\"blockhash\""), Example.Rpc("\"blockhash\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct) =>
        await call.Node.Validation.PreferAsync(call.FindBlock(Hash), ct);
}
