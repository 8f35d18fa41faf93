using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>
/// The reply object of JSON-RPC 1.0 as Dash Core writes it: <c>{"result":…,"error":…,"id":…}</c>, compact, all three
/// members always there.
/// </summary>
public static class RpcReply
{
    /// <summary>Writes what comes before a result.</summary>
    public static void BeginResult(IBufferWriter<byte> target) => target.Write("{\"result\":"u8);

    /// <summary>Writes what comes after a result; with what it reflects, if that is given.</summary>
    public static void EndResult(IBufferWriter<byte> target, JsonElement id, IReplyState? state = null)
    {
        target.Write(",\"error\":null"u8);
        WriteEnd(target, id, state);
    }

    /// <summary>Writes a refusal.</summary>
    public static void WriteError(IBufferWriter<byte> target, RpcErrorCode code, string message, JsonElement id, IReplyState? state = null)
    {
        target.Write("{\"result\":null,\"error\":"u8);
        using (Utf8JsonWriter writer = new(target, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("code"u8, (int)code);
            writer.WriteString("message"u8, message);
            writer.WriteEndObject();
        }

        WriteEnd(target, id, state);
    }

    /// <summary>HTTP status of a single reply: 200, 400, 404 or 500.</summary>
    public static int StatusOf(RpcErrorCode? error) => error switch
    {
        null => 200,
        RpcErrorCode.InvalidRequest => 400,
        RpcErrorCode.MethodNotFound => 404,
        _ => 500,
    };

    /// <summary>The code in a finished reply; null if it holds a result.</summary>
    public static RpcErrorCode? ErrorOf(ReadOnlySpan<byte> reply)
    {
        Utf8JsonReader reader = new(reply, new JsonReaderOptions { MaxDepth = 1024 });
        if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
        {
            throw new JsonException("A reply is not an object");
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var isError = reader.ValueTextEquals("error"u8);
            _ = reader.Read();
            if (!isError || reader.TokenType != JsonTokenType.StartObject)
            {
                reader.Skip();
                continue;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isCode = reader.ValueTextEquals("code"u8);
                _ = reader.Read();
                if (isCode)
                {
                    return (RpcErrorCode)reader.GetInt32();
                }

                reader.Skip();
            }
        }

        return null;
    }

    private static void WriteEnd(IBufferWriter<byte> target, JsonElement id, IReplyState? state)
    {
        WriteId(target, id);
        if (state is not null)
        {
            target.Write(",\"state\":"u8);
            using Utf8JsonWriter writer = new(target, JsonText.WriterOptions);
            state.Write(writer);
        }

        target.Write("}"u8);
    }

    private static void WriteId(IBufferWriter<byte> target, JsonElement id)
    {
        target.Write(",\"id\":"u8);
        switch (id.ValueKind)
        {
            case JsonValueKind.Undefined or JsonValueKind.Null:
                target.Write("null"u8);
                break;
            case JsonValueKind.Number:
                target.Write(JsonMarshal.GetRawUtf8Value(id));
                break;
            default:
                using (Utf8JsonWriter writer = new(target, JsonText.WriterOptions))
                {
                    writer.WriteElement(id);
                }

                break;
        }
    }
}
