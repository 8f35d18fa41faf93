using Dash.Primitives.Hashing;

namespace Dash.Primitives.Blocks;

/// <summary>The X11 hash that names a block; <c>default</c> is the null hash a genesis block follows.</summary>
public readonly record struct BlockHash(Uint256 Value) : IComparable<BlockHash>
{
    /// <summary>From 32 bytes in wire order.</summary>
    public BlockHash(ReadOnlySpan<byte> bytes)
        : this(new Uint256(bytes))
    {
    }

    /// <summary>Whether it is the null hash.</summary>
    public bool IsNull => Value.IsZero;

    /// <summary>Reads 64 hex digits in display order; throws <see cref="FormatException"/>.</summary>
    public static BlockHash Parse(string text) =>
        TryParse(text, out var hash) ? hash : throw new FormatException("Not a block hash: " + text);

    /// <summary>Reads 64 hex digits in display order.</summary>
    public static bool TryParse(ReadOnlySpan<char> text, out BlockHash hash)
    {
        var ok = Uint256.TryParse(text, out var value);
        hash = new BlockHash(value);
        return ok;
    }

    /// <inheritdoc/>
    public int CompareTo(BlockHash other) => Value.CompareTo(other.Value);

    /// <summary>Less than, as a number.</summary>
    public static bool operator <(BlockHash left, BlockHash right) => left.CompareTo(right) < 0;

    /// <summary>Greater than, as a number.</summary>
    public static bool operator >(BlockHash left, BlockHash right) => left.CompareTo(right) > 0;

    /// <summary>Less than or equal, as a number.</summary>
    public static bool operator <=(BlockHash left, BlockHash right) => left.CompareTo(right) <= 0;

    /// <summary>Greater than or equal, as a number.</summary>
    public static bool operator >=(BlockHash left, BlockHash right) => left.CompareTo(right) >= 0;

    /// <summary>64 hex digits in display order (bytes reversed).</summary>
    public override string ToString() => Value.ToString();
}
