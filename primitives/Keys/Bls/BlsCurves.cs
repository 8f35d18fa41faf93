using System.Numerics;

namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// Both curves of BLS12-381: which x have a point, and whether that is in the group of prime order keys and signatures
/// are of. The sign of y makes no difference to either.
/// </summary>
internal static class BlsCurves
{
    // The curves' parameter is minus this.
    private const ulong Parameter = 0xd201000000010000;

    private const string BetaHex = "5f19672fdf76ce51ba69c6076a0f77eaddb3a93be6f89688de17d813620a00022e01fffffffefffe";

    private static readonly Fp FirstTerm = Fp.From(4);
    private static readonly Fp2 SecondTerm = new(FirstTerm, FirstTerm);

    // (x, y) → (βx, y) is a multiplication by minus the parameter's square on the points of the right order.
    private static readonly Fp Beta = Fp.From(new BigInteger(
        Convert.FromHexString(BetaHex), isUnsigned: true, isBigEndian: true));

    // Frobenius on the twist: conjugate, times these powers of 1 + u. On the right order it multiplies by the parameter.
    private static readonly Fp2 FrobeniusX = new Fp2(Fp.One, Fp.One).Power((Fp.Prime - 1) / 3).Invert();
    private static readonly Fp2 FrobeniusY = new Fp2(Fp.One, Fp.One).Power((Fp.Prime - 1) / 2).Invert();

    /// <summary>Whether a point of the first curve, y² = x³ + 4, has this x.</summary>
    public static bool IsOnFirst(ReadOnlySpan<byte> x) => TryFindFirst(x, out _);

    /// <summary>Whether a point of the second curve, y² = x³ + 4 (1 + u), has this x = c0 + c1 u.</summary>
    public static bool IsOnSecond(ReadOnlySpan<byte> c0, ReadOnlySpan<byte> c1) => TryFindSecond(c0, c1, out _);

    /// <summary>Whether the points of the first curve with this x have the right order.</summary>
    public static bool IsInFirstGroup(ReadOnlySpan<byte> x)
    {
        if (!TryFindFirst(x, out var point))
        {
            return false;
        }

        var multiple = point.Times(Parameter).Times(Parameter);
        return multiple.IsAt(point.X * Beta, -point.Y);
    }

    /// <summary>Whether the points of the second curve with this x = c0 + c1 u have the right order.</summary>
    public static bool IsInSecondGroup(ReadOnlySpan<byte> c0, ReadOnlySpan<byte> c1)
    {
        if (!TryFindSecond(c0, c1, out var point))
        {
            return false;
        }

        var multiple = point.Times(Parameter);
        return multiple.IsAt(point.X.Conjugate * FrobeniusX, default(Fp2) - (point.Y.Conjugate * FrobeniusY));
    }

    private static bool TryFindFirst(ReadOnlySpan<byte> bytes, out CurvePoint<Fp> point)
    {
        point = default;
        if (!Fp.TryRead(bytes, out var x) || !((x.Square() * x) + FirstTerm).TrySquareRoot(out var y))
        {
            return false;
        }

        point = new CurvePoint<Fp>(x, y);
        return true;
    }

    private static bool TryFindSecond(ReadOnlySpan<byte> first, ReadOnlySpan<byte> second, out CurvePoint<Fp2> point)
    {
        point = default;
        if (!Fp.TryRead(first, out var c0) || !Fp.TryRead(second, out var c1))
        {
            return false;
        }

        var x = new Fp2(c0, c1);
        if (!((x.Square() * x) + SecondTerm).TrySquareRoot(out var y))
        {
            return false;
        }

        point = new CurvePoint<Fp2>(x, y);
        return true;
    }
}
