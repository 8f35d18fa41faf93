using System.Text.Json;
using System.Text.Json.Nodes;
using Dash.Rpc.Protocol;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>
/// Our wallets, on the wallets and the chain of dashd's own data directory, answer a long conversation as dashd did: results
/// to the digit and in the order of keys, refusals with code and text, and what each call changes for those after it.
/// </summary>
public sealed class DashdWalletRepliesTests
{
    private const long DashdsTime = 1700068400;

    [Fact]
    public async Task Wallets_of_dashds_data_directory_answer_as_in_dashd()
    {
        var conversation = Path.Combine(AppContext.BaseDirectory, "Data", "dashd-wallet-replies.json");
        using var expected = JsonDocument.Parse(await File.ReadAllBytesAsync(conversation, TestContext.Current.CancellationToken));
        var directory = Directory.CreateTempSubdirectory("dash-wallet-replies-").FullName;
        try
        {
            SharedData.UnpackDashdDirectory(directory);
            var network = Path.Combine(directory, "regtest");
            await using var node = await NodeFixture.OpenAsync(network, DashdsTime);
            await using var wallets = new WalletFixture(node, Path.Combine(network, "wallets"));
            wallets.Attach();
            List<string> different = [];
            foreach (var call in expected.RootElement.EnumerateArray())
            {
                var method = call.GetProperty("method").GetString()!;
                var request = $$"""{"method":"{{method}}","params":{{call.GetProperty("params").GetRawText()}},"id":0}""";
                var path = call.GetProperty("path").GetString()!;
                var theirs = Normal(method, call.GetProperty("reply").GetRawText().Replace("DATADIR", network, StringComparison.Ordinal));
                var ours = Normal(method, await wallets.AskAsync(path, request));
                if (theirs != ours) different.Add($"{path} {request}\n  dashd: {Around(theirs, ours)}\n  ours:  {Around(ours, theirs)}");
            }

            Assert.True(different.Count == 0, $"{different.Count} differ\n\n" + string.Join("\n\n", different));
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // Lists whose order in dashd is that of a hash table are sorted; of help the first line counts, the rest is in our words.
    private static string Normal(string method, string reply)
    {
        var node = JsonNode.Parse(reply)!;
        if (node["error"] is { } error)
        {
            var message = (string)error["message"]!;
            return $"{error["code"]} {(message.StartsWith(method, StringComparison.Ordinal) ? message.Split('\n')[0] : message)}";
        }

        switch (method, node["result"])
        {
            case ("getwalletinfo", JsonObject info):
                info.Remove("node"); // what this wallet adds
                break;
            case ("listunspent", JsonArray coins):
                Sort(coins);
                break;
            case ("listwalletdir", { } found):
                Sort(found["wallets"]!.AsArray());
                break;
            case ("listsinceblock", { } found):
                Sort(found["transactions"]!.AsArray());
                break;
            case ("listreceivedbyaddress", JsonArray addresses):
                foreach (var address in addresses) Sort(address!["txids"]!.AsArray());
                break;
        }

        using var document = JsonDocument.Parse(node.ToJsonString());
        return JsonText.ToText(document.RootElement);
    }

    private static void Sort(JsonArray array)
    {
        var sorted = array.OrderBy(item => item!.ToJsonString(), StringComparer.Ordinal).ToList();
        array.Clear();
        foreach (var item in sorted) array.Add(item);
    }

    // The part of a long text where it begins to differ.
    private static string Around(string text, string other)
    {
        var same = text.Zip(other).TakeWhile(pair => pair.First == pair.Second).Count();
        var start = Math.Max(0, same - 80);
        return (start > 0 ? "…" : "") + text[start..Math.Min(text.Length, same + 200)];
    }
}
