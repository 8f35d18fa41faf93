using System.Text.Json;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests.Protocol;

public sealed class JsonValuesTests
{
    private static readonly Dictionary<string, Func<JsonElement, object>> Readers = new()
    {
        ["str"] = value => value.AsStr(),
        ["bool"] = value => value.AsBool(),
        ["named"] = value => value.AsNamedBool("submit"),
        ["int"] = value => value.AsInt(),
        ["long"] = value => value.AsLong(),
        ["amount"] = value => value.AsAmount().Duffs,
        ["rate"] = value => value.AsFixedPoint(3).Duffs,
        ["hex"] = value => Convert.ToHexStringLower(value.AsHex("data")),
        ["hash"] = value => value.AsHash("txid").ToString(),
        ["range"] = value => value.AsRange().ToString(),
        ["array"] = value => value.AsArray().GetArrayLength(),
        ["object"] = value => value.AsObject().ValueKind,
    };

    [Theory]
    [InlineData("str", "\"x\"", "x")]
    [InlineData("int", "-5", -5)]
    [InlineData("long", "9007199254740993", 9007199254740993L)]
    [InlineData("amount", "0.00000001", 1L)]
    [InlineData("amount", "\"1.5\"", 150_000_000L)]
    [InlineData("amount", "1e-3", 100_000L)]
    [InlineData("rate", "1.234", 1234L)]
    [InlineData("hex", "\"00fF\"", "00ff")]
    [InlineData("range", "7", "(0, 7)")]
    [InlineData("range", "[2,7]", "(2, 7)")]
    public void Values_that_fit_are_read(string reader, string json, object expected) =>
        Assert.Equal(expected, Readers[reader](Parse(json)));

    [Theory]
    [InlineData("str", "1", -3, "JSON value of type number is not of expected type string")]
    [InlineData("str", "null", -3, "JSON value of type null is not of expected type string")]
    [InlineData("str", "true", -3, "JSON value of type bool is not of expected type string")]
    [InlineData("bool", "1", -3, "JSON value of type number is not of expected type bool")]
    [InlineData("named", "\"1\"", -8, "submit must be a JSON boolean. Pass -deprecatedrpc=permissive_bool to allow legacy boolean parsing.")]
    [InlineData("int", "\"1\"", -3, "JSON value of type string is not of expected type number")]
    [InlineData("int", "1.0", -1, "JSON integer out of range")]
    [InlineData("int", "2147483648", -1, "JSON integer out of range")]
    [InlineData("long", "1e3", -1, "JSON integer out of range")]
    [InlineData("amount", "true", -3, "Amount is not a number or string")]
    [InlineData("amount", "0.000000001", -3, "Invalid amount")]
    [InlineData("amount", "\"\"", -3, "Invalid amount")]
    [InlineData("amount", "-1", -3, "Amount out of range")]
    [InlineData("amount", "21000001", -3, "Amount out of range")]
    [InlineData("rate", "1.2345", -3, "Invalid amount")]
    [InlineData("hex", "\"abc\"", -8, "data must be hexadecimal string (not 'abc')")]
    [InlineData("hex", "\"\"", -8, "data must be hexadecimal string (not '')")]
    [InlineData("hex", "5", -8, "data must be hexadecimal string (not '')")]
    [InlineData("hash", "\"ab\"", -8, "txid must be of length 64 (not 2, for 'ab')")]
    [InlineData("hash", "5", -3, "JSON value of type number is not of expected type string")]
    [InlineData("range", "[7,2]", -8, "Range specified as [begin,end] must not have begin after end")]
    [InlineData("range", "-1", -8, "End of range is too high")]
    [InlineData("range", "[-1,1]", -8, "Range should be greater or equal than 0")]
    [InlineData("range", "2147483648", -8, "End of range is too high")]
    [InlineData("range", "1000000", -8, "Range is too large")]
    [InlineData("range", "\"7\"", -8, "Range must be specified as end or as [begin,end]")]
    [InlineData("array", "{}", -3, "JSON value of type object is not of expected type array")]
    [InlineData("object", "[]", -3, "JSON value of type array is not of expected type object")]
    public void Others_are_refused_with_Cores_code_and_text(string reader, string json, int code, string message)
    {
        var error = Assert.Throws<RpcError>(() => Readers[reader](Parse(json)));
        Assert.Equal((code, message), ((int)error.Code, error.Message));
    }

    [Fact]
    public void A_hash_needs_hex_digits()
    {
        var text = new string('g', 64);
        var error = Assert.Throws<RpcError>(() => Parse($"\"{text}\"").AsHash("txid"));
        Assert.Equal($"txid must be hexadecimal string (not '{text}')", error.Message);
    }

    [Fact]
    public void Of_equal_members_the_first_counts()
    {
        Assert.Equal(1, Parse("{\"a\":1,\"a\":2}").Find("a").AsInt());
        Assert.True(Parse("{}").Find("a").IsAbsent());
        Assert.True(Parse("[]").Find("a").IsAbsent());
    }

    private static JsonElement Parse(string json)
    {
        using var document = JsonDocument.Parse(json);
        return document.RootElement.Clone();
    }
}
