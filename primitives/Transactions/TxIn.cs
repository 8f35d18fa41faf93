using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>Spends an output: which one, with what script, and a sequence number for relative locks.</summary>
public sealed record TxIn(OutPoint PreviousOutput, Script ScriptSig, uint Sequence = TxIn.FinalSequence)
{
    /// <summary>Switches off lock time and relative locks for the input.</summary>
    public const uint FinalSequence = 0xffffffff;

    /// <summary>Shortest form on the wire: outpoint, empty script, sequence.</summary>
    internal const int MinimumSize = OutPoint.Size + 1 + 4;

    /// <summary>Bytes on the wire.</summary>
    public int Size =>
        OutPoint.Size + CompactSize.LengthOf((ulong)ScriptSig.Length) + ScriptSig.Length + sizeof(uint);

    /// <summary>Reads one from the wire form.</summary>
    public static TxIn Read(ref SpanReader reader) =>
        new(OutPoint.Read(ref reader), Script.Read(ref reader), reader.ReadUInt32());

    /// <summary>Writes the wire form.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        PreviousOutput.Write(writer);
        writer.WriteVarBytes(ScriptSig.Span);
        writer.WriteUInt32(Sequence);
    }
}
