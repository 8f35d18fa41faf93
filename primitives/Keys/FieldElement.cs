using System.Buffers.Binary;

namespace Dash.Primitives.Keys;

/// <summary>
/// A number modulo secp256k1's p = 2^256 - 2^32 - 977, always reduced. For points that are public: nothing here takes the
/// same time for all values.
/// </summary>
internal readonly struct FieldElement : IEquatable<FieldElement>
{
    /// <summary>Bytes of a number, most significant first.</summary>
    public const int Size = 32;

    // 2^256 modulo p: what a carry out of the top is worth.
    private const ulong Carry = 0x1000003d1;
    private const ulong LowestOfP = 0xfffffffefffffc2f;

    public static readonly FieldElement Zero;
    public static readonly FieldElement One = new(1, 0, 0, 0);

    // Least significant first.
    private readonly ulong _a;
    private readonly ulong _b;
    private readonly ulong _c;
    private readonly ulong _d;

    private FieldElement(ulong a, ulong b, ulong c, ulong d)
    {
        if (d == ulong.MaxValue && c == ulong.MaxValue && b == ulong.MaxValue && a >= LowestOfP)
        {
            // Between p and 2^256 only the lowest word can differ from zero afterwards.
            (a, b, c, d) = (a - LowestOfP, 0, 0, 0);
        }

        (_a, _b, _c, _d) = (a, b, c, d);
    }

    public bool IsZero => (_a | _b | _c | _d) == 0;

    public static bool operator ==(FieldElement left, FieldElement right) => left.Equals(right);

    public static bool operator !=(FieldElement left, FieldElement right) => !left.Equals(right);

    public static FieldElement operator +(FieldElement x, FieldElement y)
    {
        UInt128 sum = (UInt128)x._a + y._a;
        var a = (ulong)sum;
        sum = (sum >> 64) + x._b + y._b;
        var b = (ulong)sum;
        sum = (sum >> 64) + x._c + y._c;
        var c = (ulong)sum;
        sum = (sum >> 64) + x._d + y._d;
        return AddSmall(a, b, c, (ulong)sum, (ulong)(sum >> 64) * Carry);
    }

    public static FieldElement operator -(FieldElement x)
    {
        if (x.IsZero)
        {
            return x;
        }

        // p - x; no borrow leaves the top as x is below p.
        UInt128 difference = (UInt128)LowestOfP - x._a;
        var a = (ulong)difference;
        difference = (UInt128)ulong.MaxValue - x._b - Borrow(difference);
        var b = (ulong)difference;
        difference = (UInt128)ulong.MaxValue - x._c - Borrow(difference);
        var c = (ulong)difference;
        return new FieldElement(a, b, c, ulong.MaxValue - x._d - Borrow(difference));
    }

    public static FieldElement operator -(FieldElement x, FieldElement y) => x + -y;

    public static FieldElement operator *(FieldElement x, FieldElement y)
    {
        Span<ulong> wide = stackalloc ulong[8];
        wide.Clear();
        ReadOnlySpan<ulong> left = [x._a, x._b, x._c, x._d];
        ReadOnlySpan<ulong> right = [y._a, y._b, y._c, y._d];
        for (var i = 0; i < 4; i++)
        {
            UInt128 carry = 0;
            for (var j = 0; j < 4; j++)
            {
                carry += ((UInt128)left[i] * right[j]) + wide[i + j];
                wide[i + j] = (ulong)carry;
                carry >>= 64;
            }

            wide[i + 4] = (ulong)carry;
        }

        return Reduce(wide);
    }

    /// <summary>The quotient; by zero it is zero.</summary>
    public static FieldElement operator /(FieldElement x, FieldElement y) => x * y.Invert();

    /// <summary>A small number.</summary>
    public static FieldElement Of(uint value) => new(value, 0, 0, 0);

    /// <summary>32 bytes, most significant first, modulo p.</summary>
    public static FieldElement Read(ReadOnlySpan<byte> bytes) => new(
        BinaryPrimitives.ReadUInt64BigEndian(bytes[24..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[16..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes[8..]),
        BinaryPrimitives.ReadUInt64BigEndian(bytes));

    /// <summary>32 bytes, most significant first.</summary>
    public void Write(Span<byte> bytes)
    {
        BinaryPrimitives.WriteUInt64BigEndian(bytes[24..], _a);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[16..], _b);
        BinaryPrimitives.WriteUInt64BigEndian(bytes[8..], _c);
        BinaryPrimitives.WriteUInt64BigEndian(bytes, _d);
    }

    /// <summary>The inverse, x^(p-2); of zero it is zero.</summary>
    public FieldElement Invert() => Power(LowestOfP - 2, ulong.MaxValue);

    /// <summary>A square root, x^((p+1)/4), if there is one; which of the two is not said.</summary>
    public bool TrySquareRoot(out FieldElement root)
    {
        // (p + 1) / 4: the lower word takes the two lowest bits of the next, which are ones; the top loses its two highest.
        root = Power(((LowestOfP + 1) >> 2) | (3UL << 62), ulong.MaxValue >> 2);
        return root * root == this;
    }

    public bool Equals(FieldElement other) => _a == other._a && _b == other._b && _c == other._c && _d == other._d;

    public override bool Equals(object? obj) => obj is FieldElement other && Equals(other);

    public override int GetHashCode() => HashCode.Combine(_a, _b, _c, _d);

    // Both exponents needed here have two middle words of ones.
    private FieldElement Power(ulong lowest, ulong highest)
    {
        var result = One;
        foreach (var word in (ReadOnlySpan<ulong>)[highest, ulong.MaxValue, ulong.MaxValue, lowest])
        {
            for (var bit = 63; bit >= 0; bit--)
            {
                result *= result;
                if (((word >> bit) & 1) != 0)
                {
                    result *= this;
                }
            }
        }

        return result;
    }

    private static ulong Borrow(UInt128 difference) => (difference >> 127) != 0 ? 1UL : 0;

    // The upper half times 2^256 modulo p, twice: first 34 bits spill over, then nothing but one.
    private static FieldElement Reduce(ReadOnlySpan<ulong> wide)
    {
        UInt128 sum = wide[0] + ((UInt128)wide[4] * Carry);
        var a = (ulong)sum;
        sum = (sum >> 64) + wide[1] + ((UInt128)wide[5] * Carry);
        var b = (ulong)sum;
        sum = (sum >> 64) + wide[2] + ((UInt128)wide[6] * Carry);
        var c = (ulong)sum;
        sum = (sum >> 64) + wide[3] + ((UInt128)wide[7] * Carry);
        return AddSmall(a, b, c, (ulong)sum, (sum >> 64) * Carry);
    }

    private static FieldElement AddSmall(ulong a, ulong b, ulong c, ulong d, UInt128 add)
    {
        UInt128 sum = a + add;
        a = (ulong)sum;
        sum = (sum >> 64) + b;
        b = (ulong)sum;
        sum = (sum >> 64) + c;
        c = (ulong)sum;
        sum = (sum >> 64) + d;
        var carry = (ulong)(sum >> 64);
        return carry == 0 ? new FieldElement(a, b, c, (ulong)sum) : AddSmall(a, b, c, (ulong)sum, Carry);
    }
}
