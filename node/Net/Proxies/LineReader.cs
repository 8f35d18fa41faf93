using System.Text;

namespace Dash.Node.Net.Proxies;

/// <summary>Lines of a stream, none longer than a bound.</summary>
internal sealed class LineReader(Stream stream, int maxLine)
{
    private readonly byte[] _buffer = new byte[4096];
    private readonly List<byte> _line = [];
    private int _at;
    private int _end;

    /// <summary>The next line without its end; null where the stream ends.</summary>
    /// <exception cref="InvalidDataException">The line is too long.</exception>
    public async Task<string?> ReadAsync(CancellationToken ct)
    {
        _line.Clear();
        while (true)
        {
            if (_at == _end)
            {
                (_at, _end) = (0, await stream.ReadAsync(_buffer, ct).ConfigureAwait(false));
                if (_end == 0)
                {
                    return null;
                }
            }

            var some = _buffer.AsSpan(_at, _end - _at);
            var length = some.IndexOf((byte)'\n');
            if (_line.Count + (length < 0 ? some.Length : length) > maxLine)
            {
                throw new InvalidDataException($"a line of more than {maxLine} bytes");
            }

            _line.AddRange(length < 0 ? some : some[..length]);
            _at += length < 0 ? some.Length : length + 1;
            if (length >= 0)
            {
                var line = Encoding.UTF8.GetString([.. _line]);
                return line.EndsWith('\r') ? line[..^1] : line;
            }
        }
    }
}
