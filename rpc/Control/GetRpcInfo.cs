using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Control;

/// <summary>What the server is doing right now.</summary>
internal static class GetRpcInfo
{
    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new("control", "getrpcinfo", "Tells what the RPC server is working on.")
        {
            Results =
            [
                Result.Obj(
                [
                    Result.Arr(
                        "active_commands",
                        "The calls under way, this one included",
                        Result.Obj(
                            "",
                            "A call",
                            Result.Str("method", "The name of the method"),
                            Result.Num("duration", "How long it has been running, in microseconds"))),
                    Result.Str("logpath", "The full path of the debug log"),
                    .. context.MoreInfoResults,
                ]),
            ],
            Examples = [Example.Cli(), Example.Rpc()],
            Lane = RpcLane.Control,
            Handler = (_, result, _) =>
            {
                Write(context, result);
                return ValueTask.CompletedTask;
            },
        };

    private static void Write(ControlContext context, Utf8JsonWriter result)
    {
        result.WriteStartObject();
        result.WriteStartArray("active_commands");
        foreach (var (method, duration) in context.Active.List())
        {
            result.WriteStartObject();
            result.WriteString("method", method);
            result.WriteNumber("duration", (long)duration.TotalMicroseconds);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        result.WriteString("logpath", context.LogPath);
        context.MoreInfo(result);
        result.WriteEndObject();
    }
}
