using System.Text;

namespace Dash.Ipc.Generator.Emit;

/// <summary>C# text under construction: lines with indentation, blocks and doc comments.</summary>
internal sealed class CodeText
{
    private const int DocColumns = 100;

    private readonly StringBuilder _text = new();
    private int _depth;
    private bool _atBlockStart = true;

    /// <summary>A line; an empty one is not indented.</summary>
    public CodeText Line(string line = "")
    {
        if (line.Length > 0)
        {
            _text.Append(' ', 4 * _depth).Append(line);
        }

        _text.Append('\n');
        _atBlockStart = false;
        return this;
    }

    /// <summary>Text of several lines, each indented.</summary>
    public CodeText Lines(IEnumerable<string> lines)
    {
        foreach (var line in lines)
        {
            Line(line);
        }

        return this;
    }

    /// <summary>An empty line between members, none before the first.</summary>
    public CodeText Gap() => _atBlockStart ? this : Line();

    public CodeText Open(string head)
    {
        Line(head).Line("{");
        _depth++;
        _atBlockStart = true;
        return this;
    }

    public CodeText Close(string tail = "")
    {
        _depth--;
        return Line("}" + tail);
    }

    /// <summary>One more level of indentation for what continues a statement.</summary>
    public CodeText Indented(IEnumerable<string> lines)
    {
        _depth++;
        Lines(lines);
        _depth--;
        return this;
    }

    /// <summary>A summary: the schema's comment, or what is said without one.</summary>
    public CodeText Doc(string comment, string otherwise)
    {
        var words = (comment.Trim().Length > 0 ? comment : otherwise)
            .Split([' ', '\n', '\r', '\t'], StringSplitOptions.RemoveEmptyEntries)
            .Select(Escape);
        var lines = new List<string>();
        var line = new StringBuilder();
        foreach (var word in words)
        {
            if (line.Length > 0 && line.Length + 1 + word.Length > DocColumns)
            {
                lines.Add(line.ToString());
                line.Clear();
            }

            line.Append(line.Length > 0 ? " " : "").Append(word);
        }

        lines.Add(line.ToString());
        if (lines.Count == 1)
        {
            return Line($"/// <summary>{lines[0]}</summary>");
        }

        Line("/// <summary>");
        Lines(lines.Select(l => "/// " + l));
        return Line("/// </summary>");
    }

    public override string ToString() => _text.ToString();

    private static string Escape(string text) => text
        .Replace("&", "&amp;", StringComparison.Ordinal)
        .Replace("<", "&lt;", StringComparison.Ordinal)
        .Replace(">", "&gt;", StringComparison.Ordinal);
}
