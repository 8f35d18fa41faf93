using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;

namespace Dash.Primitives.Hashing;

/// <summary>
/// 32 bytes of a hash, kept in wire order (the order hashes are computed and serialized in).
/// Shown and parsed as people write it: hex of the bytes reversed. Ordered as a little-endian number.
/// </summary>
public readonly struct Uint256 : IEquatable<Uint256>, IComparable<Uint256>
{
    /// <summary>Bytes in a value.</summary>
    public const int Size = 32;

    // Little-endian words; _a holds the first eight bytes of the wire, which are the least significant ones.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    /// <summary>Takes 32 bytes in wire order.</summary>
    /// <exception cref="ArgumentException">Not exactly 32 bytes.</exception>
    public Uint256(ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length != Size)
        {
            ThrowSize(bytes.Length);
        }

        _a = BinaryPrimitives.ReadUInt64LittleEndian(bytes);
        _b = BinaryPrimitives.ReadUInt64LittleEndian(bytes[8..]);
        _c = BinaryPrimitives.ReadUInt64LittleEndian(bytes[16..]);
        _d = BinaryPrimitives.ReadUInt64LittleEndian(bytes[24..]);
    }

    /// <summary>All bytes zero; the same as <c>default</c>.</summary>
    public static Uint256 Zero => default;

    /// <summary>Whether all bytes are zero.</summary>
    public bool IsZero => (_a | _b | _c | _d) == 0;

    /// <summary>The first eight bytes of the wire as a little-endian number: a cheap, well spread key.</summary>
    public ulong LowWord => _a;

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Uint256 left, Uint256 right) => left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(Uint256 left, Uint256 right) => !left.Equals(right);

    /// <summary>Smaller as a little-endian number.</summary>
    public static bool operator <(Uint256 left, Uint256 right) => left.CompareTo(right) < 0;

    /// <summary>Greater as a little-endian number.</summary>
    public static bool operator >(Uint256 left, Uint256 right) => left.CompareTo(right) > 0;

    /// <summary>Smaller or equal as a little-endian number.</summary>
    public static bool operator <=(Uint256 left, Uint256 right) => left.CompareTo(right) <= 0;

    /// <summary>Greater or equal as a little-endian number.</summary>
    public static bool operator >=(Uint256 left, Uint256 right) => left.CompareTo(right) >= 0;

    /// <summary>Reads 64 hex digits in display order.</summary>
    /// <exception cref="FormatException">Anything but 64 hex digits.</exception>
    public static Uint256 Parse(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return TryParse(text, out var value) ? value : throw new FormatException("Not a 256-bit hash: " + text);
    }

    /// <summary>Reads 64 hex digits in display order; false for anything else.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Uint256 value)
    {
        Span<byte> bytes = stackalloc byte[Size];
        if (text.Length != 2 * Size
            || Convert.FromHexString(text, bytes, out _, out _) != System.Buffers.OperationStatus.Done)
        {
            value = default;
            return false;
        }

        bytes.Reverse();
        value = new Uint256(bytes);
        return true;
    }

    /// <summary>Writes the 32 bytes in wire order.</summary>
    public void CopyTo(Span<byte> destination)
    {
        BinaryPrimitives.WriteUInt64LittleEndian(destination, _a);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[8..], _b);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[16..], _c);
        BinaryPrimitives.WriteUInt64LittleEndian(destination[24..], _d);
    }

    /// <summary>The 32 bytes in wire order, in a new array.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        CopyTo(bytes);
        return bytes;
    }

    /// <inheritdoc/>
    public bool Equals(Uint256 other) =>
        ((_a ^ other._a) | (_b ^ other._b) | (_c ^ other._c) | (_d ^ other._d)) == 0;

    /// <inheritdoc/>
    public override bool Equals([NotNullWhen(true)] object? obj) => obj is Uint256 other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    /// <summary>Compares as little-endian numbers (the last byte of the wire weighs most).</summary>
    public int CompareTo(Uint256 other)
    {
        var order = _d.CompareTo(other._d);
        order = order != 0 ? order : _c.CompareTo(other._c);
        order = order != 0 ? order : _b.CompareTo(other._b);
        return order != 0 ? order : _a.CompareTo(other._a);
    }

    /// <summary>64 lower-case hex digits in display order.</summary>
    public override string ToString()
    {
        Span<byte> bytes = stackalloc byte[Size];
        CopyTo(bytes);
        bytes.Reverse();
        return Convert.ToHexStringLower(bytes);
    }

    private static void ThrowSize(int length) =>
        throw new ArgumentException($"A 256-bit value has 32 bytes, not {length}.");
}
