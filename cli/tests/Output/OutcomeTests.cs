using System.Text.Json;
using Dash.Cli.Output;

namespace Dash.Cli.Tests.Output;

public class OutcomeTests
{
    [Theory]
    [InlineData("null", "")]
    [InlineData("\"a \\\"b\\\"\"", "a \"b\"")]
    [InlineData("1.5", "1.5")]
    [InlineData("true", "true")]
    [InlineData("[1]", "[\n  1\n]")]
    public void Results_are_texts_as_they_are_and_json_for_the_rest(string json, string expected) =>
        Assert.Equal(new Outcome(expected, 0), Outcome.Result(Json(json)));

    [Theory]
    [InlineData("""{"code":-8,"message":"Bad"}""", "error code: -8\nerror message:\nBad", 8)]
    [InlineData("""{"code":-32601,"message":"Method not found"}""", "error code: -32601\nerror message:\nMethod not found", 32601)]
    [InlineData("""{"code":-19,"message":"No"}""",
        "error code: -19\nerror message:\nNo\nTry adding \"-rpcwallet=<filename>\" option to dash-cli command line.", 19)]
    [InlineData("\"odd\"", "error: \"odd\"", 1)]
    public void Errors_name_code_and_message_and_end_with_the_code(string json, string text, int exitCode) =>
        Assert.Equal(new Outcome(text, exitCode), Outcome.Error(Json(json)));

    private static JsonElement Json(string text)
    {
        using var document = JsonDocument.Parse(text);
        return document.RootElement.Clone();
    }
}
