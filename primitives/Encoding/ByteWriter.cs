using System.Buffers;
using System.Buffers.Binary;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Encoding;

/// <summary>
/// Grows as it is written to, in the little-endian wire and disk format. Belongs to one thread; what
/// <see cref="WrittenSpan"/> shows is valid until the next write.
/// </summary>
public sealed class ByteWriter : IBufferWriter<byte>
{
    private byte[] _room;

    /// <summary>An empty writer.</summary>
    public ByteWriter()
        : this(256)
    {
    }

    /// <summary>An empty writer with room for <paramref name="capacity"/> bytes.</summary>
    public ByteWriter(int capacity)
    {
        _room = new byte[Math.Max(capacity, 1)];
    }

    /// <summary>An empty writer that begins in an array of the caller's, which must outlive it; it gets others when that is full.</summary>
    public ByteWriter(byte[] room)
    {
        ArgumentNullException.ThrowIfNull(room);
        _room = room;
    }

    /// <summary>Bytes written so far.</summary>
    public int Length { get; private set; }

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _room.AsSpan(0, Length);

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _room.AsMemory(0, Length);

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => WrittenSpan.ToArray();

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => Length = 0;

    /// <inheritdoc/>
    public void Advance(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(count, _room.Length - Length);
        Length += count;
    }

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _room.AsMemory(Length);
    }

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0)
    {
        Reserve(sizeHint);
        return _room.AsSpan(Length);
    }

    /// <summary>One byte.</summary>
    public void WriteByte(byte value)
    {
        GetSpan(1)[0] = value;
        Advance(1);
    }

    /// <summary>One byte, 0 or 1.</summary>
    public void WriteBool(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>16 bits, little-endian.</summary>
    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(GetSpan(2), value);
        Advance(2);
    }

    /// <summary>16 bits with sign, little-endian.</summary>
    public void WriteInt16(short value) => WriteUInt16((ushort)value);

    /// <summary>16 bits, big-endian, as ports are written.</summary>
    public void WriteUInt16BigEndian(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(GetSpan(2), value);
        Advance(2);
    }

    /// <summary>32 bits, little-endian.</summary>
    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(GetSpan(4), value);
        Advance(4);
    }

    /// <summary>32 bits with sign, little-endian.</summary>
    public void WriteInt32(int value) => WriteUInt32((uint)value);

    /// <summary>64 bits, little-endian.</summary>
    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(GetSpan(8), value);
        Advance(8);
    }

    /// <summary>64 bits with sign, little-endian.</summary>
    public void WriteInt64(long value) => WriteUInt64((ulong)value);

    /// <summary>32 bytes in wire order.</summary>
    public void WriteUint256(Uint256 value)
    {
        value.CopyTo(GetSpan(Uint256.Size));
        Advance(Uint256.Size);
    }

    /// <summary>20 bytes.</summary>
    public void WriteHash160(Hash160 value)
    {
        value.CopyTo(GetSpan(Hash160.Size));
        Advance(Hash160.Size);
    }

    /// <summary>A count in its shortest form.</summary>
    public void WriteCompactSize(ulong value)
    {
        var length = CompactSize.Write(GetSpan(CompactSize.MaxLength), value);
        Advance(length);
    }

    /// <summary>A count in its shortest form; negative counts do not exist.</summary>
    public void WriteCompactSize(int value) => WriteCompactSize(checked((ulong)value));

    /// <summary>The bytes alone, without a length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value)
    {
        value.CopyTo(GetSpan(value.Length));
        Length += value.Length;
    }

    /// <summary>The length and the bytes.</summary>
    public void WriteVarBytes(ReadOnlySpan<byte> value)
    {
        WriteCompactSize((ulong)value.Length);
        WriteBytes(value);
    }

    /// <summary>The length in bytes and the text as UTF-8.</summary>
    public void WriteString(string value)
    {
        ArgumentNullException.ThrowIfNull(value);
        WriteVarBytes(System.Text.Encoding.UTF8.GetBytes(value));
    }

    /// <summary>A number in the form <see cref="SpanReader.ReadVarInt"/> reads.</summary>
    public void WriteVarInt(ulong value)
    {
        // Groups come out least significant first, so they are laid from the end of a buffer of the longest form.
        Span<byte> groups = stackalloc byte[10];
        var at = groups.Length - 1;
        groups[at] = (byte)(value & 0x7f);
        while (value > 0x7f)
        {
            value = (value >> 7) - 1;
            groups[--at] = (byte)((value & 0x7f) | 0x80);
        }

        WriteBytes(groups[at..]);
    }

    private void Reserve(int count)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(count);
        var needed = checked(Length + Math.Max(count, 1));
        if (needed > _room.Length)
        {
            var grown = new byte[(int)Math.Min(Math.Max(needed, 2L * _room.Length), Array.MaxLength)];
            WrittenSpan.CopyTo(grown);
            _room = grown;
        }
    }
}
