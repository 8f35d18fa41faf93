using System.Buffers.Binary;

namespace Dash.Ipc.Layout;

/// <summary>
/// A struct in a message. Fields are addressed by their index in units of their own size, as the schema compiler
/// numbers
/// them; a field outside the received sections reads as its default, so messages of older and newer peers are fine.
/// The value <c>default</c> is a struct of which every field has its default.
/// </summary>
public readonly struct StructReader
{
    private readonly Arena? _arena;
    private readonly Segment? _segment;
    private readonly int _data;
    private readonly int _dataBits;
    private readonly int _pointers;
    private readonly int _pointerCount;
    private readonly int _nesting;

    internal StructReader(
        Arena arena, Segment segment, int data, int dataBits, int pointers, int pointerCount, int nesting)
    {
        _arena = arena;
        _segment = segment;
        _data = data;
        _dataBits = dataBits;
        _pointers = pointers;
        _pointerCount = pointerCount;
        _nesting = nesting;
    }

    /// <summary>Words of the received data section; bits of a list element that is smaller count as one.</summary>
    public int DataWords => (_dataBits + 63) >> 6;

    /// <summary>Pointers received.</summary>
    public int PointerCount => _pointerCount;

    /// <summary>The received data section, padded to nothing: a list element may have less than a word.</summary>
    internal ReadOnlySpan<byte> Data => _segment is null ? default : _segment.Buffer.AsSpan(_data, _dataBits >> 3);

    /// <summary>A bit of the data section.</summary>
    /// <param name="bit">The bit's number from the start of the section.</param>
    /// <param name="mask">The schema's default.</param>
    public bool GetBool(int bit, bool mask = false) =>
        bit < _dataBits && (Bytes(bit >> 3, 1)[0] >> (bit & 7) & 1) != 0 ? !mask : mask;

    /// <summary>A byte of the data section.</summary>
    public byte GetByte(int index, byte mask = 0) =>
        Has(index, 8) ? (byte)(Bytes(index, 1)[0] ^ mask) : mask;

    /// <summary>A signed byte of the data section.</summary>
    public sbyte GetSByte(int index, sbyte mask = 0) => (sbyte)GetByte(index, (byte)mask);

    /// <summary>A 16-bit number; <paramref name="index"/> counts 16-bit units.</summary>
    public ushort GetUInt16(int index, ushort mask = 0) =>
        Has(index, 16) ? (ushort)(BinaryPrimitives.ReadUInt16LittleEndian(Bytes(index << 1, 2)) ^ mask) : mask;

    /// <summary>A signed 16-bit number; <paramref name="index"/> counts 16-bit units.</summary>
    public short GetInt16(int index, short mask = 0) => (short)GetUInt16(index, (ushort)mask);

    /// <summary>A 32-bit number; <paramref name="index"/> counts 32-bit units.</summary>
    public uint GetUInt32(int index, uint mask = 0) =>
        Has(index, 32) ? BinaryPrimitives.ReadUInt32LittleEndian(Bytes(index << 2, 4)) ^ mask : mask;

    /// <summary>A signed 32-bit number; <paramref name="index"/> counts 32-bit units.</summary>
    public int GetInt32(int index, int mask = 0) => (int)GetUInt32(index, (uint)mask);

    /// <summary>A 64-bit number; <paramref name="index"/> counts words.</summary>
    public ulong GetUInt64(int index, ulong mask = 0) =>
        Has(index, 64) ? BinaryPrimitives.ReadUInt64LittleEndian(Bytes(index << 3, 8)) ^ mask : mask;

    /// <summary>A signed 64-bit number; <paramref name="index"/> counts words.</summary>
    public long GetInt64(int index, long mask = 0) => (long)GetUInt64(index, (ulong)mask);

    /// <summary>A 32-bit floating point number; the default is XORed bit by bit.</summary>
    public float GetSingle(int index, uint mask = 0) => BitConverter.UInt32BitsToSingle(GetUInt32(index, mask));

    /// <summary>A 64-bit floating point number; the default is XORed bit by bit.</summary>
    public double GetDouble(int index, ulong mask = 0) => BitConverter.UInt64BitsToDouble(GetUInt64(index, mask));

    /// <summary>A pointer of the pointer section; null if the peer's struct has fewer.</summary>
    public PointerReader GetPointer(int index) =>
        _arena is not null && _segment is not null && (uint)index < (uint)_pointerCount
            ? new PointerReader(_arena, _segment, _pointers + (index << 3), _nesting)
            : default;

    private bool Has(int index, int bits) => (index + 1L) * bits <= _dataBits;

    // Only called for bytes inside the data section, so there is a segment.
    private ReadOnlySpan<byte> Bytes(int offset, int count) => _segment!.Buffer.AsSpan(_data + offset, count);
}
