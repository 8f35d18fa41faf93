using System.Globalization;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Transactions;

/// <summary>Names an output: the transaction and the output's place in it, from 0.</summary>
public readonly record struct OutPoint(Txid Txid, uint Index)
{
    /// <summary>Bytes on the wire.</summary>
    public const int Size = 36;

    /// <summary>What a coinbase spends: no output at all.</summary>
    public static readonly OutPoint Null = new(default, uint.MaxValue);

    /// <summary>Whether it is <see cref="Null"/>.</summary>
    public bool IsNull => Index == uint.MaxValue && Txid.IsNull;

    /// <summary>Reads 36 bytes.</summary>
    public static OutPoint Read(ref SpanReader reader) => new(new Txid(reader.ReadUint256()), reader.ReadUInt32());

    /// <summary>Writes 36 bytes.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUint256(Txid.Value);
        writer.WriteUInt32(Index);
    }

    /// <summary>The txid, a colon and the index.</summary>
    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Txid}:{Index}");
}
