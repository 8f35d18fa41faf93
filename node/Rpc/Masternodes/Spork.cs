using System.Text.Json;
using Dash.Node.Net.Sporks;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Masternodes;

internal static class Spork
{
    private static readonly RpcArg<string> Command = Arg.Str("command", "show: the values; active: which are on.");

    public static readonly NodeMethod Method = new("dash", "spork", "The switches of the network that its developers can turn.")
    {
        Args = [Command],
        Results =
        [
            Result.ObjDyn("", "For show.", Result.Num("SPORK_NAME", "The value.")),
            Result.ObjDyn("", "For active.", Result.Bool("SPORK_NAME", "Whether it is on.")),
            Result.None(when: "for anything else"),
        ],
        Examples = [Example.Cli("show"), Example.Rpc("\"show\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var sporks = call.Node.Peers.Sporks;
        var command = call.Get(Command);
        if (command is not ("show" or "active"))
        {
            return ValueTask.CompletedTask;
        }

        result.WriteStartObject();
        foreach (var spork in SporkDefinition.All)
        {
            if (command == "show")
            {
                result.WriteNumber(spork.Name, sporks.ValueOf(spork.Id));
            }
            else
            {
                result.WriteBoolean(spork.Name, sporks.IsActive(spork.Id));
            }
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
