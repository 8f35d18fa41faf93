using System.Text.Json;
using Dash.Rpc.Client;
using Dash.Rpc.Methods;

namespace Dash.Rpc.Tests.Client;

public sealed class CliArgumentsTests
{
    [Theory]
    [InlineData("getblockhash", "5", "[5]")]
    [InlineData("getblock", "5", "[\"5\"]")]
    [InlineData("sendtoaddress", "x 1.50 5", "[\"x\",1.50,\"5\"]")]
    [InlineData("echo", "5 true", "[\"5\",\"true\"]")]
    [InlineData("echojson", "5 true [1] null", "[5,true,[1],null]")]
    [InlineData("createrawtransaction", "'[]' \"{}\"", "[[],{}]")]
    [InlineData("protx", "list registered true", "[\"list\",\"registered\",true]")]
    [InlineData("protx", "register x 1 1.2.3.4:5", "[\"register\",\"x\",1,\"1.2.3.4:5\"]")]
    [InlineData("protx", "register x 1 [\"1.2.3.4:5\"]", "[\"register\",\"x\",1,[\"1.2.3.4:5\"]]")]
    [InlineData("nosuchmethod", "5", "[\"5\"]")]
    [InlineData("startwalletjob", "rescan 10", "[\"rescan\",10]")]
    [InlineData("stop", "", "[]")]
    public void Words_become_positional_parameters(string method, string words, string expected) =>
        Assert.Equal(expected, CliArguments.Convert(method, Split(words), named: false));

    [Theory]
    [InlineData("getblock", "blockhash=5 verbosity=2", "{\"blockhash\":\"5\",\"verbosity\":2}")]
    [InlineData("getblock", "x verbosity=2", "{\"verbosity\":2,\"args\":[\"x\"]}")]
    [InlineData("getblock", "verbosity=1 verbosity=2 blockhash=a=b", "{\"verbosity\":2,\"blockhash\":\"a=b\"}")]
    [InlineData("protx", "list type=valid detailed=true", "{\"type\":\"valid\",\"detailed\":true,\"args\":[\"list\"]}")]
    [InlineData("stop", "", "{}")]
    public void Words_become_named_parameters(string method, string words, string expected) =>
        Assert.Equal(expected, CliArguments.Convert(method, Split(words), named: true));

    [Fact]
    public void A_word_that_must_be_JSON_and_is_not_is_refused()
    {
        var error = Assert.Throws<FormatException>(() => CliArguments.Convert("getblockhash", ["x"], named: false));
        Assert.Equal("Error parsing JSON: x", error.Message);
    }

    [Fact]
    public void The_table_agrees_with_the_arguments_that_dashd_declares()
    {
        foreach (var row in JsonDocument.Parse(Shared.Read("reference/rpc-arguments.json")).RootElement.EnumerateArray())
        {
            var (method, position, name) = (row[0].GetString()!, row[1].GetInt32(), row[2].GetString()!);
            if (method == "echojson")
            {
                continue; // declared as texts, passed on as JSON: that is what it is for
            }

            var isText = ConversionFacts.Find(method, position) is null && ConversionFacts.Find(method, name) is null;
            Assert.True(isText == row[3].GetBoolean(), $"{method} {position} {name}");
        }
    }

    private static string[] Split(string words) => words.Split(' ', StringSplitOptions.RemoveEmptyEntries);
}
