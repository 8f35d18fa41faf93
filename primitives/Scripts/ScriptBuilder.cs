using Dash.Primitives.Encoding;

namespace Dash.Primitives.Scripts;

/// <summary>Puts a script together, operation by operation.</summary>
public sealed class ScriptBuilder
{
    private readonly ByteWriter _writer = new(64);

    /// <summary>An operation that pushes no bytes.</summary>
    public ScriptBuilder Op(Opcode op)
    {
        _writer.WriteByte((byte)op);
        return this;
    }

    /// <summary>
    /// Pushes bytes with the shortest length prefix. Does not turn one-byte values into OP_1 … OP_16: see
    /// <see cref="Number"/>.
    /// </summary>
    public ScriptBuilder Push(ReadOnlySpan<byte> data)
    {
        WritePush(_writer, data);
        return this;
    }

    /// <summary>Pushes a number: OP_1NEGATE, OP_0 … OP_16, or its script form in as few bytes as it takes.</summary>
    public ScriptBuilder Number(long value)
    {
        if (value == 0)
        {
            return Op(Opcode.Op0);
        }

        return value is -1 or (>= 1 and <= 16)
            ? Op((Opcode)(value + (int)Opcode.Op1 - 1))
            : Push(ScriptNumber.Encode(value));
    }

    /// <summary>Appends the bytes as they are.</summary>
    public ScriptBuilder Raw(ReadOnlySpan<byte> bytes)
    {
        _writer.WriteBytes(bytes);
        return this;
    }

    /// <summary>What was put together so far.</summary>
    public Script Build() => Script.Own(_writer.ToArray());

    /// <summary>Writes a push of <paramref name="data"/> with the shortest length prefix.</summary>
    internal static void WritePush(ByteWriter writer, ReadOnlySpan<byte> data)
    {
        if (data.Length < (int)Opcode.PushData1)
        {
            writer.WriteByte((byte)data.Length);
        }
        else if (data.Length <= byte.MaxValue)
        {
            writer.WriteByte((byte)Opcode.PushData1);
            writer.WriteByte((byte)data.Length);
        }
        else if (data.Length <= ushort.MaxValue)
        {
            writer.WriteByte((byte)Opcode.PushData2);
            writer.WriteUInt16((ushort)data.Length);
        }
        else
        {
            writer.WriteByte((byte)Opcode.PushData4);
            writer.WriteUInt32((uint)data.Length);
        }

        writer.WriteBytes(data);
    }
}
