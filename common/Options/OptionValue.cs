using System.Globalization;
using System.Text.Json;

namespace Dash.Common.Options;

/// <summary>One value given to an option: a text, or the plain true/false of <c>-noname</c> and of settings.json.</summary>
internal sealed record OptionValue(string Text, OptionValueKind Kind)
{
    public static readonly OptionValue False = new("0", OptionValueKind.False);
    public static readonly OptionValue True = new("1", OptionValueKind.True);

    public bool IsFalse => Kind == OptionValueKind.False;

    public static OptionValue Of(string text) => new(text, OptionValueKind.Text);

    /// <summary>An empty text is true ("-server"), any other is a number and false if that is 0 ("-server=false" is false).</summary>
    public bool ToBool() => Kind switch
    {
        OptionValueKind.True => true,
        OptionValueKind.False => false,
        _ => Text.Length == 0 || ToLong() != 0,
    };

    /// <summary>The number the text begins with, held to the range of a long; 0 if it begins with none.</summary>
    public long ToLong()
    {
        var text = Text.AsSpan().Trim(" \t\r\n\f\v");
        if (text.StartsWith("+", StringComparison.Ordinal))
        {
            text = text[1..];
            if (text.StartsWith("-", StringComparison.Ordinal)) return 0;
        }

        var digits = text.StartsWith("-", StringComparison.Ordinal) ? 1 : 0;
        var end = digits;
        while (end < text.Length && char.IsAsciiDigit(text[end])) end++;
        if (end == digits) return 0;
        if (long.TryParse(text[..end], NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)) return number;
        return digits == 1 ? long.MinValue : long.MaxValue;
    }

    /// <summary>As JSON text, for the log: a text in quotes, or true/false.</summary>
    public string ToJson() => Kind switch
    {
        OptionValueKind.True => "true",
        OptionValueKind.False => "false",
        OptionValueKind.Number => Text,
        _ => "\"" + JsonEncodedText.Encode(Text, System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping) + "\"",
    };

    /// <summary>The values of one member of settings.json; an array is several values.</summary>
    public static IReadOnlyList<OptionValue> FromJson(JsonElement json) => json.ValueKind switch
    {
        JsonValueKind.Array => [.. json.EnumerateArray().SelectMany(FromJson)],
        JsonValueKind.True => [True],
        JsonValueKind.False => [False],
        JsonValueKind.Number => [new(json.GetRawText(), OptionValueKind.Number)],
        JsonValueKind.String => [Of(json.GetString() ?? "")],
        _ => [],
    };
}
