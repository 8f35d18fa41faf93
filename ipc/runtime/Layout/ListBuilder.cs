using System.Buffers.Binary;

namespace Dash.Ipc.Layout;

/// <summary>A list being built; its length is fixed. Which of the setters fits is known from the schema.</summary>
public readonly struct ListBuilder
{
    private readonly BuilderArena _arena;
    private readonly Segment _segment;
    private readonly int _position;
    private readonly int _stepBits;
    private readonly int _dataWords;
    private readonly int _pointerCount;

    internal ListBuilder(
        BuilderArena arena, Segment segment, int position, int count, int stepBits, int dataWords, int pointerCount)
    {
        _arena = arena;
        _segment = segment;
        _position = position;
        Count = count;
        _stepBits = stepBits;
        _dataWords = dataWords;
        _pointerCount = pointerCount;
    }

    /// <summary>Number of elements.</summary>
    public int Count { get; }

    /// <summary>Sets an element of a list of bits.</summary>
    public void SetBool(int index, bool value)
    {
        Check(index);
        ref var place = ref _segment.Buffer[_position + (index >> 3)];
        var one = (byte)(1 << (index & 7));
        place = (byte)(value ? place | one : place & ~one);
    }

    /// <summary>Sets an element of a list of bytes.</summary>
    public void SetByte(int index, byte value) => Element(index, 1)[0] = value;

    /// <summary>Sets an element of a list of signed bytes.</summary>
    public void SetSByte(int index, sbyte value) => SetByte(index, (byte)value);

    /// <summary>Sets an element of a list of 16-bit numbers.</summary>
    public void SetUInt16(int index, ushort value) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Element(index, 2), value);

    /// <summary>Sets an element of a list of signed 16-bit numbers.</summary>
    public void SetInt16(int index, short value) => SetUInt16(index, (ushort)value);

    /// <summary>Sets an element of a list of 32-bit numbers.</summary>
    public void SetUInt32(int index, uint value) => BinaryPrimitives.WriteUInt32LittleEndian(Element(index, 4), value);

    /// <summary>Sets an element of a list of signed 32-bit numbers.</summary>
    public void SetInt32(int index, int value) => SetUInt32(index, (uint)value);

    /// <summary>Sets an element of a list of 64-bit numbers.</summary>
    public void SetUInt64(int index, ulong value) => BinaryPrimitives.WriteUInt64LittleEndian(Element(index, 8), value);

    /// <summary>Sets an element of a list of signed 64-bit numbers.</summary>
    public void SetInt64(int index, long value) => SetUInt64(index, (ulong)value);

    /// <summary>Sets an element of a list of 32-bit floating point numbers.</summary>
    public void SetSingle(int index, float value) => SetUInt32(index, BitConverter.SingleToUInt32Bits(value));

    /// <summary>Sets an element of a list of 64-bit floating point numbers.</summary>
    public void SetDouble(int index, double value) => SetUInt64(index, BitConverter.DoubleToUInt64Bits(value));

    /// <summary>An element of a list of structs, to be filled in place.</summary>
    public StructBuilder GetStruct(int index)
    {
        Check(index);
        return new StructBuilder(
            _arena, _segment, _position + (index * (_stepBits >> 3)), _dataWords, _pointerCount);
    }

    /// <summary>An element of a list of pointers.</summary>
    public PointerBuilder GetPointer(int index)
    {
        Check(index);
        return _pointerCount > 0
            ? new PointerBuilder(_arena, _segment, _position + (index * (_stepBits >> 3)) + (_dataWords << 3))
            : throw new InvalidOperationException("The list's elements have no pointers.");
    }

    /// <summary>Sets an element of a list of texts.</summary>
    public void SetText(int index, string value) => GetPointer(index).SetText(value);

    /// <summary>Sets an element of a list of data.</summary>
    public void SetData(int index, ReadOnlySpan<byte> value) => GetPointer(index).SetData(value);

    /// <summary>Copies the elements of a list of the same kind; bits behind the last element stay zero.</summary>
    internal void CopyRaw(ReadOnlySpan<byte> source)
    {
        source.CopyTo(_segment.Buffer.AsSpan(_position, source.Length));
        var bits = (long)Count * _stepBits;
        if ((bits & 7) != 0)
        {
            _segment.Buffer[_position + source.Length - 1] &= (byte)((1 << (int)(bits & 7)) - 1);
        }
    }

    private Span<byte> Element(int index, int bytes)
    {
        Check(index);
        return _segment.Buffer.AsSpan(_position + (index * (_stepBits >> 3)), bytes);
    }

    private void Check(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }
}
