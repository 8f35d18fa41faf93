using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Transactions;

/// <summary>What a signature of an input signs.</summary>
public static class SignatureHash
{
    private const int OutputTypeMask = 0x1f;

    // What a signature signs that is to cover an output that does not exist: the number one.
    private static readonly Uint256 One = new([1, .. new byte[31]]);

    /// <summary>
    /// The hash for the input at place <paramref name="input"/>. <paramref name="scriptCode"/> is the script that is
    /// satisfied: the spent output's, or for pay-to-script-hash the script behind the hash.
    /// </summary>
    public static Uint256 Compute(Transaction transaction, int input, Script scriptCode, SigHashType type)
    {
        ArgumentNullException.ThrowIfNull(scriptCode);
        return Compute(transaction, input, scriptCode.Span, type);
    }

    /// <summary>The hash for the input at place <paramref name="input"/>, from the bytes of the script code.</summary>
    public static Uint256 Compute(Transaction transaction, int input, ReadOnlySpan<byte> scriptCode, SigHashType type)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)input, (uint)transaction.Inputs.Length);
        var outputs = (SigHashType)((int)type & OutputTypeMask);
        if (outputs == SigHashType.Single && input >= transaction.Outputs.Length)
        {
            return One;
        }

        var writer = new ByteWriter(256);
        writer.WriteUInt32(transaction.VersionAndType);
        WriteInputs(writer, transaction, input, scriptCode, type, outputs);
        WriteOutputs(writer, transaction, input, outputs);
        writer.WriteUInt32(transaction.LockTime);
        if (transaction.HasExtraPayload)
        {
            writer.WriteVarBytes(transaction.ExtraPayload.Span);
        }

        writer.WriteInt32((int)type);
        return Hashes.Sha256d(writer.WrittenSpan);
    }

    private static void WriteInputs(
        ByteWriter writer,
        Transaction transaction,
        int input,
        ReadOnlySpan<byte> scriptCode,
        SigHashType type,
        SigHashType outputs)
    {
        var signed = transaction.Inputs[input];
        if ((type & SigHashType.AnyoneCanPay) != 0)
        {
            writer.WriteCompactSize(1);
            WriteInput(writer, signed, scriptCode, signed.Sequence);
            return;
        }

        // Others may change the sequence of their inputs where not all outputs are signed.
        var signsSequences = outputs is not (SigHashType.None or SigHashType.Single);
        writer.WriteCompactSize(transaction.Inputs.Length);
        for (var i = 0; i < transaction.Inputs.Length; i++)
        {
            var other = transaction.Inputs[i];
            if (i == input)
            {
                WriteInput(writer, signed, scriptCode, signed.Sequence);
            }
            else
            {
                WriteInput(writer, other, [], signsSequences ? other.Sequence : 0);
            }
        }
    }

    private static void WriteInput(ByteWriter writer, TxIn input, ReadOnlySpan<byte> script, uint sequence)
    {
        input.PreviousOutput.Write(writer);
        WriteWithoutCodeSeparators(writer, script);
        writer.WriteUInt32(sequence);
    }

    private static void WriteOutputs(ByteWriter writer, Transaction transaction, int input, SigHashType outputs)
    {
        switch (outputs)
        {
            case SigHashType.None:
                writer.WriteCompactSize(0);
                break;
            case SigHashType.Single:
                writer.WriteCompactSize(input + 1);
                for (var i = 0; i < input; i++)
                {
                    writer.WriteInt64(-1);
                    writer.WriteCompactSize(0);
                }

                transaction.Outputs[input].Write(writer);
                break;
            default:
                writer.WriteCompactSize(transaction.Outputs.Length);
                foreach (var output in transaction.Outputs)
                {
                    output.Write(writer);
                }

                break;
        }
    }

    private static void WriteWithoutCodeSeparators(ByteWriter writer, ReadOnlySpan<byte> script)
    {
        if (!script.Contains((byte)Opcode.CodeSeparator))
        {
            writer.WriteVarBytes(script);
            return;
        }

        var kept = new ByteWriter(script.Length);
        var start = 0;
        var ops = new ScriptReader(script);
        while (ops.TryRead(out var op, out _))
        {
            if (op == Opcode.CodeSeparator)
            {
                kept.WriteBytes(script[start..(ops.Position - 1)]);
                start = ops.Position;
            }
        }

        kept.WriteBytes(script[start..]);
        writer.WriteVarBytes(kept.WrittenSpan);
    }
}
