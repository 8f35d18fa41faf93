using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

/// <summary>Methods that say of one block what the rules do not: they take its hash and answer nothing.</summary>
internal static class BlockVerdict
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");

    /// <summary>A method that passes a sentence.</summary>
    public static NodeMethod Method(
        string category, string name, string description, Func<Validation, BlockNode, CancellationToken, Task> pass) => new(category, name, description)
    {
        Args = [Hash],
        Results = [Result.None()],
        Examples = [Example.Cli("\"blockhash\""), Example.Rpc("\"blockhash\"")],
        Handler = async (call, _, ct) => await pass(call.Node.Validation, call.FindBlock(Hash), ct),
    };
}
