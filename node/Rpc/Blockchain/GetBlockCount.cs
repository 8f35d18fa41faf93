using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockCount
{
    public static readonly NodeMethod Method = new("blockchain", "getblockcount", "Height of the active chain's last block; the genesis block has height 0.")
    {
        Results = [Result.Num("n", "The height.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteNumberValue(call.View.Height);
        return ValueTask.CompletedTask;
    }
}
