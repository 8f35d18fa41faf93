using System.Text.Json;
using Dash.Common.Logging;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Control;

/// <summary>Switches the categories of the debug log to those that are named.</summary>
internal static class Debug
{
    private static readonly RpcArg<string> Category = Arg.Str("category", "The categories that shall be on, joined by \"+\".");

    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new(
            "control",
            "debug",
            "Switches all categories of the debug log off, then those that are named on. logging can do more.\n" +
            $"The valid logging categories are: {LogFilter.Names}\n" +
            "Besides, \"all\", \"1\" and \"\" mean all of them, \"dash\" those of Dash's own, \"none\" and \"0\" none. Unknown names are passed over.")
        {
            Args = [Category],
            Results = [Result.Str("result", "\"Debug mode: \" and the categories that are on.")],
            Examples = [Example.Cli("dash"), Example.Rpc("\"dash+net\"")],
            Handler = (call, result, _) =>
            {
                Switch(context.LogFilter, call.Get(Category).Split('+'));
                result.WriteStringValue("Debug mode: " +
                    string.Join(", ", LogCategories.All.Where(context.LogFilter.IsOn).Select(category => category.Name())));
                return ValueTask.CompletedTask;
            },
        };

    private static void Switch(LogFilter filter, string[] names)
    {
        filter.TrySwitch("all", on: false);
        if (names.Contains("0"))
        {
            return;
        }

        foreach (var name in names)
        {
            filter.TrySwitch(name, on: true);
        }
    }
}
