using System.Text;

namespace Dash.Node.Net.Proxies;

/// <summary>An answer of Tor's control port: a code and its lines.</summary>
/// <param name="Code">250 when all is well.</param>
/// <param name="Lines">The lines without the code.</param>
internal sealed record TorReply(int Code, IReadOnlyList<string> Lines)
{
    /// <summary>Whether all is well.</summary>
    public bool IsGood => Code == 250;

    /// <summary>The first value of a key, from words "KEY=value" or "KEY="quoted"" after a line's first word or at its start.</summary>
    public string? Find(string key)
    {
        foreach (var line in Lines)
        {
            foreach (var (name, value) in Words(line))
            {
                if (string.Equals(name, key, StringComparison.Ordinal))
                {
                    return value;
                }
            }
        }

        return null;
    }

    /// <summary>A text as the control port takes it: in quotes.</summary>
    public static string Quote(string text) =>
        "\"" + text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal) + "\"";

    private static IEnumerable<(string Name, string Value)> Words(string line)
    {
        for (var at = 0; at < line.Length;)
        {
            var end = line.AsSpan(at).IndexOfAny(' ', '=');
            end = end < 0 ? line.Length : at + end;
            var name = line[at..end];
            if (end == line.Length || line[end] == ' ')
            {
                at = end + 1;
                continue;
            }

            (var value, at) = ReadValue(line, end + 1);
            yield return (name, value);
        }
    }

    private static (string Value, int Next) ReadValue(string line, int at)
    {
        if (at >= line.Length || line[at] != '"')
        {
            var end = line.IndexOf(' ', at);
            end = end < 0 ? line.Length : end;
            return (line[at..end], end + 1);
        }

        StringBuilder value = new();
        for (at++; at < line.Length && line[at] != '"'; at++)
        {
            if (line[at] == '\\' && at + 1 < line.Length)
            {
                at++;
            }

            value.Append(line[at]);
        }

        return (value.ToString(), at + 2);
    }
}
