using System.Numerics;
using System.Runtime.CompilerServices;
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

    // For each row, and each byte in it, the column it adds after SubBytes and MixColumns.
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

    /// <summary><see cref="Full"/> without the processor's help: sixteen looks into tables.</summary>
    internal static Vector128<byte> PortableFull(Vector128<byte> state, Vector128<byte> key)
    {
        var words = state.AsUInt64();
        var (low, high) = (words.GetElement(0), words.GetElement(1));
        ref var table = ref MemoryMarshal.GetArrayDataReference(Columns);

        // Row r of column c comes from column c + r.
        var c0 = Look(ref table, low, 0, 0) ^ Look(ref table, low, 40, 1) ^ Look(ref table, high, 16, 2) ^ Look(ref table, high, 56, 3);
        var c1 = Look(ref table, low, 32, 0) ^ Look(ref table, high, 8, 1) ^ Look(ref table, high, 48, 2) ^ Look(ref table, low, 24, 3);
        var c2 = Look(ref table, high, 0, 0) ^ Look(ref table, high, 40, 1) ^ Look(ref table, low, 16, 2) ^ Look(ref table, low, 56, 3);
        var c3 = Look(ref table, high, 32, 0) ^ Look(ref table, low, 8, 1) ^ Look(ref table, low, 48, 2) ^ Look(ref table, high, 24, 3);
        return Vector128.Create(c0 | ((ulong)c1 << 32), c2 | ((ulong)c3 << 32)).AsByte() ^ key;
    }

    /// <summary><see cref="Last"/> without the processor's help.</summary>
    internal static Vector128<byte> PortableLast(Vector128<byte> state)
    {
        var words = state.AsUInt64();
        var (low, high) = (words.GetElement(0), words.GetElement(1));
        ref var box = ref MemoryMarshal.GetArrayDataReference(Box);

        // Place i takes the byte of place i + 4 (i mod 4).
        var first = Look(ref box, low, 0, 0) | Look(ref box, low, 40, 8) | Look(ref box, high, 16, 16) | Look(ref box, high, 56, 24)
            | Look(ref box, low, 32, 32) | Look(ref box, high, 8, 40) | Look(ref box, high, 48, 48) | Look(ref box, low, 24, 56);
        var second = Look(ref box, high, 0, 0) | Look(ref box, high, 40, 8) | Look(ref box, low, 16, 16) | Look(ref box, low, 56, 24)
            | Look(ref box, high, 32, 32) | Look(ref box, low, 8, 40) | Look(ref box, low, 48, 48) | Look(ref box, high, 24, 56);
        return Vector128.Create(first, second).AsByte();
    }

    // The column of the byte at a bit of the word, standing in a row.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static uint Look(ref uint table, ulong word, int bit, int row) =>
        Unsafe.Add(ref table, (nint)((row * 256) + (byte)(word >> bit)));

    // The box's value for the byte at a bit of the word, moved to another.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong Look(ref byte box, ulong word, int bit, int to) =>
        (ulong)Unsafe.Add(ref box, (nint)(byte)(word >> bit)) << to;

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
        var columns = new uint[4 * 256];
        for (var i = 0; i < 256; i++)
        {
            var s = Box[i];
            var twice = DoubleByte(s);
            var column = (uint)(twice | (s << 8) | (s << 16) | ((twice ^ s) << 24));
            for (var row = 0; row < 4; row++)
            {
                columns[(256 * row) + i] = BitOperations.RotateLeft(column, 8 * row);
            }
        }

        return columns;
    }

    private static byte DoubleByte(byte value) => (byte)((value << 1) ^ ((value & 0x80) != 0 ? 0x1b : 0));

    private static byte RotateLeft(byte value, int count) => (byte)((value << count) | (value >> (8 - count)));
}
