using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Rpc.Protocol;

/// <summary>Amounts, hashes, bytes and real numbers on a writer, in the form Dash Core gives them.</summary>
public static class JsonAmounts
{
    private const int MaxHexOnStack = 512;

    /// <summary>DASH with exactly 8 decimals, as a number.</summary>
    public static void WriteAmountValue(this Utf8JsonWriter writer, Amount amount)
    {
        // "-92233720368.54775808" is the longest.
        Span<byte> digits = stackalloc byte[24];
        var duffs = amount.Duffs < 0 ? (ulong)-(amount.Duffs + 1) + 1 : (ulong)amount.Duffs;
        var (whole, rest) = Math.DivRem(duffs, (ulong)Amount.DuffsPerDash);
        var length = 0;
        if (amount.Duffs < 0)
        {
            digits[length++] = (byte)'-';
        }

        _ = whole.TryFormat(digits[length..], out var written, default, CultureInfo.InvariantCulture);
        length += written;
        digits[length++] = (byte)'.';
        _ = rest.TryFormat(digits[length..], out written, "D8", CultureInfo.InvariantCulture);
        writer.WriteRawValue(digits[..(length + written)], skipInputValidation: true);
    }

    /// <summary>DASH with exactly 8 decimals, as a number.</summary>
    public static void WriteAmount(this Utf8JsonWriter writer, string name, Amount amount)
    {
        writer.WritePropertyName(name);
        writer.WriteAmountValue(amount);
    }

    /// <summary>A fee rate in DASH per 1,000 bytes, with exactly 8 decimals.</summary>
    public static void WriteFeeRate(this Utf8JsonWriter writer, string name, FeeRate rate) =>
        writer.WriteAmount(name, new Amount(rate.DuffsPerKb));

    /// <summary>A hash in display order.</summary>
    public static void WriteHashValue(this Utf8JsonWriter writer, Uint256 hash) =>
        writer.WriteHashValue(hash, stackalloc byte[(Uint256.Size * 2) + 2]);

    /// <summary>A hash in display order.</summary>
    public static void WriteHash(this Utf8JsonWriter writer, string name, Uint256 hash)
    {
        writer.WritePropertyName(name);
        writer.WriteHashValue(hash);
    }

    /// <summary>A transaction id in display order.</summary>
    public static void WriteHash(this Utf8JsonWriter writer, string name, Txid txid) =>
        writer.WriteHash(name, txid.Value);

    /// <summary>A block hash in display order.</summary>
    public static void WriteHash(this Utf8JsonWriter writer, string name, BlockHash hash) =>
        writer.WriteHash(name, hash.Value);

    /// <summary>A hash of 20 bytes, in the order of its bytes.</summary>
    public static void WriteHash(this Utf8JsonWriter writer, string name, Hash160 hash) =>
        writer.WriteString(name, hash.ToString());

    /// <summary>Bytes in lower-case hex.</summary>
    public static void WriteHexValue(this Utf8JsonWriter writer, ReadOnlySpan<byte> bytes)
    {
        if (bytes.Length * 2 > MaxHexOnStack)
        {
            writer.WriteStringValue(Convert.ToHexStringLower(bytes));
            return;
        }

        Span<byte> digits = stackalloc byte[MaxHexOnStack];
        _ = Convert.TryToHexStringLower(bytes, digits, out var written);
        writer.WriteStringValue(digits[..written]);
    }

    /// <summary>Bytes in lower-case hex.</summary>
    public static void WriteHex(this Utf8JsonWriter writer, string name, ReadOnlySpan<byte> bytes)
    {
        writer.WritePropertyName(name);
        writer.WriteHexValue(bytes);
    }

    /// <summary>A real number with up to 16 significant digits and no more than it needs: difficulty, progress.</summary>
    public static void WriteRealValue(this Utf8JsonWriter writer, double value)
    {
        var digits = value.ToString("G16", CultureInfo.InvariantCulture).Replace('E', 'e');
        writer.WriteRawValue(Encoding.ASCII.GetBytes(digits), skipInputValidation: true);
    }

    /// <summary>A real number with up to 16 significant digits and no more than it needs: difficulty, progress.</summary>
    public static void WriteReal(this Utf8JsonWriter writer, string name, double value)
    {
        writer.WritePropertyName(name);
        writer.WriteRealValue(value);
    }

    /// <summary>A point in time as whole seconds since 1970.</summary>
    public static void WriteTime(this Utf8JsonWriter writer, string name, DateTimeOffset time) =>
        writer.WriteNumber(name, time.ToUnixTimeSeconds());

    /// <summary>Texts as an array.</summary>
    public static void WriteStrings(this Utf8JsonWriter writer, string name, IEnumerable<string> texts)
    {
        writer.WriteStartArray(name);
        foreach (var text in texts)
        {
            writer.WriteStringValue(text);
        }

        writer.WriteEndArray();
    }

    // Hex has nothing to escape, so it goes out as it is, with its quotes.
    private static void WriteHashValue(this Utf8JsonWriter writer, Uint256 hash, Span<byte> quoted)
    {
        Span<byte> bytes = stackalloc byte[Uint256.Size];
        hash.CopyTo(bytes);
        bytes.Reverse();
        quoted[0] = quoted[^1] = (byte)'"';
        _ = Convert.TryToHexStringLower(bytes, quoted[1..^1], out _);
        writer.WriteRawValue(quoted, skipInputValidation: true);
    }
}
