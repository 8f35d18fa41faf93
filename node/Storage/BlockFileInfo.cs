using Dash.Primitives.Encoding;

namespace Dash.Node.Storage;

/// <summary>What one <c>blk</c>/<c>rev</c> pair holds.</summary>
/// <param name="Blocks">Blocks in the file.</param>
/// <param name="Size">Used bytes of the block file; the file itself is longer by what was allocated ahead.</param>
/// <param name="UndoSize">Used bytes of the undo file.</param>
/// <param name="FirstHeight">Lowest height of a block in the file.</param>
/// <param name="LastHeight">Highest height of a block in the file.</param>
/// <param name="FirstTime">Earliest block time, Unix seconds.</param>
/// <param name="LastTime">Latest block time, Unix seconds.</param>
internal sealed record BlockFileInfo(
    uint Blocks, uint Size, uint UndoSize, uint FirstHeight, uint LastHeight, ulong FirstTime, ulong LastTime)
{
    /// <summary>A file nothing was written to yet.</summary>
    public static BlockFileInfo Empty { get; } = new(0, 0, 0, 0, 0, 0, 0);

    /// <summary>Reads the form of blocks/index.</summary>
    public static BlockFileInfo Read(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        return new BlockFileInfo(
            (uint)reader.ReadVarInt(),
            (uint)reader.ReadVarInt(),
            (uint)reader.ReadVarInt(),
            (uint)reader.ReadVarInt(),
            (uint)reader.ReadVarInt(),
            reader.ReadVarInt(),
            reader.ReadVarInt());
    }

    /// <summary>The form of blocks/index.</summary>
    public void Write(ByteWriter writer)
    {
        writer.WriteVarInt(Blocks);
        writer.WriteVarInt(Size);
        writer.WriteVarInt(UndoSize);
        writer.WriteVarInt(FirstHeight);
        writer.WriteVarInt(LastHeight);
        writer.WriteVarInt(FirstTime);
        writer.WriteVarInt(LastTime);
    }

    /// <summary>With one more block, whose record takes <paramref name="bytes"/> bytes.</summary>
    public BlockFileInfo WithBlock(int height, uint time, uint bytes) => this with
    {
        Blocks = Blocks + 1,
        Size = checked(Size + bytes),
        FirstHeight = Blocks == 0 ? (uint)height : Math.Min(FirstHeight, (uint)height),
        LastHeight = Math.Max(LastHeight, (uint)height),
        FirstTime = Blocks == 0 ? time : Math.Min(FirstTime, time),
        LastTime = Math.Max(LastTime, time),
    };
}
