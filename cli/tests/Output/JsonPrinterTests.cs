using System.Text.Json;
using Dash.Cli.Output;

namespace Dash.Cli.Tests.Output;

public class JsonPrinterTests
{
    [Theory]
    [InlineData("{}", "{\n}")]
    [InlineData("[]", "[\n]")]
    [InlineData("""{"a":1.00000000,"b":["x",{"c":null}],"d":[],"e":{}}""",
        """
        {
          "a": 1.00000000,
          "b": [
            "x",
            {
              "c": null
            }
          ],
          "d": [
          ],
          "e": {
          }
        }
        """)]
    [InlineData("""[true,18446744073709551615,"∋/\"\n\u0001\u007f<"]""", "[\n  true,\n  18446744073709551615,\n  \"∋/\\\"\\n\\u0001\\u007f<\"\n]")]
    public void Json_is_printed_as_dash_cli_prints_it(string json, string expected)
    {
        using var document = JsonDocument.Parse(json);
        Assert.Equal(expected, JsonPrinter.Print(document.RootElement));
    }
}
