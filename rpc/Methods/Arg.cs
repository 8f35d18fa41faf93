using System.Globalization;
using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Methods;

/// <summary>
/// Makes arguments. Three forms of each type: required, with a fallback, and optional (null when absent, with a text for
/// help that says what absence means). Names may be alternatives, <c>"a|b"</c>. For what is rare use <c>with</c>:
/// <c>Arg.OptionalInt("wait", "…") with { IsHidden = true }</c>.
/// </summary>
public static class Arg
{
    /// <summary>A required text.</summary>
    public static RpcArg<string> Str(string names, string description) =>
        new(names, ArgKind.Str, description, JsonValues.AsStr, "");

    /// <summary>A text with a fallback.</summary>
    public static RpcArg<string> Str(string names, string fallback, string description) =>
        new(names, ArgKind.Str, description, JsonValues.AsStr, fallback)
        {
            IsOptional = true,
            DefaultText = JsonText.Quote(fallback),
        };

    /// <summary>A text that may be absent.</summary>
    public static RpcArg<string?> OptionalStr(string names, string description, string? hint = null) =>
        new(names, ArgKind.Str, description, JsonValues.AsStr, null) { IsOptional = true, DefaultText = hint };

    /// <summary>A required boolean.</summary>
    public static RpcArg<bool> Bool(string names, string description) =>
        new(names, ArgKind.Bool, description, JsonValues.AsBool, false);

    /// <summary>A boolean with a fallback.</summary>
    public static RpcArg<bool> Bool(string names, bool fallback, string description) =>
        new(names, ArgKind.Bool, description, JsonValues.AsBool, fallback)
        {
            IsOptional = true,
            DefaultText = fallback ? "true" : "false",
        };

    /// <summary>A boolean that may be absent.</summary>
    public static RpcArg<bool?> OptionalBool(string names, string description, string? hint = null) =>
        new(names, ArgKind.Bool, description, value => value.AsBool(), null)
        {
            IsOptional = true,
            DefaultText = hint,
        };

    /// <summary>A boolean whose type error has code -8 and the argument's name, as in Dash's own methods.</summary>
    public static RpcArg<bool> NamedBool(string names, bool fallback, string description) =>
        new(names, ArgKind.Bool, description, value => value.AsNamedBool(names), fallback)
        {
            IsOptional = true,
            DefaultText = fallback ? "true" : "false",
        };

    /// <summary>A required whole number of 32 bits.</summary>
    public static RpcArg<int> Int(string names, string description) =>
        new(names, ArgKind.Num, description, JsonValues.AsInt, 0);

