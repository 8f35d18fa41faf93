using System.Buffers.Binary;

namespace Dash.Ipc.Layout;

/// <summary>
/// A list in a message. Which of the getters fits is known from the schema; the reader takes care of lists whose
/// elements
/// were written larger. The value <c>default</c> is the empty list. An index outside the list throws
/// <see cref="ArgumentOutOfRangeException"/>: counts come from <see cref="Count"/>.
/// </summary>
public readonly struct ListReader
{
    private readonly Arena? _arena;
    private readonly Segment? _segment;
    private readonly int _position;
    private readonly long _stepBits;
    private readonly int _dataBits;
    private readonly int _pointerCount;
    private readonly int _nesting;

    internal ListReader(
        Arena arena, Segment segment, int position, int count, long stepBits, int dataBits, int pointerCount,
        ElementSize elementSize, int nesting)
    {
        _arena = arena;
        _segment = segment;
        _position = position;
        Count = count;
        _stepBits = stepBits;
        _dataBits = dataBits;
        _pointerCount = pointerCount;
        ElementSize = elementSize;
        _nesting = nesting;
    }

    /// <summary>Number of elements. Never allocate by it: a list of nothing may claim half a billion.</summary>
    public int Count { get; }

    /// <summary>How the peer stored the elements.</summary>
    public ElementSize ElementSize { get; }

    /// <summary>Data words of an element of a composite list.</summary>
    internal int ElementDataWords => (_dataBits + 63) >> 6;

    /// <summary>Pointers of an element of a composite or pointer list.</summary>
    internal int ElementPointers => _pointerCount;

    /// <summary>The elements' bytes of a list that is neither of pointers nor composite.</summary>
    internal ReadOnlySpan<byte> RawBytes => _segment is null
        ? default
        : _segment.Buffer.AsSpan(_position, (int)((Count * _stepBits + 7) >> 3));

    /// <summary>An element of a list of bits.</summary>
    public bool GetBool(int index)
    {
        Check(index);
        return (Buffer[_position + (index >> 3)] >> (index & 7) & 1) != 0;
    }

    /// <summary>An element of a list of bytes.</summary>
    public byte GetByte(int index) => Element(index, 1)[0];

    /// <summary>An element of a list of signed bytes.</summary>
    public sbyte GetSByte(int index) => (sbyte)GetByte(index);

    /// <summary>An element of a list of 16-bit numbers.</summary>
    public ushort GetUInt16(int index) => BinaryPrimitives.ReadUInt16LittleEndian(Element(index, 2));

    /// <summary>An element of a list of signed 16-bit numbers.</summary>
    public short GetInt16(int index) => (short)GetUInt16(index);

    /// <summary>An element of a list of 32-bit numbers.</summary>
    public uint GetUInt32(int index) => BinaryPrimitives.ReadUInt32LittleEndian(Element(index, 4));

    /// <summary>An element of a list of signed 32-bit numbers.</summary>
    public int GetInt32(int index) => (int)GetUInt32(index);

    /// <summary>An element of a list of 64-bit numbers.</summary>
    public ulong GetUInt64(int index) => BinaryPrimitives.ReadUInt64LittleEndian(Element(index, 8));

    /// <summary>An element of a list of signed 64-bit numbers.</summary>
    public long GetInt64(int index) => (long)GetUInt64(index);

    /// <summary>An element of a list of 32-bit floating point numbers.</summary>
    public float GetSingle(int index) => BitConverter.UInt32BitsToSingle(GetUInt32(index));

    /// <summary>An element of a list of 64-bit floating point numbers.</summary>
    public double GetDouble(int index) => BitConverter.UInt64BitsToDouble(GetUInt64(index));

    /// <summary>An element of a list of structs.</summary>
    public StructReader GetStruct(int index)
    {
        var position = PositionOf(index);
        // PositionOf refuses every index of an empty list, so there are an arena and a segment.
        return new StructReader(
            _arena!, _segment!, position, _dataBits, position + (_dataBits >> 3), _pointerCount, _nesting);
    }

    /// <summary>An element of a list of pointers (lists, texts, data, capabilities).</summary>
    public PointerReader GetPointer(int index)
    {
        var position = PositionOf(index) + (_dataBits >> 3);
        // As in GetStruct.
        return _pointerCount > 0 ? new PointerReader(_arena!, _segment!, position, _nesting) : default;
    }

    /// <summary>An element of a list of texts.</summary>
    public string GetText(int index) => GetPointer(index).GetText();

    /// <summary>An element of a list of data.</summary>
    public ReadOnlyMemory<byte> GetData(int index) => GetPointer(index).GetData();

    // Check was called before, and it refuses every index when there is no segment.
    private byte[] Buffer => _segment!.Buffer;

    private ReadOnlySpan<byte> Element(int index, int bytes)
    {
        var position = PositionOf(index);
        return Buffer.AsSpan(position, bytes);
    }

    private int PositionOf(int index)
    {
        Check(index);
        return _position + (int)(index * (_stepBits >> 3));
    }

    private void Check(int index)
    {
        if ((uint)index >= (uint)Count)
        {
            throw new ArgumentOutOfRangeException(nameof(index));
        }
    }
}
