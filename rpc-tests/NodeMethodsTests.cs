using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>Answers and refusals of single methods of the node.</summary>
public sealed class NodeMethodsTests
{
    [Theory]
    [InlineData("getassetunlockstatuses", "[[\"7\",\"8\"]]", "[{\"index\":7,\"status\":\"unknown\"},{\"index\":8,\"status\":\"unknown\"}]")]
    [InlineData("getassetunlockstatuses", "[[\"7\"],0]", "[{\"index\":7,\"status\":\"unknown\"}]")]
    [InlineData("getassetunlockstatuses", "[[\"-7\"]]", "\"code\":-8,\"message\":\"invalid index\"")]
    [InlineData("getassetunlockstatuses", "[[\"7\"],1]", "\"code\":-8,\"message\":\"Block height out of range\"")]
    [InlineData("enumeratesigners", "[]", "\"code\":-1,\"message\":\"Error: restart dashd with -signer=<cmd>\"")]
    [InlineData("protx", "[\"nothing\"]", "\"code\":-8,\"message\":\"Must be a valid command\"")]
    public async Task A_call_is_answered(string method, string parameters, string expected)
    {
        var directory = Directory.CreateTempSubdirectory("dash-node-methods-").FullName;
        try
        {
            await using var node = await NodeFixture.OpenAsync(directory);
            var reply = await node.AskAsync($$"""{"method":"{{method}}","params":{{parameters}},"id":0}""");
            Assert.Contains(expected, reply, StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
