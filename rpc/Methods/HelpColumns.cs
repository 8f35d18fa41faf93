using System.Text;

namespace Dash.Rpc.Methods;

/// <summary>Lines of help in two columns: a piece of JSON, and what it means.</summary>
internal sealed class HelpColumns
{
    private const int Gap = 4;

    private readonly List<(string Left, string Right)> _rows = [];

    /// <summary>Adds a line; <paramref name="right"/> may have several lines, whose indentation is not kept.</summary>
    public void Add(string left, string right = "") => _rows.Add((left, right));

    /// <summary>Takes the comma off the last line: what closes an object or an array follows.</summary>
    public void DropLastComma()
    {
        var (left, right) = _rows[^1];
        _rows[^1] = (left.TrimEnd(','), right);
    }

    /// <summary>Writes all lines, the right column aligned.</summary>
    public void AppendTo(StringBuilder text)
    {
        var width = _rows.Count == 0 ? 0 : _rows.Max(row => row.Left.Length) + Gap;
        foreach (var (left, right) in _rows)
        {
            if (right.Length == 0)
            {
                text.Append(left).Append('\n');
                continue;
            }

            var lines = right.Split('\n');
            text.Append(left.PadRight(width)).Append(lines[0]).Append('\n');
            foreach (var line in lines.Skip(1))
            {
                text.Append(' ', width).Append(line.TrimStart(' ')).Append('\n');
            }
        }
    }
}
