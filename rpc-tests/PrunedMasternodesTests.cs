using System.Text.Json;
using Dash.Node.Consensus;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>Masternodes after a block from which their list would have to be built, but which is pruned.</summary>
public sealed class PrunedMasternodesTests
{
    private const string Address = "yNsWkgPLN1u7p5dfWYnasYdgirU2J3tjUj";
    private const int Height = 475; // regtest has masternodes from 432 on; the states after 432 and 448 are kept on disk
    private const int FirstPruned = 433;
    private const int LastPruned = 447;
    private const int Asked = 443;

    [Fact]
    public async Task Calls_about_it_are_refused_and_those_about_others_are_not()
    {
        var directory = Directory.CreateTempSubdirectory("dash-pruned-").FullName;
        try
        {
            await using (var node = await NodeFixture.OpenAsync(directory, 1_700_000_000))
            {
                using var mined = await ReplyAsync(node, "generatetoaddress", $"{Height},\"{Address}\"");
                Assert.Equal(Height, mined.RootElement.GetProperty("result").GetArrayLength());
            }

            // Another process: it remembers only what is kept on disk.
            await using (var node = await NodeFixture.OpenAsync(directory, 1_700_100_000))
            {
                await AssertAnswersAsync(node, "protx", $"\"list\",\"valid\",true,{LastPruned + 1}");
            }

            await using (var node = await NodeFixture.OpenAsync(directory, 1_700_100_000))
            {
                var view = node.Context.View;
                for (var height = FirstPruned; height <= LastPruned; height++)
                {
                    view.At(height)!.Status &= ~(BlockStatus.HasData | BlockStatus.HasUndo);
                }

                var hash = view.At(Asked)!.Hash;
                await AssertRefusedAsync(node, "protx", $"\"list\",\"registered\",false,{Asked}");
                await AssertRefusedAsync(node, "protx", $"\"list\",\"valid\",true,{Asked}");
                await AssertRefusedAsync(node, "protx", $"\"info\",\"{new string('1', 64)}\",\"{hash}\"");
                await AssertRefusedAsync(node, "protx", $"\"listdiff\",\"{Asked}\",\"{Height}\"");
                await AssertRefusedAsync(node, "protx", $"\"listdiff\",\"432\",\"{Asked}\"");
                await AssertRefusedAsync(node, "masternode", "\"winners\",40");
                await AssertRefusedAsync(node, "getassetunlockstatuses", $"[\"1\"],{Asked}");
                await AssertAnswersAsync(node, "protx", "\"list\",\"valid\",true,432");
                await AssertAnswersAsync(node, "protx", "\"list\",\"valid\",true,448");
                await AssertAnswersAsync(node, "protx", "\"listdiff\",\"432\",\"448\"");
                await AssertAnswersAsync(node, "protx", "\"list\",\"valid\",true,5"); // there were no masternodes yet
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    private static async Task AssertRefusedAsync(NodeFixture node, string method, string parameters)
    {
        using var reply = await ReplyAsync(node, method, parameters);
        var error = reply.RootElement.GetProperty("error");
        Assert.True(error.ValueKind == JsonValueKind.Object, $"{method} {parameters}: {reply.RootElement}");
        Assert.Equal((-1, "Block not available (pruned data)"), (error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString()));
    }

    private static async Task AssertAnswersAsync(NodeFixture node, string method, string parameters)
    {
        using var reply = await ReplyAsync(node, method, parameters);
        Assert.True(reply.RootElement.GetProperty("error").ValueKind == JsonValueKind.Null, $"{method} {parameters}: {reply.RootElement}");
    }

    private static async Task<JsonDocument> ReplyAsync(NodeFixture node, string method, string parameters) =>
        JsonDocument.Parse(await node.AskAsync($$"""{"method":"{{method}}","params":[{{parameters}}],"id":0}"""));
}
