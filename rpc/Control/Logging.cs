using System.Text.Json;
using Dash.Common.Logging;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>Shows and switches the categories of the debug log.</summary>
internal static class Logging
{
    // Anything that is no array is passed over, as in Core; hence no typed array.
    private static readonly RpcArg<JsonElement> Include = Arg.OptionalAny(
        "include",
        ArgKind.Array,
        "Categories to switch on",
        Arg.Str("include_category", "A category") with { IsOptional = true });

    private static readonly RpcArg<JsonElement> Exclude = Arg.OptionalAny(
        "exclude",
        ArgKind.Array,
        "Categories to switch off",
        Arg.Str("exclude_category", "A category") with { IsOptional = true });

    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new(
            "control",
            "logging",
            "Shows which categories of the debug log are on, after switching those that are given: first \"include\", then " +
            $"\"exclude\".\nThe valid logging categories are: {LogFilter.Names}\n" +
            "Besides, \"all\" or \"1\" means all of them, \"dash\" those of Dash's own.")
        {
            Args = [Include, Exclude],
            Results =
            [
                Result.ObjDyn("", "The categories and their state", Result.Bool("category", "True if it is on")),
            ],
            Examples =
            [
                Example.Cli("\"[\\\"all\\\"]\" \"[\\\"http\\\"]\""),
                Example.Cli("'[\"dash\"]' '[\"llmq\",\"zmq\"]'"),
                Example.Rpc("[\"all\"], [\"http\"]"),
            ],
            Handler = (call, result, _) =>
            {
                Switch(context.LogFilter, call.Raw(Include), on: true);
                Switch(context.LogFilter, call.Raw(Exclude), on: false);
                Write(context.LogFilter, result);
                return ValueTask.CompletedTask;
            },
        };

    private static void Switch(LogFilter filter, JsonElement categories, bool on)
    {
        if (categories.ValueKind != JsonValueKind.Array)
        {
            return;
        }

        foreach (var category in categories.EnumerateArray())
        {
            var name = category.AsStr();
            if (!filter.TrySwitch(name, on))
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, "unknown logging category " + name);
            }
        }
    }

    private static void Write(LogFilter filter, Utf8JsonWriter result)
    {
        result.WriteStartObject();
        foreach (var category in LogCategories.All)
        {
            result.WriteBoolean(category.Name(), filter.IsOn(category));
        }

        result.WriteEndObject();
    }
}
