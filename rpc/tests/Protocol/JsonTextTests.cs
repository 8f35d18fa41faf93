using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests.Protocol;

public sealed class JsonTextTests
{
    [Theory]
    [InlineData("plain / text", "\"plain / text\"")]
    [InlineData("a\"b\\c", "\"a\\\"b\\\\c\"")]
    [InlineData("\b\t\n\f\r", "\"\\b\\t\\n\\f\\r\"")]
    [InlineData("\u0000\u001f\u007f", "\"\\u0000\\u001f\\u007f\"")]
    [InlineData("<&'+>", "\"<&'+>\"")]
    [InlineData("grün 😀 \u2028 \ufeff", "\"grün 😀 \u2028 \ufeff\"")]
    public void Strings_are_escaped_as_Core_escapes_them(string text, string expected)
    {
        Assert.Equal(expected, Write(writer => writer.WriteStringValue(text)));
        Assert.Equal(expected, Write(writer => writer.WriteStringValue(Encoding.UTF8.GetBytes(text))));
        Assert.Equal(expected, JsonText.Quote(text));
        Assert.Equal($"{{{expected}:1}}", Write(writer =>
        {
            writer.WriteStartObject();
            writer.WriteNumber(text, 1);
            writer.WriteEndObject();
        }));
    }

    [Fact]
    public void Half_a_surrogate_pair_is_replaced() =>
        Assert.Equal("\"half \ufffd\\n\"", Write(writer => writer.WriteStringValue("half \ud83d\n")));

    [Theory]
    [InlineData("{\"a\":[1,1.50,-0,1e5,\"x\\u0041\\/\",true,null]}", "{\"a\":[1,1.50,-0,1e5,\"xA/\",true,null]}")]
    [InlineData("  [ ]\n", "[]")]
    [InlineData("123456789012345678901234567890", "123456789012345678901234567890")]
    public void A_parsed_value_is_written_again_with_its_digits(string text, string expected)
    {
        using var document = JsonText.TryParse(text);
        Assert.Equal(expected, JsonText.ToText(document!.RootElement));
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[1,]")]
    [InlineData("{} x")]
    [InlineData("[01]")]
    [InlineData("\"\\ud800\"")]
    [InlineData("// no\n1")]
    public void What_is_not_JSON_is_not_parsed(string text) => Assert.Null(JsonText.TryParse(text));

    [Fact]
    public void Invalid_utf8_is_not_parsed() => Assert.Null(JsonText.TryParse(new byte[] { (byte)'"', 0xff, (byte)'"' }));

    [Fact]
    public void Depth_is_bounded()
    {
        Assert.NotNull(JsonText.TryParse(new string('[', 512) + new string(']', 512)));
        Assert.Null(JsonText.TryParse(new string('[', 513) + new string(']', 513)));
        Assert.Null(JsonText.TryParse(new string('[', 1_000_000)));
    }

    [Theory]
    [InlineData(0, "0.00000000")]
    [InlineData(1, "0.00000001")]
    [InlineData(-150_000_000, "-1.50000000")]
    [InlineData(2_100_000_000_000_000, "21000000.00000000")]
    [InlineData(long.MaxValue, "92233720368.54775807")]
    [InlineData(long.MinValue, "-92233720368.54775808")]
    public void Amounts_have_eight_decimals(long duffs, string expected) =>
        Assert.Equal(expected, Write(writer => writer.WriteAmountValue(new Amount(duffs))));

    [Theory]
    [InlineData(4.656542373906925e-10, "4.656542373906925e-10")]
    [InlineData(1, "1")]
    [InlineData(0.1, "0.1")]
    [InlineData(0.00001, "1e-05")]
    [InlineData(1e16, "1e+16")]
    [InlineData(123456789.5, "123456789.5")]
    public void Real_numbers_look_as_in_Core(double value, string expected) =>
        Assert.Equal(expected, Write(writer => writer.WriteRealValue(value)));

    [Fact]
    public void Hex_is_written_whatever_its_length()
    {
        Assert.Equal("\"\"", Write(writer => writer.WriteHexValue([])));
        Assert.Equal("\"00ff\"", Write(writer => writer.WriteHexValue([0, 255])));
        Assert.Equal(2 + 2000, Write(writer => writer.WriteHexValue(new byte[1000])).Length);
    }

    private static string Write(Action<Utf8JsonWriter> write)
    {
        ArrayBufferWriter<byte> buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            write(writer);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
