using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;

namespace Dash.Node.Storage;

/// <summary>One entry of <c>blocks/index</c>: a header and what is known and stored of its block.</summary>
/// <param name="Hash">The block's hash, kept because computing it costs an X11 evaluation.</param>
/// <param name="Header">The header.</param>
/// <param name="Height">Blocks below it.</param>
/// <param name="Status">How far it was checked and what is stored.</param>
/// <param name="TransactionCount">Transactions in the block; 0 while only the header is known.</param>
/// <param name="File">The file of block and undo data.</param>
/// <param name="DataOffset">Where the block's bytes start, with <see cref="BlockStatus.HasData"/>.</param>
/// <param name="UndoOffset">Where the undo bytes start, with <see cref="BlockStatus.HasUndo"/>.</param>
internal sealed record BlockRecord(
    BlockHash Hash,
    BlockHeader Header,
    int Height,
    BlockStatus Status,
    uint TransactionCount,
    int File,
    uint DataOffset,
    uint UndoOffset)
{
    // CLIENT_VERSION of dashd 23.1.2, which it writes and does not look at.
    private const uint FormatVersion = 230102;

    /// <summary>Reads a value of the database.</summary>
    /// <exception cref="EncodingException">Not a block index entry.</exception>
    public static BlockRecord Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        reader.ReadVarInt();
        var height = (int)reader.ReadVarInt();
        var status = (BlockStatus)(uint)reader.ReadVarInt();
        var count = (uint)reader.ReadVarInt();
        var file = (status & (BlockStatus.HasData | BlockStatus.HasUndo)) != 0 ? (int)reader.ReadVarInt() : 0;
        var data = status.HasFlag(BlockStatus.HasData) ? (uint)reader.ReadVarInt() : 0;
        var undo = status.HasFlag(BlockStatus.HasUndo) ? (uint)reader.ReadVarInt() : 0;
        var hash = new BlockHash(reader.ReadUint256());
        var header = BlockHeader.Read(ref reader);
        return new BlockRecord(hash, header, height, status, count, file, data, undo);
    }

    /// <summary>The value of the database.</summary>
    public void Write(ByteWriter writer)
    {
        writer.WriteVarInt(FormatVersion);
        writer.WriteVarInt((ulong)Height);
        writer.WriteVarInt((ulong)Status);
        writer.WriteVarInt(TransactionCount);
        if ((Status & (BlockStatus.HasData | BlockStatus.HasUndo)) != 0)
        {
            writer.WriteVarInt((ulong)File);
        }

        if (Status.HasFlag(BlockStatus.HasData))
        {
            writer.WriteVarInt(DataOffset);
        }

        if (Status.HasFlag(BlockStatus.HasUndo))
        {
            writer.WriteVarInt(UndoOffset);
        }

        writer.WriteUint256(Hash.Value);
        Header.Write(writer);
    }
}