    /// <summary>A whole number of 32 bits with a fallback.</summary>
    public static RpcArg<int> Int(string names, int fallback, string description) =>
        new(names, ArgKind.Num, description, JsonValues.AsInt, fallback)
        {
            IsOptional = true,
            DefaultText = fallback.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>A whole number of 32 bits that may be absent.</summary>
    public static RpcArg<int?> OptionalInt(string names, string description, string? hint = null) =>
        new(names, ArgKind.Num, description, value => value.AsInt(), null) { IsOptional = true, DefaultText = hint };

    /// <summary>A required whole number of 64 bits.</summary>
    public static RpcArg<long> Long(string names, string description) =>
        new(names, ArgKind.Num, description, JsonValues.AsLong, 0);

    /// <summary>A whole number of 64 bits with a fallback.</summary>
    public static RpcArg<long> Long(string names, long fallback, string description) =>
        new(names, ArgKind.Num, description, JsonValues.AsLong, fallback)
        {
            IsOptional = true,
            DefaultText = fallback.ToString(CultureInfo.InvariantCulture),
        };

    /// <summary>A whole number of 64 bits that may be absent.</summary>
    public static RpcArg<long?> OptionalLong(string names, string description, string? hint = null) =>
        new(names, ArgKind.Num, description, value => value.AsLong(), null) { IsOptional = true, DefaultText = hint };

    /// <summary>A real number with a fallback.</summary>
    public static RpcArg<double> Real(string names, double fallback, string description) =>
        new(names, ArgKind.Num, description, JsonValues.AsReal, fallback)
        {
            IsOptional = true,
            DefaultText = fallback.ToString("G16", CultureInfo.InvariantCulture),
        };

    /// <summary>A required amount in DASH.</summary>
    public static RpcArg<Amount> Amount(string names, string description) =>
        new(names, ArgKind.Amount, description, JsonValues.AsAmount, default);

    /// <summary>An amount in DASH with a fallback.</summary>
    public static RpcArg<Amount> Amount(string names, Amount fallback, string description) =>
        new(names, ArgKind.Amount, description, JsonValues.AsAmount, fallback)
        {
            IsOptional = true,
            DefaultText = fallback.ToString(),
        };

    /// <summary>An amount in DASH that may be absent.</summary>
    public static RpcArg<Amount?> OptionalAmount(string names, string description, string? hint = null) =>
        new(names, ArgKind.Amount, description, value => value.AsAmount(), null)
        {
            IsOptional = true,
            DefaultText = hint,
        };

    /// <summary>A fee rate in duffs per byte, up to 3 decimals, that may be absent.</summary>
    public static RpcArg<FeeRate?> OptionalFeeRate(string names, string description, string? hint = null) =>
        new(names, ArgKind.Amount, description, value => new FeeRate(value.AsFixedPoint(3).Duffs), null)
        {
            IsOptional = true,
            DefaultText = hint,
        };

    /// <summary>Required bytes in hex, not empty; <paramref name="errorName"/> stands in the error (default: the name).</summary>
    public static RpcArg<byte[]> Hex(string names, string description, string? errorName = null) =>
        new(names, ArgKind.Hex, description, value => value.AsHex(errorName ?? names), []);

    /// <summary>Bytes in hex that may be absent.</summary>
    public static RpcArg<byte[]?> OptionalHex(
        string names, string description, string? hint = null, string? errorName = null) =>
        new(names, ArgKind.Hex, description, value => value.AsHex(errorName ?? names), null)
        {
            IsOptional = true,
            DefaultText = hint,
        };

    /// <summary>A required text that should be hex, read as it is: the handler has its own error for bad digits.</summary>
    public static RpcArg<string> HexText(string names, string description) =>
        new(names, ArgKind.Hex, description, JsonValues.AsStr, "");

    /// <summary>A required hash of 64 digits; <paramref name="errorName"/> stands in the error (default: the name).</summary>
    public static RpcArg<Uint256> Hash(string names, string description, string? errorName = null) =>
        new(names, ArgKind.Hex, description, value => value.AsHash(errorName ?? names), default);

    /// <summary>A hash of 64 digits that may be absent.</summary>
    public static RpcArg<Uint256?> OptionalHash(
        string names, string description, string? hint = null, string? errorName = null) =>
        new(names, ArgKind.Hex, description, value => value.AsHash(errorName ?? names), null)
        {
            IsOptional = true,
            DefaultText = hint,
        };

    /// <summary>A required transaction id.</summary>
    public static RpcArg<Txid> Txid(string names, string description, string? errorName = null) =>
        new(names, ArgKind.Hex, description, value => new Txid(value.AsHash(errorName ?? names)), default);

    /// <summary>A required block hash.</summary>
    public static RpcArg<BlockHash> BlockHash(string names, string description, string? errorName = null) =>
        new(names, ArgKind.Hex, description, value => new BlockHash(value.AsHash(errorName ?? names)), default);

    /// <summary>A block hash that may be absent.</summary>
    public static RpcArg<BlockHash?> OptionalBlockHash(
        string names, string description, string? hint = null, string? errorName = null) =>
        new(names, ArgKind.Hex, description, value => new BlockHash(value.AsHash(errorName ?? names)), null)
        {
            IsOptional = true,
            DefaultText = hint,
        };

    /// <summary>A descriptor's range that may be absent: an end, or <c>[begin,end]</c>.</summary>
    public static RpcArg<(long First, long Last)?> OptionalRange(
        string names, string description, string? hint = null) =>
        new(names, ArgKind.Range, description, value => value.AsRange(), null)
        {
            IsOptional = true,
            DefaultText = hint,
        };

    /// <summary>A required array of equal elements.</summary>
    public static RpcArg<IReadOnlyList<T>> Array<T>(string names, string description, RpcArg<T> element) =>
        new(names, ArgKind.Array, description, value => Elements(value, element), []) { Inner = [element] };

    /// <summary>An array of equal elements that may be absent; then it is null.</summary>
    public static RpcArg<IReadOnlyList<T>?> OptionalArray<T>(
        string names, string description, RpcArg<T> element, string? hint = null) =>
        new(names, ArgKind.Array, description, value => Elements(value, element), null)
        {
            IsOptional = true,
            DefaultText = hint,
            Inner = [element],
        };

    /// <summary>A required object with the given members and no others.</summary>
    public static RpcArg<RpcObject> Object(string names, string description, params RpcArg[] fields) =>
        new(names, ArgKind.Object, description, value => RpcObject.Read(value, fields), null!) { Inner = fields };

    /// <summary>An object with the given members and no others, that may be absent.</summary>
    public static RpcArg<RpcObject?> OptionalObject(string names, string description, params RpcArg[] fields) =>
        new(names, ArgKind.Object, description, value => RpcObject.Read(value, fields), null)
        {
            IsOptional = true,
            Inner = fields,
        };

    /// <summary>A required object whose member names the caller chooses; <paramref name="member"/> is the picture of one.</summary>
    public static RpcArg<JsonElement> ObjectUserKeys(string names, string description, RpcArg member) =>
        new(names, ArgKind.ObjectUserKeys, description, value => value.AsObject(), default) { Inner = [member] };

    /// <summary>A required value the handler reads by itself. <paramref name="inner"/> is its picture in help.</summary>
    public static RpcArg<JsonElement> Any(string names, ArgKind kind, string description, params RpcArg[] inner) =>
        new(names, kind, description, value => value, default) { Inner = inner };

    /// <summary>A value the handler reads by itself; absent it is <c>default</c>.</summary>
    public static RpcArg<JsonElement> OptionalAny(
        string names, ArgKind kind, string description, params RpcArg[] inner) =>
        new(names, kind, description, value => value, default) { IsOptional = true, Inner = inner };

    /// <summary>A required value of a type of one's own, e.g. an address; <paramref name="read"/> throws the refusal.</summary>
    public static RpcArg<T> Of<T>(string names, ArgKind kind, string description, Func<JsonElement, T> read)
        where T : notnull =>
        new(names, kind, description, read, default!);

    private static List<T> Elements<T>(JsonElement value, RpcArg<T> element)
    {
        List<T> elements = new(value.AsArray().GetArrayLength());
        foreach (var item in value.EnumerateArray())
        {
            elements.Add(element.Read(item));
        }

        return elements;
    }
}
