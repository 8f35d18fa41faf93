using System.Buffers.Binary;

namespace Dash.Node.Storage;

/// <summary>
/// Finds blocks in a file by the magic in front of each, whatever lies between them: files written ahead with zeros,
/// broken records, files of other programs. For one thread.
/// </summary>
internal sealed class BlockFileScanner : IDisposable
{
    private const int MinBlock = 80;
    private const int WindowSize = 4 << 20;

    private readonly FileStream _file;
    private readonly byte[] _magic;
    private readonly int _maxBlock;
    private byte[] _window = new byte[WindowSize];
    private long _windowStart;
    private int _windowLength;
    private long _position;

    /// <summary>Opens a file.</summary>
    /// <param name="path">Its path.</param>
    /// <param name="magic">The four bytes in front of each block.</param>
    /// <param name="maxBlock">Size of the largest block there can be.</param>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public BlockFileScanner(string path, ReadOnlySpan<byte> magic, int maxBlock)
    {
        _file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        _magic = magic.ToArray();
        _maxBlock = maxBlock;
    }

    /// <summary>
    /// The next piece that looks like a block, and where it starts. When it turns out to be none, <see cref="Reject"/>
    /// goes on behind its magic instead of behind the piece.
    /// </summary>
    public bool TryRead(out long offset, out byte[] block)
    {
        while (TryFindMagic())
        {
            var start = _position;
            var header = Peek(start + _magic.Length, sizeof(int));
            if (header.Length < sizeof(int))
            {
                break;
            }

            var size = BinaryPrimitives.ReadUInt32LittleEndian(header);
            if (size < MinBlock || size > _maxBlock)
            {
                _position = start + 1;
                continue;
            }

            offset = start + _magic.Length + sizeof(int);
            var data = Peek(offset, (int)size);
            if (data.Length < (int)size)
            {
                _position = start + 1;
                continue;
            }

            block = data.ToArray();
            _position = offset + size;
            return true;
        }

        offset = 0;
        block = [];
        return false;
    }

    /// <summary>The piece that began at <paramref name="offset"/> was no block: looks again right behind its magic.</summary>
    public void Reject(long offset) => _position = offset - sizeof(int) - _magic.Length + 1;

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();

    private bool TryFindMagic()
    {
        while (true)
        {
            var window = Peek(_position, _magic.Length);
            if (window.Length < _magic.Length)
            {
                return false;
            }

            var rest = _window.AsSpan((int)(_position - _windowStart), (int)(_windowStart + _windowLength - _position));
            var found = rest.IndexOf(_magic);
            if (found >= 0)
            {
                _position += found;
                return true;
            }

            // The magic may begin in the last three bytes.
            _position += rest.Length - _magic.Length + 1;
        }
    }

    // Bytes at an offset, fewer at the end of the file.
    private ReadOnlySpan<byte> Peek(long offset, int count)
    {
        if (offset < _windowStart || offset + count > _windowStart + _windowLength)
        {
            if (count > _window.Length)
            {
                _window = new byte[count];
            }

            _file.Position = _windowStart = offset;
            _windowLength = _file.ReadAtLeast(_window, _window.Length, throwOnEndOfStream: false);
        }

        var start = (int)(offset - _windowStart);
        return _window.AsSpan(start, Math.Max(0, Math.Min(count, _windowLength - start)));
    }
}
