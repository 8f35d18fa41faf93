using System.Text.Json;
using Dash.Node.Net.Sporks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Masternodes;

internal static class SporkUpdate
{
    private static readonly RpcArg<string> Name = Arg.Str("name", "The switch, by the name spork shows.");
    private static readonly RpcArg<long> Value = Arg.Long("value", "Its new value, for most a time from which on it is on.");

    public static readonly NodeMethod Method = new("dash", "sporkupdate", "Turns a switch of the network. The node needs the key, -sporkkey.")
    {
        Args = [Name, Value],
        Results = [Result.Str("result", "success.", when: "if it was signed"), Result.None(when: "otherwise")],
        Examples = [Example.Cli("SPORK_2_INSTANTSEND_ENABLED 4070908800"), Example.Rpc("\"SPORK_2_INSTANTSEND_ENABLED\", 4070908800")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var name = call.Get(Name);
        var spork = SporkDefinition.All.FirstOrDefault(one => string.Equals(one.Name, name, StringComparison.Ordinal))
            ?? throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid spork name");
        if (call.Node.Peers.UpdateSpork(spork.Id, call.Get(Value)))
        {
            result.WriteStringValue("success");
        }

        return ValueTask.CompletedTask;
    }
}
