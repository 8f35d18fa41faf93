using Dash.Primitives.Hashing;

namespace Dash.Primitives.Transactions;

/// <summary>The hash that names a transaction; <c>default</c> is the null txid a coinbase spends.</summary>
public readonly record struct Txid(Uint256 Value) : IComparable<Txid>
{
    /// <summary>From 32 bytes in wire order.</summary>
    public Txid(ReadOnlySpan<byte> bytes)
        : this(new Uint256(bytes))
    {
    }

    /// <summary>Whether it is the null txid.</summary>
    public bool IsNull => Value.IsZero;

    /// <summary>Reads 64 hex digits in display order; throws <see cref="FormatException"/>.</summary>
    public static Txid Parse(string text) =>
        TryParse(text, out var txid) ? txid : throw new FormatException("Not a txid: " + text);

    /// <summary>Reads 64 hex digits in display order.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out Txid txid)
    {
        var ok = Uint256.TryParse(text, out var value);
        txid = new Txid(value);
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(Txid other) => Value.CompareTo(other.Value);

    /// <summary>Less than, as a number.</summary>
    public static bool operator <(Txid left, Txid right) => left.CompareTo(right) < 0;

    /// <summary>Greater than, as a number.</summary>
    public static bool operator >(Txid left, Txid right) => left.CompareTo(right) > 0;

    /// <summary>Less than or equal, as a number.</summary>
    public static bool operator <=(Txid left, Txid right) => left.CompareTo(right) <= 0;

    /// <summary>Greater than or equal, as a number.</summary>
    public static bool operator >=(Txid left, Txid right) => left.CompareTo(right) >= 0;

    /// <summary>64 hex digits in display order (bytes reversed).</summary>
    public override string ToString() => Value.ToString();
}
