using System.Text;
using System.Text.Json;
using Dash.Rpc.Protocol;

namespace Dash.Cli.Output;

/// <summary>
/// Prints JSON as dash-cli does: two spaces a level, numbers digit for digit, and an empty object or array over two lines.
/// </summary>
internal static class JsonPrinter
{
    private const int IndentWidth = 2;

    public static string Print(JsonElement value)
    {
        var text = new StringBuilder();
        Append(text, value, IndentWidth);
        return text.ToString();
    }

    private static void Append(StringBuilder text, JsonElement value, int indent)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                Append(text, '{', '}', value.EnumerateObject(), indent, member =>
                {
                    text.Append(JsonText.Quote(member.Name)).Append(": ");
                    Append(text, member.Value, indent + IndentWidth);
                });
                break;
            case JsonValueKind.Array:
                Append(text, '[', ']', value.EnumerateArray(), indent, item => Append(text, item, indent + IndentWidth));
                break;
            case JsonValueKind.String:
                text.Append(JsonText.Quote(value.GetString() ?? ""));
                break;
            default:
                text.Append(value.GetRawText());
                break;
        }
    }

    private static void Append<T>(StringBuilder text, char open, char close, IEnumerable<T> items, int indent, Action<T> append)
    {
        text.Append(open).Append('\n');
        var isFirst = true;
        foreach (var item in items)
        {
            if (!isFirst) text.Append(",\n");
            isFirst = false;
            text.Append(' ', indent);
            append(item);
        }

        if (!isFirst) text.Append('\n');
        text.Append(' ', indent - IndentWidth).Append(close);
    }
}
