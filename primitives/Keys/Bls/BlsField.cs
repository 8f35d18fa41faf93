using System.Numerics;

namespace Dash.Primitives.Keys.Bls;

/// <summary>The field of BLS12-381 as far as telling points from other numbers needs it.</summary>
internal static class BlsField
{
    /// <summary>Bytes of a field element.</summary>
    public const int Size = 48;

    private static readonly BigInteger Prime = Parse(
        "1a0111ea397fe69a4b1ba7b6434bacd764774b84f38512bf6730d2a0f6b0f6241eabfffeb153ffffb9feffffffffaaab");

    // The number of points in the subgroup keys and signatures are of.
    private static readonly BigInteger Order = Parse("73eda753299d7d483339d80809a1d80553bda402fffe5bfeffffffff00000001");

    /// <summary>Whether 48 big-endian bytes are a number below the prime.</summary>
    public static bool IsElement(ReadOnlySpan<byte> bytes) => Read(bytes) < Prime;

    /// <summary>Whether 32 big-endian bytes are a secret key: not zero and below the order.</summary>
    public static bool IsScalar(ReadOnlySpan<byte> bytes) => Read(bytes) is { IsZero: false } number && number < Order;

    /// <summary>Whether a point of the first curve, y² = x³ + 4, has this x.</summary>
    public static bool IsOnFirstCurve(ReadOnlySpan<byte> x)
    {
        var number = Read(x);
        return number < Prime && IsSquare(((number * number * number) + 4) % Prime);
    }

    /// <summary>Whether a point of the second curve, y² = x³ + 4 (1 + u) with u² = -1, has this x = c0 + c1 u.</summary>
    public static bool IsOnSecondCurve(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second)
    {
        var c0 = Read(first);
        var c1 = Read(second);
        if (c0 >= Prime || c1 >= Prime)
        {
            return false;
        }

        // (c0 + c1 u)³ = c0³ - 3 c0 c1² + (3 c0² c1 - c1³) u
        var real = (c0 * c0 * c0) - (3 * c0 * c1 * c1) + 4;
        var imaginary = (3 * c0 * c0 * c1) - (c1 * c1 * c1) + 4;

        // An element of the extension is a square when its norm is one.
        return IsSquare(((real * real) + (imaginary * imaginary)) % Prime);
    }

    // The Jacobi symbol by quadratic reciprocity, which for a prime tells squares; zero is one.
    private static bool IsSquare(BigInteger value)
    {
        if (value.IsZero)
        {
            return true;
        }

        var top = value;
        var bottom = Prime;
        var isPositive = true;
        while (true)
        {
            var twos = (int)BigInteger.TrailingZeroCount(top);
            top >>= twos;

            // (2 / n) is -1 for n = 3 or 5 modulo 8.
            if ((twos & 1) != 0 && (int)(bottom & 7) is 3 or 5)
            {
                isPositive = !isPositive;
            }

            if (top.IsOne)
            {
                return isPositive;
            }

            if ((int)(top & 3) == 3 && (int)(bottom & 3) == 3)
            {
                isPositive = !isPositive;
            }

            (top, bottom) = (bottom % top, top);
        }
    }

    private static BigInteger Read(ReadOnlySpan<byte> bytes) => new(bytes, isUnsigned: true, isBigEndian: true);

    private static BigInteger Parse(string hex) => Read(Convert.FromHexString(hex));
}
