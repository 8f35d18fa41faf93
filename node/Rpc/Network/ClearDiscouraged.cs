using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class ClearDiscouraged
{
    public static readonly NodeMethod Method = new("hidden", "cleardiscouraged", "Forgets which hosts misbehaved.")
    {
        Results = [Result.None()],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        call.Node.Peers.Surroundings.Bans.ClearDiscouraged();
        result.WriteNullValue();
        return ValueTask.CompletedTask;
    }
}
