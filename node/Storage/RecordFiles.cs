using System.Buffers;
using System.Buffers.Binary;
using System.Globalization;
using System.Runtime.InteropServices;
using Dash.Common.Storage;
using Microsoft.Win32.SafeHandles;

namespace Dash.Node.Storage;

/// <summary>
/// Numbered files of one kind (<c>blk00000.dat</c>, <c>rev00000.dat</c>) with records of magic, length and bytes.
/// Space is taken from the disk in chunks ahead of use, as dashd does. Writing belongs to one thread, reading to any.
/// </summary>
internal sealed partial class RecordFiles : IDisposable
{
    /// <summary>Bytes of magic and length before each record.</summary>
    public const int HeaderSize = 8;

    private readonly string _directory;
    private readonly string _prefix;
    private readonly uint _chunk;
    private readonly byte[] _magic;

    // Guards _handles only.
    private readonly Lock _gate = new();
    private readonly Dictionary<int, SafeFileHandle> _handles = [];

    // Whether a file was made whose name may not be on the disk yet. For the thread that writes.
    private bool _hasNewName;

    /// <summary>Files named <paramref name="prefix"/> and a number in <paramref name="directory"/>.</summary>
    public RecordFiles(string directory, string prefix, uint chunk, ReadOnlySpan<byte> magic)
    {
        _directory = directory;
        _prefix = prefix;
        _chunk = chunk;
        _magic = magic.ToArray();
        Directory.CreateDirectory(directory);
    }

    /// <summary>Whether a chunk of disk space was taken since this was last set to false.</summary>
    public bool HasGrown { get; set; }

    /// <summary>The path of a file.</summary>
    public string PathOf(int file) =>
        Path.Combine(_directory, string.Create(CultureInfo.InvariantCulture, $"{_prefix}{file:D5}.dat"));

    /// <summary>Whether the file is there.</summary>
    public bool Exists(int file) => File.Exists(PathOf(file));

    /// <summary>
    /// Writes a record at <paramref name="offset"/>, followed by <paramref name="trailer"/> which its length does not
    /// count.
    /// </summary>
    /// <returns>Where the record's bytes start.</returns>
    public FilePosition Write(int file, uint offset, ReadOnlySpan<byte> record, ReadOnlySpan<byte> trailer)
    {
        var size = HeaderSize + record.Length + trailer.Length;
        var room = ArrayPool<byte>.Shared.Rent(size);
        try
        {
            var bytes = room.AsSpan(0, size);
            _magic.CopyTo(bytes);
            BinaryPrimitives.WriteInt32LittleEndian(bytes[4..], record.Length);
            record.CopyTo(bytes[HeaderSize..]);
            trailer.CopyTo(bytes[(HeaderSize + record.Length)..]);
            var handle = Open(file, create: true);
            Allocate(handle, (long)offset + size);
            RandomAccess.Write(handle, bytes, offset);
        }
        catch (IOException e)
        {
            throw new StorageException("Failed to write " + PathOf(file) + ": " + e.Message, e);
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }

        return new FilePosition(file, offset + HeaderSize);
    }

    /// <summary>The record at a position and <paramref name="trailer"/> bytes after it.</summary>
    /// <exception cref="StorageException">There is no record of this network there.</exception>
    public byte[] Read(FilePosition position, int trailer)
    {
        if (position.Offset < HeaderSize || !Exists(position.File))
        {
            throw NoRecord(position);
        }

        try
        {
            var handle = Open(position.File, create: false);
            var length = ReadLength(handle, position);
            var bytes = new byte[(int)length + trailer];
            return RandomAccess.Read(handle, bytes, position.Offset) == bytes.Length
                ? bytes
                : throw new StorageException($"Broken record at {position.Offset} of {PathOf(position.File)}");
        }
        catch (IOException e)
        {
            throw new StorageException("Failed to read " + PathOf(position.File) + ": " + e.Message, e);
        }
    }

