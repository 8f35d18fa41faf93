using System.Buffers.Binary;

namespace Dash.Primitives.Encoding;

/// <summary>
/// The variable length count of the wire format: one byte below 253, else a marker and 2, 4 or 8 bytes, little-endian.
/// </summary>
public static class CompactSize
{
    /// <summary>Largest count a reader accepts (32 MiB), whatever it counts.</summary>
    public const int MaxSize = 0x02000000;

    /// <summary>Longest form in bytes.</summary>
    public const int MaxLength = 9;

    /// <summary>How many bytes the canonical form of <paramref name="value"/> takes: 1, 3, 5 or 9.</summary>
    public static int LengthOf(ulong value) => value switch
    {
        < 0xfd => 1,
        <= ushort.MaxValue => 3,
        <= uint.MaxValue => 5,
        _ => 9,
    };

    /// <summary>
    /// Writes the canonical form and returns its length; <paramref name="destination"/> holds at least that.
    /// </summary>
    public static int Write(Span<byte> destination, ulong value)
    {
        switch (LengthOf(value))
        {
            case 1:
                destination[0] = (byte)value;
                return 1;
            case 3:
                destination[0] = 0xfd;
                BinaryPrimitives.WriteUInt16LittleEndian(destination[1..], (ushort)value);
                return 3;
            case 5:
                destination[0] = 0xfe;
                BinaryPrimitives.WriteUInt32LittleEndian(destination[1..], (uint)value);
                return 5;
            default:
                destination[0] = 0xff;
                BinaryPrimitives.WriteUInt64LittleEndian(destination[1..], value);
                return 9;
        }
    }
}
