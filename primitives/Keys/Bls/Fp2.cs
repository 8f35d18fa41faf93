using System.Numerics;

namespace Dash.Primitives.Keys.Bls;

/// <summary>c0 + c1 u with u² = -1: the field of the second curve's coordinates.</summary>
internal readonly record struct Fp2(Fp C0, Fp C1) : IFieldElement<Fp2>
{
    private static readonly Fp Half = (Fp.One + Fp.One).Invert();

    /// <inheritdoc/>
    public static Fp2 One { get; } = new(Fp.One, default);

    /// <inheritdoc/>
    public bool IsZero => C0.IsZero && C1.IsZero;

    /// <summary>c0 - c1 u, which is also the number to the power of the prime.</summary>
    public Fp2 Conjugate => new(C0, -C1);

    /// <inheritdoc/>
    public static Fp2 operator +(in Fp2 left, in Fp2 right) => new(left.C0 + right.C0, left.C1 + right.C1);

    /// <inheritdoc/>
    public static Fp2 operator -(in Fp2 left, in Fp2 right) => new(left.C0 - right.C0, left.C1 - right.C1);

    /// <inheritdoc/>
    public static Fp2 operator *(in Fp2 left, in Fp2 right)
    {
        // Karatsuba's three products.
        var low = left.C0 * right.C0;
        var high = left.C1 * right.C1;
        return new Fp2(low - high, ((left.C0 + left.C1) * (right.C0 + right.C1)) - low - high);
    }

    /// <inheritdoc/>
    public Fp2 Square()
    {
        var product = C0 * C1;
        return new Fp2((C0 + C1) * (C0 - C1), product + product);
    }

    /// <summary>The number to a power.</summary>
    public Fp2 Power(BigInteger exponent)
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
    public Fp2 Invert()
    {
        var factor = (C0.Square() + C1.Square()).Invert();
        return new Fp2(C0 * factor, -(C1 * factor));
    }

    /// <summary>A number whose square this is; false if there is none.</summary>
    public bool TrySquareRoot(out Fp2 root)
    {
        root = default;

        // With a² - b² = c0 and 2 a b = c1, a² is (c0 ± the norm's root) / 2. An element is a square when its norm is one.
        if (!(C0.Square() + C1.Square()).TrySquareRoot(out var norm))
        {
            return false;
        }

        if (!((C0 + norm) * Half).TrySquareRoot(out var first) && !((C0 - norm) * Half).TrySquareRoot(out first))
        {
            return false;
        }

        if (!first.IsZero)
        {
            root = new Fp2(first, C1 * Half * first.Invert());
        }
        else if ((-C0).TrySquareRoot(out var second))
        {
            root = new Fp2(default, second);
        }

        return root.Square() == this;
    }
}
