using System.Buffers;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.Json;

namespace Dash.Rpc.Protocol;

/// <summary>How JSON is read and written here, so that both directions agree with Dash Core.</summary>
public static class JsonText
{
    // Core: the depth at which its parser gives up.
    private const int MaxDepth = 512;

    /// <summary>Compact text, escaped as Core escapes it.</summary>
    public static JsonWriterOptions WriterOptions { get; } = new()
    {
        Encoder = CoreJsonEncoder.Instance,
        MaxDepth = MaxDepth * 2,
    };

    /// <summary>Two spaces a level, as <c>dash-cli</c> prints.</summary>
    public static JsonWriterOptions IndentedWriterOptions { get; } = new()
    {
        Encoder = CoreJsonEncoder.Instance,
        MaxDepth = MaxDepth * 2,
        Indented = true,
        IndentSize = 2,
        NewLine = "\n",
    };

    private static JsonDocumentOptions ReaderOptions => new() { MaxDepth = MaxDepth };

    /// <summary>
    /// Parses strict JSON in valid UTF-8 whose escapes form valid text. Null if it is anything else. The document refers
    /// to <paramref name="utf8"/>; the caller keeps that memory unchanged until it disposes the document.
    /// </summary>
    public static JsonDocument? TryParse(ReadOnlyMemory<byte> utf8)
    {
        if (!System.Text.Unicode.Utf8.IsValid(utf8.Span))
        {
            return null;
        }

        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(utf8, ReaderOptions);
        }
        catch (JsonException)
        {
            return null;
        }

        if (utf8.Span.IndexOf("\\u"u8) < 0 || HasSoundEscapes(utf8.Span))
        {
            return document;
        }

        document.Dispose();
        return null;
    }

    /// <summary>Parses text, e.g. an argument of the command line. Null if it is not JSON.</summary>
    public static JsonDocument? TryParse(string text) => TryParse(Encoding.UTF8.GetBytes(text));

    /// <summary>
    /// Writes a parsed value again: numbers with their digits as they came, strings escaped anew. (What Core does with
    /// the <c>id</c> of a request and the arguments of <c>echo</c>.)
    /// </summary>
    public static void WriteElement(this Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var property in value.EnumerateObject())
                {
                    writer.WritePropertyName(property.Name);
                    writer.WriteElement(property.Value);
                }

                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                {
                    writer.WriteElement(item);
                }

                writer.WriteEndArray();
                break;
            case JsonValueKind.String:
                writer.WriteStringValue(value.GetString());
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(JsonMarshal.GetRawUtf8Value(value), skipInputValidation: true);
                break;
            case JsonValueKind.True:
            case JsonValueKind.False:
                writer.WriteBooleanValue(value.GetBoolean());
                break;
            default:
                writer.WriteNullValue();
                break;
        }
    }

    /// <summary>A value as compact text.</summary>
    public static string ToText(JsonElement value, bool indented = false)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, indented ? IndentedWriterOptions : WriterOptions))
        {
            writer.WriteElement(value);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    /// <summary>A text as a JSON string, with its quotes.</summary>
    public static string Quote(string text) => $"\"{CoreJsonEncoder.Instance.Encode(text)}\"";

    /// <summary>True unless a string has an escape that stands for half a surrogate pair.</summary>
    private static bool HasSoundEscapes(ReadOnlySpan<byte> utf8)
    {
        Utf8JsonReader reader = new(utf8, new JsonReaderOptions { MaxDepth = MaxDepth });
        try
        {
            while (reader.Read())
            {
                if (reader.TokenType is JsonTokenType.String or JsonTokenType.PropertyName && reader.ValueIsEscaped)
                {
                    reader.GetString();
                }
            }

            return true;
        }
        catch (InvalidOperationException)
        {
            // The framework's word for text that is no valid UTF-16.
            return false;
        }
    }
}
