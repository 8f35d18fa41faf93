using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Addresses;

/// <summary>Files of peers: the network's four bytes, the content, SHA256d of both. Written beside and renamed.</summary>
internal static class ChecksummedFile
{
    private const int MagicSize = 4;

    /// <summary>Writes a file as a whole or not at all.</summary>
    public static void Write(string path, ReadOnlySpan<byte> magic, Action<ByteWriter> write)
    {
        ByteWriter writer = new(4096);
        writer.WriteBytes(magic);
        write(writer);
        writer.WriteUint256(Hashes.Sha256d(writer.WrittenSpan));
        var temporary = path + ".new";
        using (FileStream file = new(temporary, FileMode.Create, FileAccess.Write, FileShare.None))
        {
            file.Write(writer.WrittenSpan);
            file.Flush(flushToDisk: true);
        }

        File.Move(temporary, path, overwrite: true);
    }

    /// <summary>The content of a file's bytes; the checksum is left to <see cref="HasChecksum"/>.</summary>
    /// <exception cref="EncodingException">It is too short.</exception>
    /// <exception cref="AddressFileException">It is of another network.</exception>
    public static SpanReader Open(ReadOnlySpan<byte> file, ReadOnlySpan<byte> magic)
    {
        var start = new SpanReader(file).ReadBytes(MagicSize);
        return start.SequenceEqual(magic)
            ? new SpanReader(file[MagicSize..])
            : throw new AddressFileException(AddressFileFault.Corrupt, "Invalid network magic number");
    }

    /// <summary>Whether the checksum stands behind the content that was read, and is right.</summary>
    public static bool HasChecksum(ReadOnlySpan<byte> file, in SpanReader read)
    {
        var end = MagicSize + read.Position;
        return file.Length - end >= Uint256.Size
            && Hashes.Sha256d(file[..end]) == new Uint256(file.Slice(end, Uint256.Size));
    }
}
