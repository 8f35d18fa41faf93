using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class GetNetworkHashPs
{
    private static readonly RpcArg<int> Blocks = Arg.Int("nblocks", NetworkHashRate.DefaultBlocks, "How many blocks to look at; -1 for those since the last change of difficulty.");
    private static readonly RpcArg<int> Height = Arg.Int("height", -1, "Up to which height.");

    public static readonly NodeMethod Method = new("mining", "getnetworkhashps", "Hashes a second that the network seems to try, from the last blocks.")
    {
        Args = [Blocks, Height],
        Results = [Result.Num("n", "Hashes a second.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        // Core's compiler reads the last argument first.
        var height = call.Get(Height);
        result.WriteRealValue(NetworkHashRate.Of(call.View, call.Get(Blocks), height, call.Node.Network.DifficultyInterval));
        return ValueTask.CompletedTask;
    }
}
