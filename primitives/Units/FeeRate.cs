using System.Globalization;

namespace Dash.Primitives.Units;

/// <summary>A price for space: duffs per 1,000 bytes.</summary>
public readonly record struct FeeRate(long DuffsPerKb) : IComparable<FeeRate>
{
    /// <summary>For free.</summary>
    public static readonly FeeRate Zero;

    /// <summary>The rate that <paramref name="fee"/> paid for <paramref name="bytes"/>, rounded towards zero.</summary>
    public static FeeRate Of(Amount fee, int bytes) => new(bytes > 0 ? checked(fee.Duffs * 1000) / bytes : 0);

    /// <summary>Whether it is exactly zero.</summary>
    public bool IsZero => DuffsPerKb == 0;

    /// <summary>
    /// The fee of <paramref name="bytes"/>, rounded up: never nothing for something at a rate that is not zero.
    /// </summary>
    public Amount GetFee(int bytes)
    {
        var product = checked(DuffsPerKb * bytes);
        var fee = product / 1000;
        if (product % 1000 > 0)
        {
            fee++;
        }

        if (fee == 0 && product < 0)
        {
            fee = -1;
        }

        return new Amount(fee);
    }

    /// <summary>The higher of two.</summary>
    public static FeeRate Max(FeeRate left, FeeRate right) => left.DuffsPerKb >= right.DuffsPerKb ? left : right;

    /// <summary>The lower of two.</summary>
    public static FeeRate Min(FeeRate left, FeeRate right) => left.DuffsPerKb <= right.DuffsPerKb ? left : right;

    /// <summary>Less than.</summary>
    public static bool operator <(FeeRate left, FeeRate right) => left.DuffsPerKb < right.DuffsPerKb;

    /// <summary>Greater than.</summary>
    public static bool operator >(FeeRate left, FeeRate right) => left.DuffsPerKb > right.DuffsPerKb;

    /// <summary>Less than or equal.</summary>
    public static bool operator <=(FeeRate left, FeeRate right) => left.DuffsPerKb <= right.DuffsPerKb;

    /// <summary>Greater than or equal.</summary>
    public static bool operator >=(FeeRate left, FeeRate right) => left.DuffsPerKb >= right.DuffsPerKb;

    /// <summary>The checked sum.</summary>
    public static FeeRate operator +(FeeRate left, FeeRate right) => new(checked(left.DuffsPerKb + right.DuffsPerKb));

    /// <summary>The sum of two, as <c>+</c>.</summary>
    public static FeeRate Add(FeeRate left, FeeRate right) => left + right;

    /// <inheritdoc/>
    public int CompareTo(FeeRate other) => DuffsPerKb.CompareTo(other.DuffsPerKb);

    /// <summary>As Core writes a rate in messages: <c>0.00001000 DASH/kB</c>.</summary>
    public override string ToString() =>
        string.Create(CultureInfo.InvariantCulture, $"{new Amount(DuffsPerKb)} DASH/kB");
}
