using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class ClearBanned
{
    public static readonly NodeMethod Method = new("network", "clearbanned", "Lets everybody in again whom the user kept out.")
    {
        Results = [Result.None()],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        call.Node.Peers.Surroundings.Bans.ClearBans();
        result.WriteNullValue();
        return ValueTask.CompletedTask;
    }
}
