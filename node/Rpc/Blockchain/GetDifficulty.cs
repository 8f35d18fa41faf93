using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetDifficulty
{
    public static readonly NodeMethod Method = new("blockchain", "getdifficulty", "How many times harder than the easiest target the last block was to find.")
    {
        Results = [Result.Num("n", "The difficulty.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteRealValue(Difficulty.Of(call.View.Tip.Header.Bits));
        return ValueTask.CompletedTask;
    }
}
