using System.Buffers.Binary;

namespace Dash.Primitives.Scripts;

/// <summary>Walks the operations of a script in place.</summary>
public ref struct ScriptReader
{
    private readonly ReadOnlySpan<byte> _script;
    private int _position;

    /// <summary>A walk from the start of <paramref name="script"/>.</summary>
    public ScriptReader(ReadOnlySpan<byte> script)
    {
        _script = script;
        _position = 0;
    }

    /// <summary>Where the next operation starts.</summary>
    public readonly int Position => _position;

    /// <summary>
    /// Whether all was read. False after <see cref="TryRead"/> returned false means that a push is cut off.
    /// </summary>
    public readonly bool IsAtEnd => _position == _script.Length;

    /// <summary>Reads an operation and the bytes it pushes (empty for one that pushes none).</summary>
    /// <returns>
    /// False at the end, or where a push asks for more bytes than there are: the position stays there.
    /// </returns>
    public bool TryRead(out Opcode op, out ReadOnlySpan<byte> data)
    {
        op = Opcode.InvalidOpcode;
        data = default;
        if (_position >= _script.Length)
        {
            return false;
        }

        var rest = _script[_position..];
        var first = rest[0];
        op = (Opcode)first;
        if (op > Opcode.PushData4)
        {
            _position++;
            return true;
        }

        uint length;
        int prefix;
        switch (op)
        {
            case Opcode.PushData1 when rest.Length >= 2:
                (length, prefix) = (rest[1], 2);
                break;
            case Opcode.PushData2 when rest.Length >= 3:
                (length, prefix) = (BinaryPrimitives.ReadUInt16LittleEndian(rest[1..]), 3);
                break;
            case Opcode.PushData4 when rest.Length >= 5:
                (length, prefix) = (BinaryPrimitives.ReadUInt32LittleEndian(rest[1..]), 5);
                break;
            case < Opcode.PushData1:
                (length, prefix) = (first, 1);
                break;
            default:
                op = Opcode.InvalidOpcode;
                return false;
        }

        if (length > (uint)(rest.Length - prefix))
        {
            op = Opcode.InvalidOpcode;
            return false;
        }

        data = rest.Slice(prefix, (int)length);
        _position += prefix + (int)length;
        return true;
    }
}
