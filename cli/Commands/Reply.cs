using System.Text.Json;

namespace Dash.Cli.Commands;

/// <summary>Parts of a reply; what is missing is null.</summary>
internal static class Reply
{
    private static readonly JsonElement Null = JsonDocument.Parse("null").RootElement;

    /// <summary>The member of that name, or null.</summary>
    public static JsonElement At(this JsonElement value, string name) =>
        value.ValueKind == JsonValueKind.Object && value.TryGetProperty(name, out var member) ? member : Null;

    public static bool IsNull(this JsonElement value) => value.ValueKind is JsonValueKind.Null or JsonValueKind.Undefined;

    /// <summary>A text without quotes, a number digit for digit, nothing for null.</summary>
    public static string Text(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString() ?? "",
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "1",
        _ => "",
    };
}
