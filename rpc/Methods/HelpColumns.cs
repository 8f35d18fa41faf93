using System.Text;

namespace Dash.Rpc.Methods;

/// <summary>Lines of help in two columns: a piece of JSON, and what it means.</summary>
internal sealed class HelpColumns
{
    private const int Gap = 4;

    private readonly List<(string Left, string Right)> _rows = [];
    private int _width;

    /// <summary>Adds a line; <paramref name="right"/> may have several lines, whose indentation is not kept.</summary>
    public void Add(string left, string right = "")
    {
        // A comma dropped later still counts, as in Core.
        _width = Math.Max(_width, left.Length + Gap);
        _rows.Add((left, right));
    }

    /// <summary>Takes the comma off the last line: what closes an object or an array follows.</summary>
    public void DropLastComma()
    {
        var (left, right) = _rows[^1];
        _rows[^1] = (left.TrimEnd(','), right);
    }

    /// <summary>Writes all lines, the right column aligned.</summary>
    public void AppendTo(StringBuilder text)
    {
        foreach (var (left, right) in _rows)
        {
            if (right.Length == 0)
            {
                text.Append(left).Append('\n');
                continue;
            }

            var lines = right.Split('\n');
            text.Append(left.PadRight(_width)).Append(lines[0]).Append('\n');
            foreach (var line in lines.Skip(1))
            {
                text.Append(' ', _width).Append(line.TrimStart(' ')).Append('\n');
            }
        }
    }
}
