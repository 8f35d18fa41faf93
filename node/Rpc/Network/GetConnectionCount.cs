using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class GetConnectionCount
{
    public static readonly NodeMethod Method = new("network", "getconnectioncount", "How many peers the node is connected to. It does not speak to peers yet: none.")
    {
        Results = [Result.Num("n", "The number.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteNumberValue(0);
        return ValueTask.CompletedTask;
    }
}
