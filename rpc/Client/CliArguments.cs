using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Client;

/// <summary>Turns the words of a command line into the parameters of a call, as <c>dash-cli</c> does.</summary>
public static class CliArguments
{
    /// <summary>Parameters as JSON: an array, or with names an object.</summary>
    /// <param name="method">The method's name.</param>
    /// <param name="words">What follows it.</param>
    /// <param name="named">Words are <c>name=value</c>; those without a name become the member <c>args</c>.</param>
    /// <exception cref="FormatException">A word that must be JSON is not; the message is for the user.</exception>
    public static string Convert(string method, IReadOnlyList<string> words, bool named)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            if (named)
            {
                WriteNamed(writer, method, words);
            }
            else
            {
                WritePositional(writer, WithSubcommand(method, words), words);
            }
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }

    private static void WritePositional(Utf8JsonWriter writer, string method, IReadOnlyList<string> words)
    {
        writer.WriteStartArray();
        for (var i = 0; i < words.Count; i++)
        {
            Write(writer, words[i], ConversionFacts.Find(method, i));
        }

        writer.WriteEndArray();
    }

    private static void WriteNamed(Utf8JsonWriter writer, string method, IReadOnlyList<string> words)
    {
        method = words is [var first, ..] && !first.Contains('=') ? WithSubcommand(method, words) : method;

        // Of equal names the last value counts, at the place of the first.
        OrderedDictionary<string, string> given = [];
        List<string> positional = [];
        foreach (var word in words)
        {
            var equals = word.IndexOf('=');
            if (equals < 0)
            {
                positional.Add(word);
            }
            else
            {
                given[word[..equals]] = word[(equals + 1)..];
            }
        }

        writer.WriteStartObject();
        foreach (var (name, value) in given)
        {
            writer.WritePropertyName(name);
            Write(writer, value, ConversionFacts.Find(method, name));
        }

        if (positional.Count > 0)
        {
            // Also beside a given "args": the server shall judge that.
            writer.WritePropertyName("args");
            WritePositional(writer, method, positional);
        }

        writer.WriteEndObject();
    }

    private static string WithSubcommand(string method, IReadOnlyList<string> words) =>
        words is [var first, ..] && !method.Contains(' ') && ConversionFacts.Knows($"{method} {first}")
            ? $"{method} {first}"
            : method;

    private static void Write(Utf8JsonWriter writer, string word, bool? isMaybeJson)
    {
        if (isMaybeJson is null || (isMaybeJson.Value && !LooksLikeJson(word)))
        {
            writer.WriteStringValue(word);
            return;
        }

        var text = Unquoted(word);
        using var document = JsonText.TryParse(text) ?? throw new FormatException($"Error parsing JSON: {text}");
        writer.WriteElement(document.RootElement);
    }

    private static bool LooksLikeJson(string word) => Unquoted(word) is ['[', .., ']'] or ['{', .., '}'];

    /// <summary>Some shells leave the quotes on.</summary>
    private static string Unquoted(string word) => word is ['\'', .., '\''] or ['"', .., '"'] ? word[1..^1] : word;
}
