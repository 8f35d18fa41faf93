using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Dispatch;

/// <summary>Looks for the method's name without parsing the request, to choose the lane before any work is done.</summary>
internal static class RequestPeek
{
    // Longer than any name, in bytes as written.
    private const int LongestName = 128;

    /// <summary>The lane of a single request; normal for batches, unknown methods and anything that is no request.</summary>
    public static RpcLane Lane(RpcTable table, ReadOnlySpan<byte> request)
    {
        Span<char> name = stackalloc char[LongestName];
        return Method(request, name) is > 0 and var length && table.FindLocal(name[..length]) is { } command
            ? command.Method.Lane
            : RpcLane.Normal;
    }

    /// <summary>May a request or a batch want to wait until something has been seen?</summary>
    public static bool MayWait(ReadOnlySpan<byte> request) => request.IndexOf("\"min_"u8) >= 0;

    /// <summary>May a request, or one of a batch, say until when its answer is of use?</summary>
    public static bool MayHaveDeadline(ReadOnlySpan<byte> request) => request.IndexOf("\"deadline\""u8) >= 0;

    private static int Method(ReadOnlySpan<byte> request, Span<char> name)
    {
        try
        {
            Utf8JsonReader reader = new(request, new JsonReaderOptions { MaxDepth = 512 });
            if (!reader.Read() || reader.TokenType != JsonTokenType.StartObject)
            {
                return 0;
            }

            while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
            {
                var isMethod = reader.ValueTextEquals("method"u8);
                _ = reader.Read();
                if (isMethod)
                {
                    return reader.TokenType == JsonTokenType.String && reader.ValueSpan.Length <= LongestName ? reader.CopyString(name) : 0;
                }

                reader.Skip();
            }
        }
        catch (Exception e) when (e is JsonException or InvalidOperationException)
        {
            // No request; the dispatcher says so.
        }

        return 0;
    }
}
