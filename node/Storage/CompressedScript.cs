using Dash.Primitives.Encoding;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;

namespace Dash.Node.Storage;

/// <summary>
/// Scripts as the chainstate and undo data hold them: the six common shapes in 21 or 33 bytes, any other with its
/// length. The kind is one number: 0 to 5 the shapes, otherwise length + 6.
/// </summary>
internal static class CompressedScript
{
    private const int PayToKeyHash = 0;
    private const int PayToScriptHash = 1;
    private const int PayToEvenUncompressedKey = 4;
    private const int SpecialKinds = 6;
    private const int MaxScriptSize = 10_000;

    private const byte OpReturn = 0x6a;
    private const byte OpDup = 0x76;
    private const byte OpEqual = 0x87;
    private const byte OpEqualVerify = 0x88;
    private const byte OpHash160 = 0xa9;
    private const byte OpCheckSig = 0xac;

    /// <summary>Writes a script.</summary>
    public static void Write(ByteWriter writer, Script script)
    {
        var bytes = script.Span;
        switch (bytes)
        {
            case [OpDup, OpHash160, 20, .., OpEqualVerify, OpCheckSig] when bytes.Length == 25:
                writer.WriteByte(PayToKeyHash);
                writer.WriteBytes(bytes[3..23]);
                return;
            case [OpHash160, 20, .., OpEqual] when bytes.Length == 23:
                writer.WriteByte(PayToScriptHash);
                writer.WriteBytes(bytes[2..22]);
                return;
            case [33, 2 or 3, .., OpCheckSig] when bytes.Length == 35:
                writer.WriteBytes(bytes[1..34]);
                return;
            case [65, 4, .., OpCheckSig] when bytes.Length == 67 && PublicKey.TryParse(bytes[1..66], out _):
                writer.WriteByte((byte)(PayToEvenUncompressedKey | (bytes[65] & 1)));
                writer.WriteBytes(bytes[2..34]);
                return;
            default:
                writer.WriteVarInt((ulong)(bytes.Length + SpecialKinds));
                writer.WriteBytes(bytes);
                return;
        }
    }

    /// <summary>Reads a script.</summary>
    /// <exception cref="EncodingException">Not a compressed script.</exception>
    public static Script Read(ref SpanReader reader)
    {
        var kind = reader.ReadVarInt();
        switch (kind)
        {
            case PayToKeyHash:
                return new Script([OpDup, OpHash160, 20, .. reader.ReadBytes(20), OpEqualVerify, OpCheckSig]);
            case PayToScriptHash:
                return new Script([OpHash160, 20, .. reader.ReadBytes(20), OpEqual]);
            case 2 or 3:
                return new Script([33, (byte)kind, .. reader.ReadBytes(32), OpCheckSig]);
            case 4 or 5:
                return PublicKey.TryParse([(byte)(kind - 2), .. reader.ReadBytes(32)], out var key)
                    ? new Script([65, .. key.ToUncompressed().Bytes, OpCheckSig])
                    : throw new EncodingException("Not a point on the curve");
            default:
                var size = kind - SpecialKinds;
                if (size > MaxScriptSize)
                {
                    // Too long ever to be spent: only that it cannot be is kept.
                    reader.Skip(checked((int)size));
                    return new Script([OpReturn]);
                }

                return new Script(reader.ReadBytes((int)size));
        }
    }
}
