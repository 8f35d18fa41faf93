using System.Buffers.Binary;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Encoding;

namespace Dash.Primitives.Psbt;

/// <summary>Writes the binary form: maps of entries, each a key and a value with their lengths.</summary>
internal static class PsbtWriter
{
    /// <summary>Writes everything.</summary>
    public static void Write(ByteWriter writer, PartiallySignedTransaction psbt)
    {
        writer.WriteBytes(PsbtFields.Magic);
        WriteEntry(writer, [PsbtFields.GlobalUnsignedTransaction], psbt.Transaction.ToBytes());
        foreach (var xpub in psbt.Xpubs)
        {
            WriteEntry(writer, [PsbtFields.GlobalXpub, .. xpub.Serialized.Span], Path(xpub.Origin));
        }

        if (psbt.Version is > 0 and var version)
        {
            WriteEntry(writer, [PsbtFields.GlobalVersion], LittleEndian(version));
        }

        WriteRest(writer, psbt.Proprietary, psbt.Unknown);
        foreach (var input in psbt.Inputs)
        {
            Write(writer, input);
        }

        foreach (var output in psbt.Outputs)
        {
            Write(writer, output);
        }
    }

    private static void Write(ByteWriter writer, PsbtInput input)
    {
        if (input.PreviousTransaction is { } previous)
        {
            WriteEntry(writer, [PsbtFields.InputPreviousTransaction], previous.ToBytes());
        }

        if (input.IsSigned)
        {
            WriteEntry(writer, [PsbtFields.InputFinalScriptSig], input.FinalScriptSig.Span);
        }
        else
        {
            WriteSigning(writer, input);
        }

        WriteRest(writer, input.Proprietary, input.Unknown);
    }

    // What signing needs, which a finished input has no use for.
    private static void WriteSigning(ByteWriter writer, PsbtInput input)
    {
        foreach (var signature in input.PartialSignatures.Values)
        {
            WriteEntry(
                writer, [PsbtFields.InputPartialSignature, .. signature.PublicKey.Span], signature.Signature.Span);
        }

        if (input.SigHashType is { } type)
        {
            WriteEntry(writer, [PsbtFields.InputSigHashType], LittleEndian((uint)type));
        }

        if (!input.RedeemScript.IsEmpty)
        {
            WriteEntry(writer, [PsbtFields.InputRedeemScript], input.RedeemScript.Span);
        }

        foreach (var (key, origin) in input.KeyPaths)
        {
            WriteEntry(writer, [PsbtFields.InputKeyPath, .. key], Path(origin));
        }

        foreach (var (kind, preimages) in input.Preimages)
        {
            foreach (var (hash, preimage) in preimages)
            {
                WriteEntry(writer, [(byte)kind, .. hash], preimage);
            }
        }
    }

    private static void Write(ByteWriter writer, PsbtOutput output)
    {
        if (!output.RedeemScript.IsEmpty)
        {
            WriteEntry(writer, [PsbtFields.OutputRedeemScript], output.RedeemScript.Span);
        }

        foreach (var (key, origin) in output.KeyPaths)
        {
            WriteEntry(writer, [PsbtFields.OutputKeyPath, .. key], Path(origin));
        }

        WriteRest(writer, output.Proprietary, output.Unknown);
    }

    private static void WriteRest(
        ByteWriter writer, SortedDictionary<byte[], byte[]> proprietary, SortedDictionary<byte[], byte[]> unknown)
    {
        foreach (var (key, value) in proprietary.Concat(unknown))
        {
            WriteEntry(writer, key, value);
        }

        writer.WriteByte(PsbtFields.Separator);
    }

    private static void WriteEntry(ByteWriter writer, ReadOnlySpan<byte> key, ReadOnlySpan<byte> value)
    {
        writer.WriteVarBytes(key);
        writer.WriteVarBytes(value);
    }

    // The fingerprint as it stands, then each step little-endian.
    private static byte[] Path(KeyOrigin origin)
    {
        var bytes = new byte[sizeof(uint) * (1 + origin.Path.Length)];
        BinaryPrimitives.WriteUInt32BigEndian(bytes, origin.Fingerprint);
        for (var i = 0; i < origin.Path.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(sizeof(uint) * (1 + i)), origin.Path[i]);
        }

        return bytes;
    }

    private static byte[] LittleEndian(uint value)
    {
        var bytes = new byte[sizeof(uint)];
        BinaryPrimitives.WriteUInt32LittleEndian(bytes, value);
        return bytes;
    }
}
