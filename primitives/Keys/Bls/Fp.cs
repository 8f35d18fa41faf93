using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.CompilerServices;

namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// A number modulo the prime of BLS12-381, as six limbs in Montgomery's form: the limbs hold the number times 2^384.
/// Times depend on the number: for points that everybody may know.
/// </summary>
internal readonly struct Fp : IFieldElement<Fp>, IEquatable<Fp>
{
    /// <summary>Bytes of a written number.</summary>
    public const int Size = 48;

    private const int LimbCount = 6;

    // -1 / prime modulo 2^64.
    private const ulong Inverse = 0x89f3fffcfffcfffd;

    /// <summary>The field's prime.</summary>
    public static readonly BigInteger Prime = new(
        Convert.FromHexString("1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab"),
        isUnsigned: true,
        isBigEndian: true);

    private static readonly Limbs Modulus = Split(Prime);

    // 2^768: a product with it brings a number into Montgomery's form.
    private static readonly Fp Shift = new(Split(BigInteger.ModPow(2, 2 * 64 * LimbCount, Prime)));

    private static readonly BigInteger HalfOfNext = (Prime + 1) / 4;

    private readonly Limbs _limbs;

    private Fp(in Limbs limbs)
    {
        _limbs = limbs;
    }

    /// <inheritdoc/>
    public static Fp One { get; } = From(BigInteger.One);

    /// <inheritdoc/>
    public bool IsZero => (_limbs[0] | _limbs[1] | _limbs[2] | _limbs[3] | _limbs[4] | _limbs[5]) == 0;

    /// <inheritdoc/>
    public static Fp operator +(in Fp left, in Fp right)
    {
        // Both are below the prime, which leaves three bits of the last limb free.
        var sum = default(Limbs);
        ulong carry = 0;
        for (var i = 0; i < LimbCount; i++)
        {
            sum[i] = AddTo(left._limbs[i], right._limbs[i], ref carry);
        }

        return new Fp(Reduce(sum));
    }

    /// <inheritdoc/>
    public static Fp operator -(in Fp left, in Fp right)
    {
        var difference = default(Limbs);
        if (!Subtract(left._limbs, right._limbs, ref difference))
        {
            return new Fp(difference);
        }

        ulong carry = 0;
        for (var i = 0; i < LimbCount; i++)
        {
            difference[i] = AddTo(difference[i], Modulus[i], ref carry);
        }

        return new Fp(difference);
    }

    /// <summary>The negative.</summary>
    public static Fp operator -(in Fp value) => default(Fp) - value;

    /// <inheritdoc/>
    public static Fp operator *(in Fp left, in Fp right)
    {
        // Each limb of the right side adds a row, then a multiple of the prime clears the lowest limb, which is dropped.
        var sum = default(Limbs);
        ulong top = 0;
        for (var i = 0; i < LimbCount; i++)
        {
            ulong carry = 0;
            var factor = right._limbs[i];
            for (var j = 0; j < LimbCount; j++)
            {
                sum[j] = MultiplyAdd(left._limbs[j], factor, sum[j], ref carry);
            }

            top += carry;
            carry = 0;
            factor = sum[0] * Inverse;
            MultiplyAdd(Modulus[0], factor, sum[0], ref carry);
            for (var j = 1; j < LimbCount; j++)
            {
                sum[j - 1] = MultiplyAdd(Modulus[j], factor, sum[j], ref carry);
            }

            sum[LimbCount - 1] = top + carry;
            top = 0;
        }

        return new Fp(Reduce(sum));
    }

    /// <summary>A number below the prime.</summary>
    public static Fp From(BigInteger value) => new Fp(Split(value)) * Shift;

    /// <summary>Reads 48 bytes, big-endian; false if the number is not below the prime.</summary>
    public static bool TryRead(ReadOnlySpan<byte> bytes, out Fp value)
    {
        var limbs = default(Limbs);
        for (var i = 0; i < LimbCount; i++)
        {
            limbs[i] = BinaryPrimitives.ReadUInt64BigEndian(bytes[(8 * (LimbCount - 1 - i))..]);
        }

        var rest = default(Limbs);
        var isBelow = Subtract(limbs, Modulus, ref rest);
        value = isBelow ? new Fp(limbs) * Shift : default;
        return isBelow;
    }

    /// <inheritdoc/>
    public Fp Square() => this * this;

    /// <summary>The number to a power.</summary>
    public Fp Power(BigInteger exponent)
    {
        var result = One;
        for (var bit = (int)exponent.GetBitLength() - 1; bit >= 0; bit--)
        {
            result = result.Square();
            if (!((exponent >> bit) & 1).IsZero)
            {
                result *= this;
            }
        }

        return result;
    }

    /// <summary>One divided by the number; zero for zero.</summary>
    public Fp Invert() => Power(Prime - 2);

    /// <summary>A number whose square this is; false if there is none. The prime is 3 modulo 4.</summary>
    public bool TrySquareRoot(out Fp root)
    {
        root = Power(HalfOfNext);
        return root.Square().Equals(this);
    }

    /// <inheritdoc/>
    public bool Equals(Fp other) => ((ReadOnlySpan<ulong>)_limbs).SequenceEqual(other._limbs);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => obj is Fp other && Equals(other);

    /// <inheritdoc/>
    public override int GetHashCode() => _limbs[0].GetHashCode();

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong AddTo(ulong left, ulong right, ref ulong carry)
    {
        var sum = left + right;
        var overflow = sum < left ? 1UL : 0;
        sum += carry;
        carry = overflow | (sum < carry ? 1UL : 0);
        return sum;
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static ulong MultiplyAdd(ulong left, ulong right, ulong term, ref ulong carry)
    {
        var high = Math.BigMul(left, right, out var low);
        low += term;
        high += low < term ? 1UL : 0;
        low += carry;
        high += low < carry ? 1UL : 0;
        carry = high;
        return low;
    }

    // The difference modulo 2^384, and whether it is negative.
    private static bool Subtract(in Limbs left, in Limbs right, ref Limbs difference)
    {
        ulong borrow = 0;
        for (var i = 0; i < LimbCount; i++)
        {
            var first = left[i] - right[i];
            var second = first - borrow;
            borrow = (left[i] < right[i] ? 1UL : 0) | (first < borrow ? 1UL : 0);
            difference[i] = second;
        }

        return borrow != 0;
    }

    private static Limbs Reduce(in Limbs value)
    {
        var rest = default(Limbs);
        return Subtract(value, Modulus, ref rest) ? value : rest;
    }

    private static Limbs Split(BigInteger value)
    {
        var limbs = default(Limbs);
        for (var i = 0; i < LimbCount; i++)
        {
            limbs[i] = (ulong)((value >> (64 * i)) & ulong.MaxValue);
        }

        return limbs;
    }

    // Lowest first.
    [InlineArray(LimbCount)]
    private struct Limbs
    {
        private ulong _first;
    }
}
