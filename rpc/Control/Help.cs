using System.Text.Json;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>
/// Lists the methods by category, or explains one. Methods of an attached process are listed and explained by that process;
/// the caller sees one list.
/// </summary>
internal static class Help
{
    // Undocumented in Core as well: tools make dash-cli's conversion table from it.
    private const string Conversions = "dump_all_command_conversions";

    private static readonly RpcArg<string?> Command =
        Arg.OptionalStr("command", "The method to explain", hint: "all commands");

    private static readonly RpcArg<string?> Subcommand =
        Arg.OptionalStr("subcommand", "The second word of its name", hint: "all subcommands");

    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new("control", "help", "Lists all methods, or explains one.")
        {
            Args = [Command, Subcommand],
            Results = [Result.Str("", "The text"), Result.Any()],
            Lane = RpcLane.Control,
            Handler = (call, result, ct) => HandleAsync(context.Table, call, result, ct),
        };

    private static async ValueTask HandleAsync(
        RpcTable table, RpcCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        // A null is no text here, as in Core: only what is left out means all methods.
        var words = call.Arguments.Select(word => word.AsStr());
        var name = string.Join(' ', words);
        switch (name)
        {
            case Conversions:
                await ConversionTable.WriteAsync(table, call, result, ct);
                break;
            case "":
                result.WriteStringValue(await HelpList.MakeAsync(table, call, ct));
                break;
            case var _ when table.FindRemote(name) is not null && table.Remote is { } remote:
                using (var help = await RemoteCall.ResultAsync(remote, "help", name.Split(' ', 2), call, ct))
                {
                    result.WriteElement(help.RootElement.Find("result"));
                }

                break;
            case var _ when table.FindLocal(name) is { } local:
                result.WriteStringValue(HelpText.Render(local.Method));
                break;
            default:
                result.WriteStringValue($"help: unknown command: {name}");
                break;
        }
    }
}
