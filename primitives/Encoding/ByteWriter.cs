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
    private readonly ArrayBufferWriter<byte> _buffer;

    /// <summary>An empty writer.</summary>
    public ByteWriter()
        : this(256)
    {
    }

    /// <summary>An empty writer with room for <paramref name="capacity"/> bytes.</summary>
    public ByteWriter(int capacity)
    {
        _buffer = new ArrayBufferWriter<byte>(Math.Max(capacity, 1));
    }

    /// <summary>Bytes written so far.</summary>
    public int Length => _buffer.WrittenCount;

    /// <summary>What was written.</summary>
    public ReadOnlySpan<byte> WrittenSpan => _buffer.WrittenSpan;

    /// <summary>What was written.</summary>
    public ReadOnlyMemory<byte> WrittenMemory => _buffer.WrittenMemory;

    /// <summary>A copy of what was written.</summary>
    public byte[] ToArray() => _buffer.WrittenSpan.ToArray();

    /// <summary>Forgets what was written and keeps the room.</summary>
    public void Clear() => _buffer.ResetWrittenCount();

    /// <inheritdoc/>
    public void Advance(int count) => _buffer.Advance(count);

    /// <inheritdoc/>
    public Memory<byte> GetMemory(int sizeHint = 0) => _buffer.GetMemory(sizeHint);

    /// <inheritdoc/>
    public Span<byte> GetSpan(int sizeHint = 0) => _buffer.GetSpan(sizeHint);

    /// <summary>One byte.</summary>
    public void WriteByte(byte value)
    {
        _buffer.GetSpan(1)[0] = value;
        _buffer.Advance(1);
    }

    /// <summary>One byte, 0 or 1.</summary>
    public void WriteBool(bool value) => WriteByte(value ? (byte)1 : (byte)0);

    /// <summary>16 bits, little-endian.</summary>
    public void WriteUInt16(ushort value)
    {
        BinaryPrimitives.WriteUInt16LittleEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
    }

    /// <summary>16 bits with sign, little-endian.</summary>
    public void WriteInt16(short value) => WriteUInt16((ushort)value);

    /// <summary>16 bits, big-endian, as ports are written.</summary>
    public void WriteUInt16BigEndian(ushort value)
    {
        BinaryPrimitives.WriteUInt16BigEndian(_buffer.GetSpan(2), value);
        _buffer.Advance(2);
    }

    /// <summary>32 bits, little-endian.</summary>
    public void WriteUInt32(uint value)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(_buffer.GetSpan(4), value);
        _buffer.Advance(4);
    }

    /// <summary>32 bits with sign, little-endian.</summary>
    public void WriteInt32(int value) => WriteUInt32((uint)value);

    /// <summary>64 bits, little-endian.</summary>
    public void WriteUInt64(ulong value)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(_buffer.GetSpan(8), value);
        _buffer.Advance(8);
    }

    /// <summary>64 bits with sign, little-endian.</summary>
    public void WriteInt64(long value) => WriteUInt64((ulong)value);

    /// <summary>32 bytes in wire order.</summary>
    public void WriteUint256(Uint256 value)
    {
        value.CopyTo(_buffer.GetSpan(Uint256.Size));
        _buffer.Advance(Uint256.Size);
    }

    /// <summary>20 bytes.</summary>
    public void WriteHash160(Hash160 value)
    {
        value.CopyTo(_buffer.GetSpan(Hash160.Size));
        _buffer.Advance(Hash160.Size);
    }

    /// <summary>A count in its shortest form.</summary>
    public void WriteCompactSize(ulong value)
    {
        var length = CompactSize.Write(_buffer.GetSpan(CompactSize.MaxLength), value);
        _buffer.Advance(length);
    }

    /// <summary>A count in its shortest form; negative counts do not exist.</summary>
    public void WriteCompactSize(int value) => WriteCompactSize(checked((ulong)value));

    /// <summary>The bytes alone, without a length.</summary>
    public void WriteBytes(ReadOnlySpan<byte> value) => _buffer.Write(value);

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
}
