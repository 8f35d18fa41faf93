using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dash.Common.Concurrency;

/// <summary>
/// A number that one process counts up and others of the same machine read from a file, in less than a microsecond and without
/// the process's help. What was said before is in the file when <see cref="Say"/> returns. Writing is for one thread at a time.
/// </summary>
/// <remarks>
/// 40 bytes: a word of 16 that tells this process from one before it, an empty 8, the number, its complement. Little-endian.
/// The file is read, never mapped: a writer that cuts it short costs its readers the number and nothing else.
/// </remarks>
public sealed class PublishedNumber : IDisposable
{
    /// <summary>Bytes of the file.</summary>
    public const int Size = 40;

    /// <summary>Bytes of the word.</summary>
    public const int WordSize = 16;

    internal const int NumberAt = 24;

    private readonly FileStream _file;
    private readonly byte[] _number = new byte[16];

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
            Write(bytes.AsSpan(NumberAt), 0);
            RandomAccess.Write(file.SafeFileHandle, bytes, 0);
            return new PublishedNumber(file, word);
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>Tells the number. A file that cannot be written stands still, which readers notice by what else they hear.</summary>
    public void Say(ulong number)
    {
        try
        {
            Write(_number, number);
            RandomAccess.Write(_file.SafeFileHandle, _number, NumberAt);
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

    private static void Write(Span<byte> target, ulong number)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(target, number);
        BinaryPrimitives.WriteUInt64LittleEndian(target[8..], ~number);
    }
}
