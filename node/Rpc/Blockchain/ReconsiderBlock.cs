using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class ReconsiderBlock
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");
    private static readonly RpcArg<bool> IgnoreChainLocks = Arg.Bool("ignore_chainlocks", fallback: false,
        "Whether chain locks against it are taken back too. None is known here.");

    public static readonly NodeMethod Method = new("hidden", "reconsiderblock",
        "Takes back what is held against a block, its ancestors and its descendants, and tries them again.")
    {
        Args = [Hash, IgnoreChainLocks],
        Results = [Result.None()],
        Examples = [Example.Cli("\"blockhash\""), Example.Rpc("\"blockhash\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var block = call.Get(Hash);
        _ = call.Get(IgnoreChainLocks);
        await call.Node.Validation.ReconsiderAsync(call.FindBlock(block), ct);
    }
}
