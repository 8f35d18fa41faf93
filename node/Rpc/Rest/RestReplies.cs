using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Rpc.Http;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Rest;

/// <summary>Answers in the forms REST has.</summary>
internal static class RestReplies
{
    private const int Ok = 200;
    private const int BadRequest = 400;
    private const int NotFound = 404;
    private const string PlainText = "text/plain";

    /// <summary>The request makes no sense.</summary>
    public static OpenReply Bad(string message) => Error(BadRequest, message);

    /// <summary>There is no such thing.</summary>
    public static OpenReply Missing(string message) => Error(NotFound, message);

    /// <summary>There is no such form of it.</summary>
    public static OpenReply NoFormat(string available = ".bin, .hex, .json") =>
        Missing($"output format not found (available: {available})");

    /// <summary>A refusal.</summary>
    public static OpenReply Error(int status, string message) =>
        new(status, PlainText, Encoding.UTF8.GetBytes(message + "\r\n"));

    /// <summary>Bytes as they are, or in hex.</summary>
    public static OpenReply Bytes(RestFormat format, ReadOnlySpan<byte> bytes) => format == RestFormat.Binary
        ? new OpenReply(Ok, "application/octet-stream", bytes.ToArray())
        : Text(Convert.ToHexStringLower(bytes));

    /// <summary>A line of text.</summary>
    public static OpenReply Text(string text) => new(Ok, PlainText, Encoding.ASCII.GetBytes(text + "\n"));

    /// <summary>JSON.</summary>
    public static OpenReply Json(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new(1024);
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            write(writer);
        }

        return Json(buffer);
    }

    /// <summary>JSON that is written already.</summary>
    public static OpenReply Json(ArrayBufferWriter<byte> buffer)
    {
        buffer.Write("\n"u8);
        return new OpenReply(Ok, "application/json", buffer.WrittenMemory);
    }
}
