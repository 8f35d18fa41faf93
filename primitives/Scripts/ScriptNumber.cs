namespace Dash.Primitives.Scripts;

/// <summary>
/// Numbers on the script stack: little-endian size with the sign in the highest bit of the last byte; zero is empty.
/// </summary>
public static class ScriptNumber
{
    /// <summary>Operands of arithmetic are at most so many bytes; results may be longer.</summary>
    public const int DefaultMaxSize = 4;

    /// <summary>The shortest form.</summary>
    public static byte[] Encode(long value)
    {
        if (value == 0)
        {
            return [];
        }

        Span<byte> bytes = stackalloc byte[9];
        var length = 0;
        var size = value < 0 ? (ulong)-(value + 1) + 1 : (ulong)value;
        for (; size > 0; size >>= 8)
        {
            bytes[length++] = (byte)size;
        }

        if ((bytes[length - 1] & 0x80) != 0)
        {
            bytes[length++] = 0;
        }

        if (value < 0)
        {
            bytes[length - 1] |= 0x80;
        }

        return bytes[..length].ToArray();
    }

    /// <summary>Reads a number of at most <paramref name="maxSize"/> bytes (8 at most).</summary>
    /// <returns>False when it is longer, or not in its shortest form where that is required.</returns>
    public static bool TryDecode(ReadOnlySpan<byte> bytes, bool requireMinimal, int maxSize, out long value)
    {
        value = 0;
        if (bytes.Length > maxSize || (requireMinimal && !IsMinimal(bytes)))
        {
            return false;
        }

        value = DecodeUnchecked(bytes);
        return true;
    }

    /// <summary>Whether no byte could be left out: the last one carries more than a sign.</summary>
    public static bool IsMinimal(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return true;
        }

        // A last byte of only a sign is needed when the byte before it uses the sign's bit.
        return (bytes[^1] & 0x7f) != 0 || (bytes.Length > 1 && (bytes[^2] & 0x80) != 0);
    }

    /// <summary>Drops what is superfluous: the shortest form of the same number, of any length.</summary>
    public static byte[] Minimize(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty || IsMinimal(bytes))
        {
            return bytes.ToArray();
        }

        var sign = (byte)(bytes[^1] & 0x80);
        var size = bytes[..^1].TrimEnd((byte)0);
        if (size.IsEmpty)
        {
            return [];
        }

        if ((size[^1] & 0x80) != 0)
        {
            return [.. size, sign];
        }

        var result = size.ToArray();
        result[^1] |= sign;
        return result;
    }

    /// <summary>What an integer of 32 bits can hold of <paramref name="value"/>: the nearest.</summary>
    public static int Clamp(long value) => (int)Math.Clamp(value, int.MinValue, int.MaxValue);

    private static long DecodeUnchecked(ReadOnlySpan<byte> bytes)
    {
        if (bytes.IsEmpty)
        {
            return 0;
        }

        ulong size = 0;
        for (var i = 0; i < bytes.Length; i++)
        {
            size |= (ulong)bytes[i] << (8 * i);
        }

        if ((bytes[^1] & 0x80) == 0)
        {
            return (long)size;
        }

        return -(long)(size & ~(0x80UL << (8 * (bytes.Length - 1))));
    }
}
