using System.Security.Cryptography;
using System.Text;

namespace Dash.WalletServer.Tool;

/// <summary>Goes over the lines of a dump, as they are read, and counts them into its checksum.</summary>
internal sealed class DumpLines(Stream stream) : IDisposable
{
    // Far above the largest record there can be; what has no end is given up there.
    private const int MaxFieldBytes = 16 << 20;
    private const int BufferBytes = 1 << 16;

    private readonly IncrementalHash _counted = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private readonly byte[] _buffer = new byte[BufferBytes];
    private int _start;
    private int _end;

    /// <summary>Nothing is left.</summary>
    public bool IsAtEnd => _start == _end && !Fill();

    /// <summary>Opens a file. What cannot be read, as a directory, is as if it were empty.</summary>
    public static DumpLines Open(string path)
    {
        try
        {
            return new DumpLines(Directory.Exists(path) ? Stream.Null : File.OpenRead(path));
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            return new DumpLines(Stream.Null);
        }
    }

    /// <summary>What stands before the next comma, and from there to the end of the line.</summary>
    /// <exception cref="ToolException">There is no end of it.</exception>
    public (string Key, string Value) Next(bool isCounted)
    {
        var key = To((byte)',');
        var value = To((byte)'\n');
        if (isCounted)
        {
            Count(key, value);
        }

        return (key, value);
    }

    /// <summary>Counts a line.</summary>
    public void Count(string key, string value) => _counted.AppendData(Encoding.Latin1.GetBytes($"{key},{value}\n"));

    /// <summary>The checksum of what was counted.</summary>
    public byte[] Checksum() => SHA256.HashData(_counted.GetCurrentHash());

    /// <inheritdoc/>
    public void Dispose()
    {
        _counted.Dispose();
        stream.Dispose();
    }

    private string To(byte end)
    {
        StringBuilder found = new();
        while (!IsAtEnd)
        {
            var rest = _buffer.AsSpan(_start.._end);
            var at = rest.IndexOf(end);
            found.Append(Encoding.Latin1.GetString(at < 0 ? rest : rest[..at]));
            _start += at < 0 ? rest.Length : at + 1;
            if (at >= 0)
            {
                break;
            }

            if (found.Length > MaxFieldBytes)
            {
                throw new ToolException("Error: The dump file has a line without an end");
            }
        }

        return found.ToString();
    }

    private bool Fill()
    {
        _start = 0;
        try
        {
            _end = stream.Read(_buffer);
        }
        catch (IOException)
        {
            _end = 0; // the disk gives no more: the checksum will be missing
        }

        return _end > 0;
    }
}
