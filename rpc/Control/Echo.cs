using System.Text.Json;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>Gives its arguments back: for testing a connection and a client's conversion of arguments.</summary>
internal static class Echo
{
    private const string BugTrigger = "trigger_internal_bug";

    private static readonly IReadOnlyList<RpcArg> Args =
        [.. Enumerable.Range(0, 10).Select(i => Arg.OptionalAny($"arg{i}", ArgKind.Str, ""))];

    public static RpcMethod<RpcCall> Create(string name) =>
        new(
            "hidden",
            name,
            "Gives back its arguments, for testing.\n\n" +
            $"With arg9='{BugTrigger}' it answers as if it had found a bug in itself.\n\n" +
            "dash-cli passes the arguments of echo on as texts and those of echojson as JSON; the server treats both alike.")
        {
            Args = Args,
            Results = [Result.Any("", "The arguments")],
            Handler = (call, result, _) =>
            {
                Write(call.Arguments, result);
                return ValueTask.CompletedTask;
            },
        };

    private static void Write(IReadOnlyList<JsonElement> arguments, Utf8JsonWriter result)
    {
        if (arguments.Count > 9 && arguments[9].ValueKind == JsonValueKind.String && arguments[9].ValueEquals(BugTrigger))
        {
            throw InternalBug.Detected($"request.params[9].get_str() != \"{BugTrigger}\"");
        }

        result.WriteStartArray();
        foreach (var argument in arguments)
        {
            result.WriteElement(argument);
        }

        result.WriteEndArray();
    }
}
