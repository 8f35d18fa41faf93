using System.Buffers.Binary;

namespace Dash.Ipc.Layout;

/// <summary>
/// A struct being built. Fields are addressed as in <see cref="StructReader"/>; defaults are XORed in here, so a field that
/// is never set reads as its default. Setting a field the struct has no room for throws
/// <see cref="InvalidOperationException"/>: it was made by another schema.
/// </summary>
public readonly struct StructBuilder
{
    private readonly BuilderArena _arena;
    private readonly Segment _segment;
    private readonly int _data;
    private readonly int _dataWords;
    private readonly int _pointerCount;

    internal StructBuilder(BuilderArena arena, Segment segment, int data, int dataWords, int pointerCount)
    {
        _arena = arena;
        _segment = segment;
        _data = data;
        _dataWords = dataWords;
        _pointerCount = pointerCount;
    }

    /// <summary>Words of the data section.</summary>
    public int DataWords => _dataWords;

    /// <summary>Pointers of the pointer section.</summary>
    public int PointerCount => _pointerCount;

    /// <summary>A bit of the data section.</summary>
    public bool GetBool(int bit, bool mask = false) => (Bytes(bit >> 3, 1)[0] >> (bit & 7) & 1) != 0 != mask;

    /// <summary>Sets a bit of the data section.</summary>
    public void SetBool(int bit, bool value, bool mask = false)
    {
        ref var place = ref Bytes(bit >> 3, 1)[0];
        var one = (byte)(1 << (bit & 7));
        place = (byte)(value != mask ? place | one : place & ~one);
    }

    /// <summary>A byte.</summary>
    public byte GetByte(int index, byte mask = 0) => (byte)(Bytes(index, 1)[0] ^ mask);

    /// <summary>Sets a byte.</summary>
    public void SetByte(int index, byte value, byte mask = 0) => Bytes(index, 1)[0] = (byte)(value ^ mask);

    /// <summary>A signed byte.</summary>
    public sbyte GetSByte(int index, sbyte mask = 0) => (sbyte)GetByte(index, (byte)mask);

    /// <summary>Sets a signed byte.</summary>
    public void SetSByte(int index, sbyte value, sbyte mask = 0) => SetByte(index, (byte)value, (byte)mask);

    /// <summary>A 16-bit number.</summary>
    public ushort GetUInt16(int index, ushort mask = 0) =>
        (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(Bytes(index << 1, 2)) ^ mask);

    /// <summary>Sets a 16-bit number.</summary>
    public void SetUInt16(int index, ushort value, ushort mask = 0) =>
        BinaryPrimitives.WriteUInt16LittleEndian(Bytes(index << 1, 2), (ushort)(value ^ mask));

    /// <summary>A signed 16-bit number.</summary>
    public short GetInt16(int index, short mask = 0) => (short)GetUInt16(index, (ushort)mask);

    /// <summary>Sets a signed 16-bit number.</summary>
    public void SetInt16(int index, short value, short mask = 0) => SetUInt16(index, (ushort)value, (ushort)mask);

    /// <summary>A 32-bit number.</summary>
    public uint GetUInt32(int index, uint mask = 0) =>
        BinaryPrimitives.ReadUInt32LittleEndian(Bytes(index << 2, 4)) ^ mask;

    /// <summary>Sets a 32-bit number.</summary>
    public void SetUInt32(int index, uint value, uint mask = 0) =>
        BinaryPrimitives.WriteUInt32LittleEndian(Bytes(index << 2, 4), value ^ mask);

    /// <summary>A signed 32-bit number.</summary>
    public int GetInt32(int index, int mask = 0) => (int)GetUInt32(index, (uint)mask);

    /// <summary>Sets a signed 32-bit number.</summary>
    public void SetInt32(int index, int value, int mask = 0) => SetUInt32(index, (uint)value, (uint)mask);

    /// <summary>A 64-bit number.</summary>
    public ulong GetUInt64(int index, ulong mask = 0) =>
        BinaryPrimitives.ReadUInt64LittleEndian(Bytes(index << 3, 8)) ^ mask;

    /// <summary>Sets a 64-bit number.</summary>
    public void SetUInt64(int index, ulong value, ulong mask = 0) =>
        BinaryPrimitives.WriteUInt64LittleEndian(Bytes(index << 3, 8), value ^ mask);

    /// <summary>A signed 64-bit number.</summary>
    public long GetInt64(int index, long mask = 0) => (long)GetUInt64(index, (ulong)mask);

    /// <summary>Sets a signed 64-bit number.</summary>
    public void SetInt64(int index, long value, long mask = 0) => SetUInt64(index, (ulong)value, (ulong)mask);

    /// <summary>A 32-bit floating point number.</summary>
    public float GetSingle(int index, uint mask = 0) => BitConverter.UInt32BitsToSingle(GetUInt32(index, mask));

    /// <summary>Sets a 32-bit floating point number.</summary>
    public void SetSingle(int index, float value, uint mask = 0) =>
        SetUInt32(index, BitConverter.SingleToUInt32Bits(value), mask);

    /// <summary>A 64-bit floating point number.</summary>
    public double GetDouble(int index, ulong mask = 0) => BitConverter.UInt64BitsToDouble(GetUInt64(index, mask));

    /// <summary>Sets a 64-bit floating point number.</summary>
    public void SetDouble(int index, double value, ulong mask = 0) =>
        SetUInt64(index, BitConverter.DoubleToUInt64Bits(value), mask);

    /// <summary>A pointer of the pointer section.</summary>
    public PointerBuilder GetPointer(int index) => (uint)index < (uint)_pointerCount
        ? new PointerBuilder(_arena, _segment, _data + ((_dataWords + index) << 3))
        : throw new InvalidOperationException($"The struct has {_pointerCount} pointers; there is no number {index}.");

    /// <summary>The struct as its readers will see it; valid as long as the builder.</summary>
    public StructReader AsReader() => new(
        _arena, _segment, _data, _dataWords << 6, _data + (_dataWords << 3), _pointerCount, ReadLimit.DefaultNesting);

    /// <summary>
    /// Copies the sections of a struct of any message into this one, as far as there is room for them.
    /// </summary>
    /// <remarks>What a newer schema added behind our sections is lost; <see cref="PointerBuilder.SetFrom"/> keeps it.</remarks>
    public void CopyFrom(StructReader source)
    {
        var data = source.Data;
        var room = _segment.Buffer.AsSpan(_data, _dataWords << 3);
        room.Clear();
        data[..Math.Min(data.Length, room.Length)].CopyTo(room);
        for (var i = 0; i < _pointerCount; i++)
        {
            GetPointer(i).SetFrom(source.GetPointer(i));
        }
    }

    private Span<byte> Bytes(int offset, int count) => offset + count <= _dataWords << 3
        ? _segment.Buffer.AsSpan(_data + offset, count)
        : throw new InvalidOperationException($"The struct has {_dataWords} data words; byte {offset} is outside.");
}
