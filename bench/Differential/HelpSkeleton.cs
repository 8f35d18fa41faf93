using System.Text;
using System.Text.RegularExpressions;

namespace Dash.Bench.Differential;

/// <summary>What a method's help says without words: its first line, the names, types and defaults of arguments, the keys and types of results.</summary>
internal static partial class HelpSkeleton
{
    /// <summary>One line of it for each line of the help that has some.</summary>
    /// <param name="help">The help.</param>
    /// <param name="withResults">Results too.</param>
    public static string Of(string help, bool withResults)
    {
        StringBuilder text = new();
        var part = "";
        foreach (var line in help.Split('\n'))
        {
            if (text.Length == 0 || line is "Arguments:" || line.StartsWith("Result", StringComparison.Ordinal))
            {
                part = text.Length == 0 ? "" : line is "Arguments:" ? "a" : "r";
                text.Append(part == "r" ? "Result" : line).Append('\n');
            }
            else if (line is "Examples:" || (part == "r" && !withResults))
            {
                break;
            }
            else if (part.Length > 0 && Described().Match(line) is { Success: true } described)
            {
                text.Append(described.Groups[1].Value.TrimEnd()).Append(' ').Append(Type(described.Groups[2].Value)).Append('\n');
            }
            else if (part.Length > 0 && line.Trim() is "[" or "]" or "{" or "}" or "]," or "}," or "...")
            {
                text.Append(line.TrimEnd()).Append('\n');
            }
        }

        return text.ToString();
    }

    // Up to the parenthesis that closes the first one.
    private static string Type(string text)
    {
        var depth = 0;
        for (var i = 0; i < text.Length; i++)
        {
            depth += text[i] switch { '(' => 1, ')' => -1, _ => 0 };
            if (depth == 0)
            {
                return text[..(i + 1)];
            }
        }

        return text;
    }

    [GeneratedRegex("""^(\d+\. \S+|\s*(?:"|[a-z_]+,|true\||null|xxx|n\b|\{|\[).*?)\s{2,}(\(.*)$""")]
    private static partial Regex Described();
}
