using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Encoding;

/// <summary>
/// Reads the little-endian wire and disk format from a span, in place. Each read is bounds-checked and throws
/// <see cref="EncodingException"/> when the bytes end too early or are not canonical.
/// </summary>
public ref struct SpanReader
{
    private readonly ReadOnlySpan<byte> _data;
    private int _position;

    /// <summary>A reader at the start of <paramref name="data"/>, which stays the caller's.</summary>
    public SpanReader(ReadOnlySpan<byte> data)
    {
        _data = data;
        _position = 0;
    }

    /// <summary>Bytes read so far.</summary>
    public readonly int Position => _position;

    /// <summary>Bytes not yet read.</summary>
    public readonly int Remaining => _data.Length - _position;

    /// <summary>Whether every byte was read.</summary>
    public readonly bool IsAtEnd => _position == _data.Length;

    /// <summary>The bytes not yet read; reads nothing.</summary>
    public readonly ReadOnlySpan<byte> RemainingSpan => _data[_position..];

    /// <summary>The bytes from position <paramref name="start"/> up to the current one.</summary>
    public readonly ReadOnlySpan<byte> ReadSince(int start) => _data[start.._position];

    /// <summary>The next byte without reading it.</summary>
    public readonly byte PeekByte()
    {
        if (_position >= _data.Length)
        {
            ThrowEndOfData();
        }

        return _data[_position];
    }

    /// <summary>One byte.</summary>
    public byte ReadByte()
    {
        if (_position >= _data.Length)
        {
            ThrowEndOfData();
        }

        return _data[_position++];
    }

    /// <summary>A byte that is 0 or not.</summary>
    public bool ReadBool() => ReadByte() != 0;

    /// <summary>16 bits, little-endian.</summary>
    public ushort ReadUInt16() => BinaryPrimitives.ReadUInt16LittleEndian(ReadBytes(2));

    /// <summary>16 bits with sign, little-endian.</summary>
    public short ReadInt16() => BinaryPrimitives.ReadInt16LittleEndian(ReadBytes(2));

    /// <summary>16 bits, big-endian, as ports are written.</summary>
    public ushort ReadUInt16BigEndian() => BinaryPrimitives.ReadUInt16BigEndian(ReadBytes(2));

    /// <summary>32 bits, little-endian.</summary>
    public uint ReadUInt32() => BinaryPrimitives.ReadUInt32LittleEndian(ReadBytes(4));

    /// <summary>32 bits with sign, little-endian.</summary>
    public int ReadInt32() => BinaryPrimitives.ReadInt32LittleEndian(ReadBytes(4));

    /// <summary>64 bits, little-endian.</summary>
    public ulong ReadUInt64() => BinaryPrimitives.ReadUInt64LittleEndian(ReadBytes(8));

    /// <summary>64 bits with sign, little-endian.</summary>
    public long ReadInt64() => BinaryPrimitives.ReadInt64LittleEndian(ReadBytes(8));

    /// <summary>32 bytes in wire order.</summary>
    public Uint256 ReadUint256() => new(ReadBytes(Uint256.Size));

    /// <summary>20 bytes.</summary>
    public Hash160 ReadHash160() => new(ReadBytes(Hash160.Size));

    /// <summary>The next <paramref name="count"/> bytes, a slice of the source.</summary>
    public ReadOnlySpan<byte> ReadBytes(int count)
    {
        if ((uint)count > (uint)(_data.Length - _position))
        {
            ThrowEndOfData();
        }

        var slice = _data.Slice(_position, count);
        _position += count;
        return slice;
    }

    /// <summary>Skips <paramref name="count"/> bytes.</summary>
    public void Skip(int count) => ReadBytes(count);

    /// <summary>A count in its shortest form, at most <see cref="CompactSize.MaxSize"/>.</summary>
    public int ReadCompactSize()
    {
        var value = ReadCompactSizeUnbounded();
        if (value > CompactSize.MaxSize)
        {
            throw new EncodingException("ReadCompactSize(): size too large");
        }

        return (int)value;
    }

    /// <summary>A 64-bit number in compact size form, shortest form required, no upper bound.</summary>
    public ulong ReadCompactSizeUnbounded()
    {
        var marker = ReadByte();
        if (marker < 0xfd)
        {
            return marker;
        }

        var (value, minimum) = marker switch
        {
            0xfd => (ReadUInt16(), 0xfdUL),
            0xfe => (ReadUInt32(), 0x10000UL),
            _ => (ReadUInt64(), 0x100000000UL),
        };
        return value >= minimum ? value : throw new EncodingException("non-canonical ReadCompactSize()");
    }

    /// <summary>
    /// A count of elements of at least <paramref name="minimumElementSize"/> bytes each: refused when the rest of the
    /// data can't hold them, so that a caller may allocate for it.
    /// </summary>
    public int ReadCount(int minimumElementSize)
    {
        var count = ReadCompactSize();
        if ((long)count * minimumElementSize > Remaining)
        {
            ThrowEndOfData();
        }

        return count;
    }

    /// <summary>A length and that many bytes, at most <paramref name="max"/>; a slice of the source.</summary>
    public ReadOnlySpan<byte> ReadVarBytes(int max = CompactSize.MaxSize)
    {
        var length = ReadCompactSize();
        return length <= max ? ReadBytes(length) : throw new EncodingException("Byte string is too long");
    }

    /// <summary>A length and that many bytes of UTF-8 text.</summary>
    public string ReadString(int max = CompactSize.MaxSize) => System.Text.Encoding.UTF8.GetString(ReadVarBytes(max));

    /// <summary>
    /// A number of Core's databases: base 128, most significant group first, each group but the last marked by its
    /// high bit and counted from one, so that every number has exactly one form.
    /// </summary>
    public ulong ReadVarInt()
    {
        ulong value = 0;
        while (true)
        {
            var group = ReadByte();
            if (value > ulong.MaxValue >> 7)
            {
                throw new EncodingException("ReadVarInt(): size too large");
            }

            value = (value << 7) | (group & 0x7fu);
            if ((group & 0x80) == 0)
            {
                return value;
            }

            if (value == ulong.MaxValue)
            {
                throw new EncodingException("ReadVarInt(): size too large");
            }

            value++;
        }
    }

    /// <summary>Throws unless every byte was read.</summary>
    public readonly void ExpectEnd()
    {
        if (!IsAtEnd)
        {
            throw new EncodingException("Unexpected bytes after the end");
        }
    }

    [DoesNotReturn]
    private static void ThrowEndOfData() => throw new EncodingException("end of data");
}
