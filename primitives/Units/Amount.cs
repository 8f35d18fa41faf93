using System.Globalization;

namespace Dash.Primitives.Units;

/// <summary>An amount of money in duffs (10^-8 DASH). Arithmetic is checked; nothing converts implicitly.</summary>
public readonly record struct Amount(long Duffs) : IComparable<Amount>
{
    /// <summary>Duffs in one DASH.</summary>
    public const long DuffsPerDash = 100_000_000;

    /// <summary>Decimals of the text form.</summary>
    public const int Decimals = 8;

    // Core: ParseFixedPoint holds at most 18 decimal digits.
    private const long UpperBound = 1_000_000_000_000_000_000L - 1;

    /// <summary>Nothing.</summary>
    public static readonly Amount Zero;

    /// <summary>One DASH.</summary>
    public static readonly Amount OneDash = new(DuffsPerDash);

    /// <summary>No valid amount is larger: 21 million DASH.</summary>
    public static readonly Amount MaxMoney = new(21_000_000 * DuffsPerDash);

    /// <summary>Between zero and <see cref="MaxMoney"/>, both inclusive.</summary>
    public bool IsInRange => Duffs >= 0 && Duffs <= MaxMoney.Duffs;

    /// <summary>Whether it is exactly nothing.</summary>
    public bool IsZero => Duffs == 0;

    /// <summary>The size without the sign.</summary>
    public Amount Abs() => new(Math.Abs(Duffs));

    /// <summary>Whole DASH as an amount.</summary>
    public static Amount FromDash(long dash) => new(checked(dash * DuffsPerDash));

    /// <summary>The smaller of two.</summary>
    public static Amount Min(Amount left, Amount right) => left.Duffs <= right.Duffs ? left : right;

    /// <summary>The larger of two.</summary>
    public static Amount Max(Amount left, Amount right) => left.Duffs >= right.Duffs ? left : right;

    /// <summary>The checked sum.</summary>
    public static Amount operator +(Amount left, Amount right) => new(checked(left.Duffs + right.Duffs));

    /// <summary>The checked difference.</summary>
    public static Amount operator -(Amount left, Amount right) => new(checked(left.Duffs - right.Duffs));

    /// <summary>The amount with the other sign.</summary>
    public static Amount operator -(Amount value) => new(checked(-value.Duffs));

    /// <summary>The checked product.</summary>
    public static Amount operator *(Amount value, long factor) => new(checked(value.Duffs * factor));

    /// <summary>The checked product.</summary>
    public static Amount operator *(long factor, Amount value) => value * factor;

    /// <summary>The quotient, rounded towards zero.</summary>
    public static Amount operator /(Amount value, long divisor) => new(value.Duffs / divisor);

    /// <summary>Less than.</summary>
    public static bool operator <(Amount left, Amount right) => left.Duffs < right.Duffs;

    /// <summary>Greater than.</summary>
    public static bool operator >(Amount left, Amount right) => left.Duffs > right.Duffs;

    /// <summary>Less than or equal.</summary>
    public static bool operator <=(Amount left, Amount right) => left.Duffs <= right.Duffs;

    /// <summary>Greater than or equal.</summary>
    public static bool operator >=(Amount left, Amount right) => left.Duffs >= right.Duffs;

    /// <summary>The sum of two, as <c>+</c>.</summary>
    public static Amount Add(Amount left, Amount right) => left + right;

    /// <summary>The difference of two, as <c>-</c>.</summary>
    public static Amount Subtract(Amount left, Amount right) => left - right;

    /// <summary>The product, as <c>*</c>.</summary>
    public static Amount Multiply(Amount value, long factor) => value * factor;

    /// <summary>The quotient, as <c>/</c>.</summary>
    public static Amount Divide(Amount value, long divisor) => value / divisor;

    /// <summary>The amount with the other sign, as unary <c>-</c>.</summary>
    public static Amount Negate(Amount value) => -value;

    /// <inheritdoc/>
    public int CompareTo(Amount other) => Duffs.CompareTo(other.Duffs);

    /// <summary>DASH with eight decimals, <c>1.00000000</c>, as RPC replies write it.</summary>
    public override string ToString()
    {
        var size = Duffs < 0 ? (ulong)-(Duffs + 1) + 1 : (ulong)Duffs;
        return string.Create(
            CultureInfo.InvariantCulture, $"{(Duffs < 0 ? "-" : "")}{size / DuffsPerDash}.{size % DuffsPerDash:D8}");
    }

    /// <summary>
    /// Reads DASH as a JSON number is written (<c>-0.5</c>, <c>1e-3</c>) with at most eight significant decimals.
    /// The range is that of 18 digits, not that of money: look at <see cref="IsInRange"/>.
    /// </summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Amount amount)
    {
        var ok = TryParseFixedPoint(text, Decimals, out var duffs);
        amount = new Amount(duffs);
        return ok;
    }

    /// <summary>
    /// Reads an amount as options have it (Core: ParseMoney): digits and at most eight more behind a point, either of which may be
    /// missing; spaces around it, no sign, no exponent, and not more than there can be.
    /// </summary>
    public static bool TryParseMoney(ReadOnlySpan<char> text, out Amount amount)
    {
        text = text.Trim(" \f\n\r\t\v");
        var point = text.IndexOf('.');
        var whole = point < 0 ? text : text[..point];
        var part = point < 0 ? default : text[(point + 1)..];
        amount = Zero;
        if (text.IsEmpty || whole.Length > 10 || part.Length > Decimals
            || whole.ContainsAnyExceptInRange('0', '9') || part.ContainsAnyExceptInRange('0', '9'))
        {
            return false;
        }

        var duffs = 0L;
        foreach (var digit in whole)
        {
            duffs = (duffs * 10) + (digit - '0');
        }

        for (var i = 0; i < Decimals; i++)
        {
            duffs = (duffs * 10) + (i < part.Length ? part[i] - '0' : 0);
        }

        amount = new Amount(duffs);
        return amount.IsInRange;
    }

    /// <summary>
    /// Reads a decimal number as an integer count of 10^-<paramref name="decimals"/>, exactly or not at all.
    /// </summary>
    public static bool TryParseFixedPoint(ReadOnlySpan<char> text, int decimals, out long value)
    {
        value = 0;
        var at = 0;
        var isNegative = at < text.Length && text[at] == '-';
        if (isNegative)
        {
            at++;
        }

        // Digits are gathered without the zeros that follow them; those count into the exponent.
        var mantissa = 0L;
        var trailingZeros = 0;
        if (at < text.Length && text[at] == '0')
        {
            at++; // JSON has no leading zeros: what follows can't be a digit
        }
        else
        {
            var whole = at;
            if (!TryTakeDigits(text, ref at, ref mantissa, ref trailingZeros) || at == whole)
            {
                return false;
            }
        }

        var decimalDigits = 0;
        if (at < text.Length && text[at] == '.')
        {
            var start = ++at;
            if (!TryTakeDigits(text, ref at, ref mantissa, ref trailingZeros) || at == start)
            {
                return false;
            }

            decimalDigits = at - start;
        }

        var exponent = 0L;
        if (at < text.Length && text[at] is 'e' or 'E')
        {
            if (!TryTakeExponent(text, ref at, out exponent))
            {
                return false;
            }
        }

        if (at != text.Length)
        {
            return false;
        }

        exponent = exponent - decimalDigits + trailingZeros + decimals;
        if (exponent is < 0 or >= 18)
        {
            return false;
        }

        for (; exponent > 0; exponent--)
        {
            if (mantissa > UpperBound / 10)
            {
                return false;
            }

            mantissa *= 10;
        }

        value = isNegative ? -mantissa : mantissa;
        return true;
    }

    private static bool TryTakeDigits(ReadOnlySpan<char> text, ref int at, ref long mantissa, ref int trailingZeros)
    {
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            if (text[at] == '0')
            {
                trailingZeros++;
                continue;
            }

            for (; trailingZeros >= 0; trailingZeros--)
            {
                if (mantissa > UpperBound / 10)
                {
                    return false;
                }

                mantissa *= 10;
            }

            mantissa += text[at] - '0';
            trailingZeros = 0;
        }

        return true;
    }

    private static bool TryTakeExponent(ReadOnlySpan<char> text, ref int at, out long exponent)
    {
        exponent = 0;
        at++;
        var isNegative = at < text.Length && text[at] == '-';
        if (at < text.Length && text[at] is '-' or '+')
        {
            at++;
        }

        var start = at;
        for (; at < text.Length && char.IsAsciiDigit(text[at]); at++)
        {
            if (exponent > UpperBound / 10)
            {
                return false;
            }

            exponent = (exponent * 10) + (text[at] - '0');
        }

        exponent = isNegative ? -exponent : exponent;
        return at > start;
    }
}
