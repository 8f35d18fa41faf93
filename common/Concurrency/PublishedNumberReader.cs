using Microsoft.Win32.SafeHandles;

namespace Dash.Common.Concurrency;

/// <summary>Reads what another process of this machine says by a <see cref="PublishedNumber"/>. Any thread.</summary>
public sealed class PublishedNumberReader : IDisposable
{
    private readonly SafeFileHandle _file;
    private readonly byte[] _word;

    private PublishedNumberReader(SafeFileHandle file, byte[] word)
    {
        _file = file;
        _word = word;
    }

    /// <summary>Opens the file if it is there and that process's; null otherwise.</summary>
    /// <param name="path">As the other process named it.</param>
    /// <param name="word">What the file must begin with.</param>
    public static PublishedNumberReader? TryOpen(string path, ReadOnlySpan<byte> word)
    {
        try
        {
            // What another process names is looked at before it is opened: a pipe would keep us waiting.
            FileInfo info = new(path);
            if (word.Length != PublishedNumber.WordSize || !Path.IsPathFullyQualified(path) || info is not { Exists: true, Length: PublishedNumber.Size, LinkTarget: null })
            {
                return null;
            }

            PublishedNumberReader reader = new(
                File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete), word.ToArray());
            if (reader.TryRead(out _))
            {
                return reader;
            }

            reader.Dispose();
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or ArgumentException or NotSupportedException)
        {
            // Another machine's file, or another user's.
        }

        return null;
    }

    /// <summary>The number; false when the file no longer says one.</summary>
    public bool TryRead(out ulong number) => TryRead(stackalloc byte[PublishedNumber.NotesSize], out number);

    /// <summary>The number and what the last ones were about; false when the file no longer says one.</summary>
    /// <param name="notes">Takes all notes (<see cref="PublishedNumber.NoteOf"/>).</param>
    /// <param name="number">The last number.</param>
    public bool TryRead(Span<byte> notes, out ulong number)
    {
        Span<byte> bytes = stackalloc byte[PublishedNumber.Size];
        number = 0;
        try
        {
            if (RandomAccess.Read(_file, bytes, 0) != PublishedNumber.Size || !bytes[..PublishedNumber.WordSize].SequenceEqual(_word))
            {
                return false;
            }
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            return false;
        }

        return PublishedNumber.TryRead(bytes, notes, out number);
    }

    /// <inheritdoc/>
    public void Dispose() => _file.Dispose();
}
