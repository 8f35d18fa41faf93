using System.Buffers;
using System.Text.Json;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>A question of our own to the attached process, on behalf of a caller.</summary>
internal static class RemoteCall
{
    /// <summary>The reply object, which holds a result; the caller disposes it.</summary>
    /// <exception cref="RpcError">The other process's refusal.</exception>
    public static async Task<JsonDocument> ResultAsync(
        IRemoteMethods remote, string method, IReadOnlyList<string> parameters, RpcCall caller, CancellationToken ct)
    {
        var answer = await remote.ExecuteAsync(Request(method, parameters), caller.Uri, caller.User, ct);
        var reply = JsonText.TryParse(await answer.ReadAsync(ct)) ??
            throw new RpcError(RpcErrorCode.InternalError, "The attached process did not answer with JSON");
        if (reply.RootElement.Find("error") is var error && error.IsAbsent())
        {
            return reply;
        }

        using (reply)
        {
            throw new RpcError((RpcErrorCode)error.Find("code").AsInt(), error.Find("message").AsStr());
        }
    }

    private static ReadOnlyMemory<byte> Request(string method, IReadOnlyList<string> parameters)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("method", method);
            writer.WriteStrings("params", parameters);
            writer.WriteNumber("id", 1);
            writer.WriteEndObject();
        }

        return buffer.WrittenMemory;
    }
}
