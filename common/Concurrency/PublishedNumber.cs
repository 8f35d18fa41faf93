using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Dash.Common.Concurrency;

/// <summary>
/// A number that one process counts up and others of the same machine read from a file, in less than a microsecond and without
/// the process's help, with notes of what the last few numbers were about. What was said before is in the file when
/// <see cref="Say"/> returns. Writing is for one thread at a time.
/// </summary>
/// <remarks>
/// 160 bytes: a word of 16 that tells this process from one before it, the number, four notes of 32 (that of a number at its place
/// modulo four; zeros: none), eight in which all of them are mixed. Little-endian. The file is read, never mapped: a writer that cuts it
/// short costs its readers the number and nothing else.
/// </remarks>
public sealed class PublishedNumber : IDisposable
{
    /// <summary>Bytes of the file.</summary>
    public const int Size = WordSize + StateSize;

    /// <summary>Bytes of the word.</summary>
    public const int WordSize = 16;

    /// <summary>Bytes of a note.</summary>
    public const int NoteSize = 32;

    /// <summary>So many of the last numbers have one.</summary>
    public const int Notes = 4;

    /// <summary>Bytes of all notes.</summary>
    public const int NotesSize = Notes * NoteSize;

    private const int NotesAt = sizeof(ulong);
    private const int CheckAt = NotesAt + NotesSize;
    private const int StateSize = CheckAt + sizeof(ulong);

    private readonly FileStream _file;
    private readonly byte[] _state = new byte[StateSize];

    private PublishedNumber(FileStream file, byte[] word)
    {
        _file = file;
        Word = word;
    }

    /// <summary>The file.</summary>
    public string Path => _file.Name;

    /// <summary>What the file begins with, so that a reader knows whose it is.</summary>
    public ReadOnlyMemory<byte> Word { get; }

    /// <summary>Makes the file, in place of one that is there; for the user's own processes only.</summary>
    /// <exception cref="IOException">It cannot be made.</exception>
    /// <exception cref="UnauthorizedAccessException">It may not be made.</exception>
    public static PublishedNumber Create(string path)
    {
        // Not the old file: who has that one open shall see that its writer is gone.
        File.Delete(path);
        var file = OwnerOnlyFile.Create(path, share: FileShare.ReadWrite | FileShare.Delete, bufferSize: 0);
        try
        {
            var bytes = new byte[Size];
            var word = RandomNumberGenerator.GetBytes(WordSize);
            word.CopyTo(bytes, 0);
            Seal(bytes.AsSpan(WordSize));
            RandomAccess.Write(file.SafeFileHandle, bytes, 0);
            return new PublishedNumber(file, word);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What a number is about, if it is one of the last.</summary>
    /// <param name="notes">All notes, as read.</param>
    /// <param name="number">The number.</param>
    public static ReadOnlySpan<byte> NoteOf(ReadOnlySpan<byte> notes, ulong number) => notes.Slice((int)(number % Notes) * NoteSize, NoteSize);

    /// <summary>Tells the number. A file that cannot be written stands still, which readers notice by what else they hear.</summary>
    /// <param name="number">The one after the last.</param>
    /// <param name="note">What it is about, 32 bytes; nothing for none.</param>
    public void Say(ulong number, ReadOnlySpan<byte> note = default)
    {
        try
        {
            BinaryPrimitives.WriteUInt64LittleEndian(_state, number);
            var place = _state.AsSpan(NotesAt + ((int)(number % Notes) * NoteSize), NoteSize);
            place.Clear();
            note.CopyTo(place);
            Seal(_state);
            RandomAccess.Write(_file.SafeFileHandle, _state, WordSize);
        }
        catch (Exception e) when (e is IOException or ObjectDisposedException)
        {
            // The room is taken since the file was made, so this is a disk that fails.
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _file.Dispose();
        try
        {
            File.Delete(Path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It says nothing to anybody any more.
        }
    }

    // False when it is torn: a reader may see half of what is being written.
    internal static bool TryRead(ReadOnlySpan<byte> file, Span<byte> notes, out ulong number)
    {
        var state = file[WordSize..];
        number = BinaryPrimitives.ReadUInt64LittleEndian(state);
        state.Slice(NotesAt, NotesSize).CopyTo(notes);
        return Mix(state) == BinaryPrimitives.ReadUInt64LittleEndian(state[CheckAt..]);
    }

    private static void Seal(Span<byte> state) => BinaryPrimitives.WriteUInt64LittleEndian(state[CheckAt..], Mix(state));

    private static ulong Mix(ReadOnlySpan<byte> state)
    {
        var mixed = ~0UL;
        for (var at = 0; at < CheckAt; at += sizeof(ulong))
        {
            mixed = BitOperations.RotateLeft(mixed ^ BinaryPrimitives.ReadUInt64LittleEndian(state[at..]), 23) * 0x9E3779B97F4A7C15;
        }

        return mixed;
    }
}
