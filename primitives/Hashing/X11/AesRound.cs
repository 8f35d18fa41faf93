using System.Numerics;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using ArmAes = System.Runtime.Intrinsics.Arm.Aes;
using X86Aes = System.Runtime.Intrinsics.X86.Aes;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// The round of AES three of the functions are built on, by the processor's own instruction where it has one,
/// else by tables. A state is sixteen bytes, column after column.
/// </summary>
internal static class AesRound
{
    private static readonly byte[] Box = MakeBox();

    // For each byte the column it adds after SubBytes and MixColumns, if it stands in the first row.
    private static readonly uint[] Columns = MakeColumns();

    /// <summary>SubBytes, ShiftRows, MixColumns, AddRoundKey.</summary>
    public static Vector128<byte> Full(Vector128<byte> state, Vector128<byte> key)
    {
        if (X86Aes.IsSupported)
        {
            return X86Aes.Encrypt(state, key);
        }

        return ArmAes.IsSupported
            ? ArmAes.MixColumns(ArmAes.Encrypt(state, Vector128<byte>.Zero)) ^ key
            : PortableFull(state, key);
    }

    /// <summary>SubBytes and ShiftRows.</summary>
    public static Vector128<byte> Last(Vector128<byte> state)
    {
        if (X86Aes.IsSupported)
        {
            return X86Aes.EncryptLast(state, Vector128<byte>.Zero);
        }

        return ArmAes.IsSupported ? ArmAes.Encrypt(state, Vector128<byte>.Zero) : PortableLast(state);
    }

    /// <summary>Doubles sixteen elements of AES's field.</summary>
    public static Vector128<byte> Double(Vector128<byte> value)
    {
        var overflow = Vector128.LessThan(value.AsSByte(), Vector128<sbyte>.Zero).AsByte();
        return (value + value) ^ (overflow & Vector128.Create((byte)0x1b));
    }

    /// <summary><see cref="Full"/> without the processor's help.</summary>
    internal static Vector128<byte> PortableFull(Vector128<byte> state, Vector128<byte> key)
    {
        Span<byte> bytes = stackalloc byte[16];
        state.CopyTo(bytes);
        Span<uint> columns = stackalloc uint[4];
        for (var c = 0; c < 4; c++)
        {
            columns[c] = Columns[bytes[4 * c]]
                ^ BitOperations.RotateLeft(Columns[bytes[(4 * ((c + 1) % 4)) + 1]], 8)
                ^ BitOperations.RotateLeft(Columns[bytes[(4 * ((c + 2) % 4)) + 2]], 16)
                ^ BitOperations.RotateLeft(Columns[bytes[(4 * ((c + 3) % 4)) + 3]], 24);
        }

        return Vector128.Create<byte>(MemoryMarshal.AsBytes(columns)) ^ key;
    }

    /// <summary><see cref="Last"/> without the processor's help.</summary>
    internal static Vector128<byte> PortableLast(Vector128<byte> state)
    {
        Span<byte> bytes = stackalloc byte[16];
        state.CopyTo(bytes);
        Span<byte> result = stackalloc byte[16];
        for (var i = 0; i < 16; i++)
        {
            result[i] = Box[bytes[(i + (4 * (i % 4))) % 16]]; // row i % 4 moves left by as many columns
        }

        return Vector128.Create<byte>(result);
    }

    // FIPS 197: the inverse in GF(2^8), then an affine map. Powers of 3 reach every element but zero, and while x
    // runs through them, y runs through the inverses (times the inverse of 3, which is 0xf6).
    private static byte[] MakeBox()
    {
        var box = new byte[256];
        byte x = 1, y = 1;
        do
        {
            x = (byte)(x ^ DoubleByte(x));
            y ^= (byte)(y << 1);
            y ^= (byte)(y << 2);
            y ^= (byte)(y << 4);
            y ^= (byte)((y & 0x80) != 0 ? 0x09 : 0);
            box[x] = (byte)(y ^ RotateLeft(y, 1) ^ RotateLeft(y, 2) ^ RotateLeft(y, 3) ^ RotateLeft(y, 4) ^ 0x63);
        }
        while (x != 1);
        box[0] = 0x63;
        return box;
    }

    private static uint[] MakeColumns()
    {
        var columns = new uint[256];
        for (var i = 0; i < 256; i++)
        {
            var s = Box[i];
            var twice = DoubleByte(s);
            columns[i] = (uint)(twice | (s << 8) | (s << 16) | ((twice ^ s) << 24));
        }

        return columns;
    }

    private static byte DoubleByte(byte value) => (byte)((value << 1) ^ ((value & 0x80) != 0 ? 0x1b : 0));

    private static byte RotateLeft(byte value, int count) => (byte)((value << count) | (value >> (8 - count)));
}
