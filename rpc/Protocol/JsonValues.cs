using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Units;

namespace Dash.Rpc.Protocol;

/// <summary>
/// Strict reading of JSON arguments. Each method throws <see cref="RpcError"/> with Dash Core's code and text when the
/// value does not fit; a missing value (<c>default</c>) reads as JSON null.
/// </summary>
public static class JsonValues
{
    /// <summary>Core's word for the type of a value: null, bool, object, array, string, number.</summary>
    public static string TypeName(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True or JsonValueKind.False => "bool",
        JsonValueKind.Object => "object",
        JsonValueKind.Array => "array",
        JsonValueKind.String => "string",
        JsonValueKind.Number => "number",
        _ => "null",
    };

    /// <summary>True for a missing value and for JSON null: both mean "not given".</summary>
    public static bool IsAbsent(this JsonElement value) =>
        value.ValueKind is JsonValueKind.Undefined or JsonValueKind.Null;

    /// <summary>The error for a value of the wrong type.</summary>
    public static RpcError TypeError(JsonElement value, string expected) =>
        new(RpcErrorCode.Type, $"JSON value of type {TypeName(value)} is not of expected type {expected}");

    /// <summary>The text of a string.</summary>
    public static string AsStr(this JsonElement value) =>
        value.ValueKind == JsonValueKind.String ? value.GetString() ?? "" : throw TypeError(value, "string");

    /// <summary>A JSON true or false; a number or a text is refused.</summary>
    public static bool AsBool(this JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw TypeError(value, "bool"),
    };

    /// <summary>A boolean as the methods of Dash's own read it: the error names the argument and has code -8.</summary>
    public static bool AsNamedBool(this JsonElement value, string name) => value.ValueKind switch
    {
        JsonValueKind.True => true,
        JsonValueKind.False => false,
        _ => throw new RpcError(
            RpcErrorCode.InvalidParameter,
            $"{name} must be a JSON boolean. Pass -deprecatedrpc=permissive_bool to allow legacy boolean parsing."),
    };

    /// <summary>A whole number of 32 bits, written without fraction and exponent.</summary>
    public static int AsInt(this JsonElement value) =>
        int.TryParse(Digits(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw OutOfRange();

    /// <summary>A whole number of 64 bits, written without fraction and exponent.</summary>
    public static long AsLong(this JsonElement value) =>
        long.TryParse(Digits(value), NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw OutOfRange();

    /// <summary>A whole number of 32 bits, not negative.</summary>
    public static uint AsUInt(this JsonElement value) =>
        uint.TryParse(Digits(value), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : throw OutOfRange();

    /// <summary>Any number. For thresholds and rates; never for amounts.</summary>
    public static double AsReal(this JsonElement value) =>
        double.TryParse(Digits(value), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) &&
        double.IsFinite(number)
            ? number
            : throw new RpcError(RpcErrorCode.Misc, "JSON double out of range");

    /// <summary>An amount in DASH, as number or text with up to 8 decimals, between 0 and all there can be.</summary>
    public static Amount AsAmount(this JsonElement value) => value.AsFixedPoint(Amount.Decimals);

    /// <summary>
    /// A number or text with up to <paramref name="decimals"/> decimals, as a count of the last decimal. Fee rates in
    /// duffs per byte have 3, so the result is duffs per 1,000 bytes.
    /// </summary>
    public static Amount AsFixedPoint(this JsonElement value, int decimals) =>
        Amount.TryParseFixedPoint(AmountDigits(value), decimals, out var units)
            ? InRange(new Amount(units))
            : throw new RpcError(RpcErrorCode.Type, "Invalid amount");

    /// <summary>Bytes in hex; an empty text is refused. <paramref name="name"/> stands in the error.</summary>
    public static byte[] AsHex(this JsonElement value, string name)
    {
        var text = value.ValueKind == JsonValueKind.String ? value.AsStr() : "";
        return text.Length > 0 && Hex.TryDecode(text, out var bytes)
            ? bytes
            : throw new RpcError(
                RpcErrorCode.InvalidParameter, $"{name} must be hexadecimal string (not '{text}')");
    }

    /// <summary>A hash in display order, 64 hex digits. <paramref name="name"/> stands in the error.</summary>
    public static Uint256 AsHash(this JsonElement value, string name)
    {
        var text = value.AsStr();
        if (System.Text.Encoding.UTF8.GetByteCount(text) is var length and not 64)
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter, $"{name} must be of length 64 (not {length}, for '{text}')");
        }

        return Uint256.TryParse(text, out var hash)
            ? hash
            : throw new RpcError(
                RpcErrorCode.InvalidParameter, $"{name} must be hexadecimal string (not '{text}')");
    }

    /// <summary>The value itself, if it is an array.</summary>
    public static JsonElement AsArray(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Array ? value : throw TypeError(value, "array");

    /// <summary>The value itself, if it is an object.</summary>
    public static JsonElement AsObject(this JsonElement value) =>
        value.ValueKind == JsonValueKind.Object ? value : throw TypeError(value, "object");

    /// <summary>The first member of that name; <c>default</c> if there is none or the value is no object.</summary>
    public static JsonElement Find(this JsonElement value, string name)
    {
        if (value.ValueKind == JsonValueKind.Object)
        {
            foreach (var property in value.EnumerateObject())
            {
                if (property.NameEquals(name))
                {
                    return property.Value;
                }
            }
        }

        return default;
    }

    /// <summary>First and last index of a descriptor range: a number, or two in an array.</summary>
    public static (long First, long Last) AsRange(this JsonElement value)
    {
        var (first, last) = value.ValueKind switch
        {
            JsonValueKind.Number => (0, value.AsLong()),
            JsonValueKind.Array when value.GetArrayLength() == 2 && value[0].ValueKind == JsonValueKind.Number &&
                value[1].ValueKind == JsonValueKind.Number => (value[0].AsLong(), value[1].AsLong()),
            _ => throw Refused("Range must be specified as end or as [begin,end]"),
        };
        return (first, last) switch
        {
            _ when first > last && value.ValueKind == JsonValueKind.Array =>
                throw Refused("Range specified as [begin,end] must not have begin after end"),
            ( < 0, _) => throw Refused("Range should be greater or equal than 0"),
            (_, < 0 or > int.MaxValue) => throw Refused("End of range is too high"),
            _ when last >= first + 1_000_000 => throw Refused("Range is too large"),
            _ => (first, last),
        };

        static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
    }

    private static ReadOnlySpan<byte> Digits(JsonElement value) =>
        value.ValueKind == JsonValueKind.Number
            ? JsonMarshal.GetRawUtf8Value(value)
            : throw TypeError(value, "number");

    private static string? AmountDigits(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.String => value.GetString(),
        _ => throw new RpcError(RpcErrorCode.Type, "Amount is not a number or string"),
    };

    private static Amount InRange(Amount amount) =>
        amount.IsInRange ? amount : throw new RpcError(RpcErrorCode.Type, "Amount out of range");

    private static RpcError OutOfRange() => new(RpcErrorCode.Misc, "JSON integer out of range");
}
