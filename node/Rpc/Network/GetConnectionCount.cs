using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class GetConnectionCount
{
    public static readonly NodeMethod Method = new("network", "getconnectioncount", "How many peers the node is connected to.")
    {
        Results = [Result.Num("n", "The number, both directions.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteNumberValue(call.Node.Peers.Peers.All.Length);
        return ValueTask.CompletedTask;
    }
}
