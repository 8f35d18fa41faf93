using System.Text.Json.Nodes;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>Each wallet that dashd made says here what it said there; amounts as numbers, lists without order as sets.</summary>
public sealed class DashdWalletsTests
{
    private const long DashdsTime = 1700068400;

    [Theory]
    [InlineData("miner")]
    [InlineData("plain")]
    [InlineData("encrypted")]
    [InlineData("watch")]
    public async Task A_wallet_of_dashds_answers_as_it_did_there(string name)
    {
        var facts = JsonNode.Parse(await File.ReadAllTextAsync(
            SharedData.PathOf("dashd-regtest", "expected.json"), TestContext.Current.CancellationToken))!;
        var directory = Directory.CreateTempSubdirectory("dash-wallets-of-dashd-").FullName;
        try
        {
            SharedData.UnpackDashdDirectory(directory);
            var network = Path.Combine(directory, "regtest");
            await using var node = await NodeFixture.OpenAsync(network, DashdsTime);
            await using var wallets = new WalletFixture(node, Path.Combine(network, "wallets"));
            wallets.Attach();
            await wallets.CallAsync("", "loadwallet", $"\"{name}\"");

            foreach (var (method, theirs) in facts["wallets"]![name]!.AsObject())
            {
                switch (method)
                {
                    case "getaddressinfo" or "gettransaction":
                        foreach (var (argument, answer) in theirs!.AsObject())
                        {
                            await CompareAsync(wallets, name, method, $"\"{argument}\"", answer!);
                        }

                        break;
                    default:
                        await CompareAsync(wallets, name, method, Parameters(method, theirs!), theirs!);
                        break;
                }
            }
        }
        finally
        {
            Directory.Delete(directory, recursive: true);
        }
    }

    // How dashd was asked.
    private static string Parameters(string method, JsonNode theirs) => method switch
    {
        "listtransactions" => "\"*\",1000",
        "listunspent" => theirs.AsArray().Any(coin => (int)coin!["confirmations"]! == 0) ? "0" : "1",
        "listreceivedbyaddress" => "0,false,true",
        _ => "",
    };

    private static async Task CompareAsync(
        WalletFixture wallets, string wallet, string method, string parameters, JsonNode theirs)
    {
        var answer = await wallets.CallAsync(wallet, method, parameters);
        Assert.Equal(Describe(method, theirs), Describe(method, JsonNode.Parse(answer.GetRawText())!));
    }

    private static string Describe(string method, JsonNode answer) => string.Join('\n', Lines(answer, method, ""));

    // Each value with its path, so that a difference shows where it is; members in their order, elements of sets sorted.
    private static IEnumerable<string> Lines(JsonNode? value, string path, string key) => value switch
    {
        JsonObject members => members
            .Where(member => member.Key is not ("keys_left" or "node")) // counts from the loading of the wallet; ours
            .SelectMany(member => Lines(member.Value, $"{path}.{member.Key}", member.Key)),
        JsonArray elements => (IsSet(path, key)
                ? elements.Select(element => string.Join('\n', Lines(element, path, ""))).Order(StringComparer.Ordinal)
                : elements.Select((element, i) => string.Join('\n', Lines(element, $"{path}[{i}]", ""))))
            .Prepend($"{path}: {elements.Count} elements"),
        { } scalar when scalar.GetValueKind() == System.Text.Json.JsonValueKind.Number =>
            [$"{path} = {(decimal)(double)scalar:0.########}"],
        _ => [$"{path} = {value?.ToJsonString()}"],
    };

    private static bool IsSet(string path, string key) =>
        path is "listunspent" or "listsinceblock.transactions" || key == "txids";
}
