namespace Dash.Primitives.Keys.Bls;

/// <summary>
/// A point of y² = x³ + b in Jacobian coordinates: the affine one is (X / Z², Y / Z³); Z is zero for the point at
/// infinity.
/// </summary>
internal readonly record struct CurvePoint<T>(T X, T Y, T Z)
    where T : struct, IFieldElement<T>
{
    /// <summary>A point by its affine coordinates.</summary>
    public CurvePoint(T x, T y)
        : this(x, y, T.One)
    {
    }

    /// <summary>The point added to itself.</summary>
    public CurvePoint<T> Double()
    {
        var xx = X.Square();
        var yy = Y.Square();
        var yyyy = yy.Square();
        var cross = (X + yy).Square() - xx - yyyy;
        cross += cross;
        var slope = xx + xx + xx;
        var x = slope.Square() - cross - cross;
        var eight = yyyy + yyyy;
        eight += eight;
        eight += eight;
        var product = Y * Z;
        return new CurvePoint<T>(x, (slope * (cross - x)) - eight, product + product);
    }

    /// <summary>The sum with a point that is not at infinity.</summary>
    public CurvePoint<T> Add(in CurvePoint<T> other)
    {
        if (Z.IsZero)
        {
            return other;
        }

        var zz = Z.Square();
        var otherZz = other.Z.Square();
        var left = X * otherZz;
        var right = other.X * zz;
        var leftY = Y * otherZz * other.Z;
        var rightY = other.Y * zz * Z;
        var run = right - left;
        var rise = rightY - leftY;
        if (run.IsZero)
        {
            return rise.IsZero ? Double() : default;
        }

        var square = run.Square();
        var cube = square * run;
        var middle = left * square;
        var x = rise.Square() - cube - middle - middle;
        return new CurvePoint<T>(x, (rise * (middle - x)) - (leftY * cube), Z * other.Z * run);
    }

    /// <summary>The point a number of times, 1 or more.</summary>
    public CurvePoint<T> Times(ulong factor)
    {
        var result = this;
        for (var bit = 62 - System.Numerics.BitOperations.LeadingZeroCount(factor); bit >= 0; bit--)
        {
            result = result.Double();
            if (((factor >> bit) & 1) != 0)
            {
                result = result.Add(this);
            }
        }

        return result;
    }

    /// <summary>Whether it is the point of affine coordinates.</summary>
    public bool IsAt(in T x, in T y)
    {
        var square = Z.Square();
        return !Z.IsZero && (X - (x * square)).IsZero && (Y - (y * square * Z)).IsZero;
    }
}
