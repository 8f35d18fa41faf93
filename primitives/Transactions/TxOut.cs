using Dash.Primitives.Encoding;
using Dash.Primitives.Scripts;
using Dash.Primitives.Units;

namespace Dash.Primitives.Transactions;

/// <summary>An amount and the script that says who may spend it.</summary>
public sealed record TxOut(Amount Value, Script ScriptPubKey)
{
    /// <summary>Shortest form on the wire: value, empty script.</summary>
    internal const int MinimumSize = 8 + 1;

    /// <summary>Bytes on the wire.</summary>
    public int Size => sizeof(long) + CompactSize.LengthOf((ulong)ScriptPubKey.Length) + ScriptPubKey.Length;

    /// <summary>Reads one from the wire form; the amount may be out of range.</summary>
    public static TxOut Read(ref SpanReader reader) => new(new Amount(reader.ReadInt64()), Script.Read(ref reader));

    /// <summary>Writes the wire form.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteInt64(Value.Duffs);
        writer.WriteVarBytes(ScriptPubKey.Span);
    }
}
