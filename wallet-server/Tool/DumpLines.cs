using System.Text;
using Dash.Primitives.Hashing;

namespace Dash.WalletServer.Tool;

/// <summary>Goes over the lines of a dump and counts them into its checksum.</summary>
internal sealed class DumpLines(string text)
{
    private readonly StringBuilder _counted = new();
    private int _position;

    /// <summary>Nothing is left.</summary>
    public bool IsAtEnd => _position >= text.Length;

    /// <summary>What stands before the next comma, and from there to the end of the line.</summary>
    public (string Key, string Value) Next(bool isCounted)
    {
        var key = To(',');
        var value = To('\n');
        if (isCounted)
        {
            Count(key, value);
        }

        return (key, value);
    }

    /// <summary>Counts a line.</summary>
    public void Count(string key, string value) => _counted.Append(key).Append(',').Append(value).Append('\n');

    /// <summary>The checksum of what was counted.</summary>
    public byte[] Checksum() => Hashes.Sha256d(Encoding.Latin1.GetBytes(_counted.ToString())).ToArray();

    private string To(char end)
    {
        var from = Math.Min(_position, text.Length);
        var at = text.IndexOf(end, from);
        var found = at < 0 ? text[from..] : text[from..at];
        _position = at < 0 ? text.Length : at + 1;
        return found;
    }
}
