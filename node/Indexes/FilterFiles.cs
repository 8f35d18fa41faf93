using System.Globalization;
using Dash.Node.Storage;
using Microsoft.Win32.SafeHandles;

namespace Dash.Node.Indexes;

/// <summary>
/// Filters one after the other in numbered files (<c>fltr00000.dat</c>), as dashd has them. Writing belongs to the index's
/// loop, reading to any thread.
/// </summary>
internal sealed class FilterFiles : IDisposable
{
    private const int MaxFileSize = 16 << 20;
    private const int Chunk = 1 << 20;

    private readonly string _directory;
    private readonly Lock _gate = new(); // guards _handles only
    private readonly Dictionary<int, SafeFileHandle> _handles = [];

    /// <summary>The files in a directory, which is made when missing.</summary>
    public FilterFiles(string directory)
    {
        _directory = directory;
        Directory.CreateDirectory(directory);
    }

    /// <summary>Writes bytes at a place or, when they don't fit there, at the beginning of the next file.</summary>
    /// <returns>Where they begin.</returns>
    public FilePosition Write(FilePosition at, ReadOnlySpan<byte> bytes)
    {
        try
        {
            if (at.Offset + bytes.Length > MaxFileSize)
            {
                var full = Open(at.File);
                RandomAccess.SetLength(full, at.Offset);
                RandomAccess.FlushToDisk(full);
                at = new FilePosition(at.File + 1, 0);
            }

            var handle = Open(at.File);
            var end = (long)at.Offset + bytes.Length;
            if (RandomAccess.GetLength(handle) < end)
            {
                DiskSpace.Require(_directory, Chunk);
                RandomAccess.SetLength(handle, (end + Chunk - 1) / Chunk * Chunk);
            }

            RandomAccess.Write(handle, bytes, at.Offset);
            return at;
        }
        catch (IOException e)
        {
            throw new StorageException("Failed to write " + PathOf(at.File) + ": " + e.Message, e);
        }
    }

    /// <summary>Up to so many bytes from a place on; fewer at the end of a file.</summary>
    public byte[] Read(FilePosition at, int count)
    {
        try
        {
            var bytes = new byte[count];
            return bytes[..RandomAccess.Read(Open(at.File), bytes, at.Offset)];
        }
        catch (IOException e)
        {
            throw new StorageException("Failed to read " + PathOf(at.File) + ": " + e.Message, e);
        }
    }

    /// <summary>Waits until a file's bytes are on the disk.</summary>
    public void Sync(int file) => RandomAccess.FlushToDisk(Open(file));

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            foreach (var handle in _handles.Values)
            {
                handle.Dispose();
            }

            _handles.Clear();
        }
    }

    private string PathOf(int file) => Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"fltr{file:D5}.dat"));

    private SafeFileHandle Open(int file)
    {
        lock (_gate)
        {
            if (!_handles.TryGetValue(file, out var handle))
            {
                handle = File.OpenHandle(
                    PathOf(file), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite);
                _handles.Add(file, handle);
            }

            return handle;
        }
    }
}
