using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Hashing;

/// <summary>
/// 20 bytes: RIPEMD-160 of SHA-256, the name of a key or of a script. Shown as hex in byte order.
/// </summary>
public readonly struct Hash160 : IEquatable<Hash160>, IComparable<Hash160>
{
    /// <summary>Bytes in a value.</summary>
    public const int Size = 20;

    // Big-endian words, so comparing them in turn compares the bytes.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly uint _c;

    /// <summary>Takes 20 bytes.</summary>
    /// <exception cref="ArgumentException">Not exactly 20 bytes.</exception>
    public Hash160(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            ThrowSize(bytes.Length);
        }

        _a = BinaryPrimitives.ReadUInt64BigEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt32BigEndian(bytes[16..]);
    }

    /// <summary>All bytes zero; the same as <c>default</c>.</summary>
    public static Hash160 Zero => default;

    /// <summary>Whether all bytes are zero.</summary>
    public bool IsZero => (_a | _b | _c) == 0;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Hash160 left, Hash160 right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(Hash160 left, Hash160 right) => !left.Equals(right);

    /// <summary>Earlier in byte order.</summary>
    public static bool operator <(Hash160 left, Hash160 right) => left.CompareTo(right) < 0;

    /// <summary>Later in byte order.</summary>
    public static bool operator >(Hash160 left, Hash160 right) => left.CompareTo(right) > 0;

    /// <summary>Earlier in byte order, or equal.</summary>
    public static bool operator <=(Hash160 left, Hash160 right) => left.CompareTo(right) <= 0;

    /// <summary>Later in byte order, or equal.</summary>
    public static bool operator >=(Hash160 left, Hash160 right) => left.CompareTo(right) >= 0;

    /// <summary>Reads 40 hex digits.</summary>
    /// <exception cref="FormatException">Anything but 40 hex digits.</exception>
    public static Hash160 Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var value) ? value : throw new FormatException("Not a 160-bit hash: " + text);
    }

    /// <summary>Reads 40 hex digits; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Hash160 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != 2 * Size
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            value = default;
            return false;
        }

        value = new Hash160(bytes);
        return true;
    }

    /// <summary>Writes the 20 bytes.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64BigEndian(destination, _a);
        BinaryPrimitives.WriteUInt64BigEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt32BigEndian(destination[16..], _c);
    }

    /// <summary>The 20 bytes in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Hash160 other) => _a == other._a && _b == other._b && _c == other._c;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Hash160 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c);

    /// <summary>Compares byte by byte, first byte first.</summary>
    public int CompareTo(Hash160 other)
    {
        var order = _a.CompareTo(other._a);
        order = order != 0 ? order : _b.CompareTo(other._b);
        return order != 0 ? order : _c.CompareTo(other._c);
    }

    /// <summary>40 lower-case hex digits in byte order.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        return Convert.ToHexStringLower(bytes);
    }

    private static void ThrowSize(int length) =>
        throw new ArgumentException($"A 160-bit value has 20 bytes, not {length}.");
}
