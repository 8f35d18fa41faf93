using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.RpcTests.Support;
using Dash.WalletServer.Rpc;

namespace Dash.RpcTests;

/// <summary>Whatever a caller sends, the answer is a result or an error of Dash Core's, and an error has changed nothing.</summary>
public sealed class WrongInputTests
{
    private const int InternalError = -32603;

    // A wallet of theirs is encrypted or gone afterwards, or a file of any name is written.
    private static readonly string[] Last = ["wipewallettxes", "unloadwallet", "encryptwallet", "walletpassphrasechange", "walletpassphrase"];
    private static readonly string[] WritesFiles = ["backupwallet"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Wrong_input_for_every_argument_is_refused_and_changes_nothing()
    {
        await using var attached = await AttachedWallets.OpenAsync(keypoolSize: 5);
        var wallets = attached.Wallets;
        var right = await PrepareAsync(attached);
        var failures = new List<string>();
        var asked = 0;
        foreach (var method in WalletMethods.All.OrderBy(method => Array.IndexOf(Last, method.Name)).ThenBy(static method => method.Name, StringComparer.Ordinal))
        {
            foreach (var call in new WrongCalls(right).Of(method).Where(IsHarmless))
            {
                if (wallets.Wallets.Find("alice") is null)
                {
                    await wallets.CallAsync("", "loadwallet", "\"alice\"");
                }

                var wallet = wallets.Wallets.Find("alice")!; // it was just loaded
                var before = wallet.Snapshot;
                var loaded = wallets.Wallets.All;
                using var reply = JsonDocument.Parse(
                    await wallets.AskAsync("/wallet/alice", $$"""{"method":"{{call.Method}}","params":[{{call.Parameters}}],"id":0}"""));
                asked++;
                if (reply.RootElement.GetProperty("error") is not { ValueKind: JsonValueKind.Object } error)
                {
                    continue;
                }

                if (error.GetProperty("code").GetInt32() == InternalError)
                {
                    failures.Add($"{call.Method}({call.Parameters}): {error}");
                }

                if (!ReferenceEquals(before, wallet.Snapshot) || loaded != wallets.Wallets.All)
                {
                    failures.Add($"{call.Method}({call.Parameters}) changed something: {error}");
                }
            }
        }

        Assert.True(asked > 3_000, $"only {asked} calls");
        Assert.True(failures.Count == 0, string.Join('\n', failures));
    }

    // The table is made by the command "wrong-input" of bench, which asks dashd the same.
    [Fact]
    public async Task Wrong_input_gets_the_codes_that_dashd_gives()
    {
        await using var attached = await AttachedWallets.OpenAsync(keypoolSize: 10);
        var table = await File.ReadAllLinesAsync(Path.Combine(AppContext.BaseDirectory, "Data", "dashd-wrong-input.txt"), Ct);
        var ours = await WrongInput.CodesAsync(async (wallet, method, parameters) =>
        {
            var request = $$"""{"method":"{{method}}","params":{{parameters}},"id":0}""";
            using var reply = JsonDocument.Parse(method == "generatetoaddress"
                ? await attached.Node.AskAsync(request)
                : await attached.Wallets.AskAsync(wallet.Length == 0 ? "/" : "/wallet/" + wallet, request));
            return reply.RootElement.GetProperty("error") is { ValueKind: JsonValueKind.Object } error
                ? (error.GetProperty("code").GetInt32(), null)
                : (0, reply.RootElement.GetProperty("result").Clone());
        });

        Assert.True(table.SequenceEqual(ours), string.Join('\n', table.Except(ours).Select(static line => "dashd: " + line)
            .Concat(ours.Except(table).Select(static line => "ours:  " + line))));
    }

    private static bool IsHarmless(WrongCall call) => call switch
    {
        { Method: "keypoolrefill", Parameters: "21000001" } => false, // right, and takes a long time
        { Method: "waitforwalletevent" } => call.Parameters.Length == 0 || call.Parameters[0] is '"' or '[' or '{' or 't', // it would wait
        _ => !WritesFiles.Contains(call.Method) || !call.Parameters.StartsWith('"'),
    };

    private static async Task<Dictionary<string, string>> PrepareAsync(AttachedWallets attached)
    {
        var wallets = attached.Wallets;
        await wallets.CallAsync("", "createwallet", "\"alice\"");
        var address = (await wallets.CallAsync("alice", "getnewaddress")).GetRawText();
        await attached.Node.AskAsync($$"""{"method":"generatetoaddress","params":[103,{{address}}],"id":0}""");
        var txid = await wallets.CallAsync("alice", "sendtoaddress", $"{address},1");
        var coin = (await wallets.CallAsync("alice", "listunspent")).EnumerateArray().First();
        var input = $"{{\"txid\":{coin.GetProperty("txid").GetRawText()},\"vout\":{coin.GetProperty("vout")}}}";
        var hex = (await wallets.CallAsync("alice", "gettransaction", txid.GetRawText())).GetProperty("hex").GetRawText();
        var psbt = (await wallets.CallAsync("alice", "walletcreatefundedpsbt", $"[{input}],[{{{address}:0.5}}]")).GetProperty("psbt").GetRawText();
        return new Dictionary<string, string>
        {
            ["address"] = address,
            ["txid"] = txid.GetRawText(),
            ["hexstring"] = hex,
            ["rawtransaction"] = hex,
            ["psbt"] = psbt,
            ["outputs"] = $"[{{{address}:0.5}}]",
            ["amounts"] = $"{{{address}:0.5}}",
            ["dummy"] = "\"\"",
            ["vout"] = coin.GetProperty("vout").GetRawText(),
            ["estimate_mode"] = "\"unset\"",
            ["conf_target"] = "null",
            ["fee_rate"] = "null",
            ["sighashtype"] = "\"ALL\"",
            ["blockhash"] = "null",
        };
    }
}
