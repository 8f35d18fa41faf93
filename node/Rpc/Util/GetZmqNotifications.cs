using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Util;

internal static class GetZmqNotifications
{
    public static readonly NodeMethod Method = new("zmq", "getzmqnotifications", "What is published through ZeroMQ.")
    {
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Str("type", "What."),
                Result.Str("address", "Where."),
                Result.Num("hwm", "Messages a subscriber may be behind before he misses some."))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteStartArray();
        foreach (var topic in call.Node.Zmq?.Topics ?? [])
        {
            result.WriteStartObject();
            result.WriteString("type", topic.Type);
            result.WriteString("address", topic.Address);
            result.WriteNumber("hwm", topic.HighWaterMark);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
