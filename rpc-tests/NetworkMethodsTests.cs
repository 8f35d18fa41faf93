using System.Text.Json;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>What methods about peers refuse, in which order and with which words: as dashd does, asked side by side.</summary>
public sealed class NetworkMethodsTests
{
    private const string NotAString = "JSON value of type number is not of expected type string";
    private const string NotANumber = "JSON value of type string is not of expected type number";

    [Theory]
    [InlineData("addnode", "\"127.0.0.1:9\",\"remove\"", -24, "Error: Node could not be removed. It has not been added previously.")]
    [InlineData("addnode", "5,\"add\"", -3, NotAString)]
    [InlineData("addnode", "5,\"other\"", -1, "addnode \"node\" \"command\"")]
    [InlineData("setban", "\"\",null", -1, "setban \"subnet\" \"command\"")]
    [InlineData("setban", "\"1.2.3.4/33\",\"add\"", -30, "Error: Invalid IP/Subnet")]
    [InlineData("setban", "\"1.2.3.4\",\"remove\"", -30, "Error: Unban failed. Requested address/subnet was not previously manually banned.")]
    [InlineData("setban", "\"1.2.3.4\",\"add\",1,true", -8, "Error: Absolute timestamp is in the past")]
    [InlineData("disconnectnode", "5,6", -32602, "Only one of address and nodeid should be provided.")]
    [InlineData("disconnectnode", "\"1.2.3.4:5\",6", -32602, "Only one of address and nodeid should be provided.")]
    [InlineData("disconnectnode", "5", -3, NotAString)]
    [InlineData("disconnectnode", "\"\",6", -29, "Node not found in connected nodes")]
    [InlineData("addpeeraddress", "5,\"x\"", -3, NotAString)]
    [InlineData("addpeeraddress", "\"1.2.3.4\",\"x\"", -3, NotANumber)]
    [InlineData("sendmsgtopeer", "\"x\",\"ping\",7", -3, NotANumber)]
    [InlineData("sendmsgtopeer", "\"x\",\"longer than it may\",\"zz\"", -3, NotANumber)]
    [InlineData("sendmsgtopeer", "0,\"longer than it may\",\"zz\"", -8, "Error: msg_type too long, max length is 12")]
    [InlineData("sendmsgtopeer", "0,\"ping\",\"zz\"", -8, "Error parsing input for msg")]
    [InlineData("addconnection", "5,\"other\",true", -3, NotAString)]
    [InlineData("getnodeaddresses", "-1", -8, "Address count out of range")]
    [InlineData("getnodeaddresses", "5,\"main\"", -8, "Network not recognized: main")]
    [InlineData("setmnthreadactive", "", -1, "setmnthreadactive state")]
    [InlineData("setmnthreadactive", "1", -3, "JSON value of type number is not of expected type bool")]
    [InlineData("getaddednodeinfo", "\"127.0.0.1:9\"", -24, "Error: Node has not been added.")]
    public async Task Wrong_arguments_are_refused_in_dashds_order_and_words(string method, string parameters, int code, string message)
    {
        var directory = Directory.CreateTempSubdirectory("dash-network-").FullName;
        try
        {
            await using var node = await NodeFixture.OpenAsync(directory, 1_700_000_000);
            using var reply = JsonDocument.Parse(await node.AskAsync($$"""{"method":"{{method}}","params":[{{parameters}}],"id":0}"""));
            var error = reply.RootElement.GetProperty("error");
            Assert.Equal(code, error.GetProperty("code").GetInt32());
            Assert.StartsWith(message, error.GetProperty("message").GetString(), StringComparison.Ordinal);
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }
}
