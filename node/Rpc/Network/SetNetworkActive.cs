using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class SetNetworkActive
{
    private static readonly RpcArg<bool> State = Arg.Bool("state", "true to speak to peers, false to part from all.");

    public static readonly NodeMethod Method = new("network", "setnetworkactive", "Stops or goes on speaking to peers.")
    {
        Args = [State],
        Results = [Result.Bool("", "What was asked for.")],
        Examples = [Example.Cli("false"), Example.Rpc("false")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        call.Node.Peers.SetActive(call.Get(State));
        result.WriteBooleanValue(call.Node.Peers.Admission.IsActive);
        return ValueTask.CompletedTask;
    }
}
