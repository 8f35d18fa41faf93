using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class VerifyChain
{
    private static readonly RpcArg<int> CheckLevel = Arg.Int("checklevel", 3,
        "How thoroughly: 0 reads blocks, 1 checks them by themselves, 2 reads undo data, 3 takes blocks back in memory, 4 connects them again; "
        + "each with all before it.") with { DefaultText = "3, range=0-4", };

    private static readonly RpcArg<int> Blocks = Arg.Int("nblocks", 6, "How many blocks from the tip down.") with { DefaultText = "6, 0=all" };

    public static readonly NodeMethod Method = new("blockchain", "verifychain",
        "Checks stored blocks and coins against each other. Nothing else changes the chain meanwhile.")
    {
        Args = [CheckLevel, Blocks],
        Results = [Result.Bool("", "Whether all is well; what is not is logged.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var (level, depth) = (call.Get(CheckLevel), call.Get(Blocks));
        result.WriteBooleanValue(
            await call.Node.Validation.PostAsync((chainstate, stop) => chainstate.Verify(level, depth, stop), ct));
    }
}