    /// <summary>Bytes of the record at a position, as it says itself.</summary>
    /// <exception cref="StorageException">There is no record of this network there.</exception>
    public uint LengthAt(FilePosition position)
    {
        try
        {
            return position.Offset < HeaderSize || !Exists(position.File)
                ? throw NoRecord(position)
                : ReadLength(Open(position.File, create: false), position);
        }
        catch (IOException e)
        {
            throw new StorageException("Failed to read " + PathOf(position.File) + ": " + e.Message, e);
        }
    }

    /// <summary>Removes a file; it is no error if there is none.</summary>
    public void Delete(int file)
    {
        lock (_gate)
        {
            if (_handles.Remove(file, out var handle))
            {
                handle.Dispose();
            }
        }

        File.Delete(PathOf(file));
    }

    /// <summary>The numbers of the files that are there, in order.</summary>
    public IEnumerable<int> Numbers() =>
        Directory.EnumerateFiles(_directory, _prefix + "?????.dat")
            .Select(path => Path.GetFileNameWithoutExtension(path)[_prefix.Length..])
            .Where(static digits => digits.All(char.IsAsciiDigit))
            .Select(static digits => int.Parse(digits, CultureInfo.InvariantCulture))
            .Order();

    /// <summary>Waits until the file's bytes, and its name, are on the disk.</summary>
    public void Sync(int file)
    {
        if (Exists(file))
        {
            RandomAccess.FlushToDisk(Open(file, create: false));
            SyncName(file);
        }
    }

    /// <summary>Cuts a file that is complete to its used bytes and waits until it is on the disk.</summary>
    public void Complete(int file, uint size)
    {
        if (Exists(file))
        {
            var handle = Open(file, create: false);
            RandomAccess.SetLength(handle, size);
            RandomAccess.FlushToDisk(handle);
            SyncName(file);
        }
    }

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

    private void SyncName(int file)
    {
        if (_hasNewName)
        {
            DirectoryEntries.Flush(PathOf(file));
            _hasNewName = false;
        }
    }

    private StorageException NoRecord(FilePosition position) => new($"No record at {position.Offset} of {PathOf(position.File)}");

    private uint ReadLength(SafeFileHandle handle, FilePosition position)
    {
        Span<byte> header = stackalloc byte[HeaderSize];
        if (RandomAccess.Read(handle, header, position.Offset - HeaderSize) != HeaderSize
            || !header[..4].SequenceEqual(_magic))
        {
            throw NoRecord(position);
        }

        var length = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        return length <= RandomAccess.GetLength(handle) - position.Offset
            ? length
            : throw new StorageException($"Broken record at {position.Offset} of {PathOf(position.File)}");
    }

    // Really takes the space: a sparse file would fail later, in the middle of a record.
    private void Allocate(SafeFileHandle handle, long end)
    {
        var length = RandomAccess.GetLength(handle);
        if (length >= end)
        {
            return;
        }

        var target = (end + _chunk - 1) / _chunk * _chunk;
        DiskSpace.Require(_directory, target - length);
        HasGrown = true;
        if (!OperatingSystem.IsLinux() || Fallocate(handle, length, target - length) != 0)
        {
            RandomAccess.SetLength(handle, target);
        }
    }

    [LibraryImport("libc", EntryPoint = "posix_fallocate")]
    private static partial int Fallocate(SafeFileHandle file, long offset, long length);

    private SafeFileHandle Open(int file, bool create)
    {
        lock (_gate)
        {
            if (!_handles.TryGetValue(file, out var handle))
            {
                _hasNewName |= create && !Exists(file);
                handle = File.OpenHandle(
                    PathOf(file),
                    create ? FileMode.OpenOrCreate : FileMode.Open,
                    FileAccess.ReadWrite,
                    FileShare.ReadWrite);
                _handles.Add(file, handle);
            }

            return handle;
        }
    }
}
