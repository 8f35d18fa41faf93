using System.Diagnostics;
using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// Imports whose search of the chain is interrupted: by the end of either process, by a caller who hangs up, by an abort. docs/reliability.md
/// names the rows and how to run them longer.
/// </summary>
public sealed class ImportFaultTests
{
    private const int Blocks = 1_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("wallet")]
    [InlineData("node")]
    [InlineData("caller")]
    [InlineData("abort")]
    public async Task Interrupted_while_it_looks_at_the_chain_an_import_ends_as_one_that_was_not(string fault)
    {
        var random = new Random(FaultCount.Seed);
        await using var cluster = await TestCluster.StartAsync(Blocks);
        var descriptor = (await cluster.Alice.CallAsync("getaddressinfo", cluster.MiningAddress)).GetProperty("desc").GetString()!;
        var whole = Stopwatch.StartNew();
        var undisturbed = await NewAsync(cluster, "undisturbed");
        Assert.True((await ImportAsync(undisturbed, descriptor, Ct))[0].GetProperty("success").GetBoolean());
        var longest = whole.Elapsed;
        var expected = await StateAsync(undisturbed);
        Assert.True(JsonSerializer.Deserialize<JsonElement>(expected).GetProperty("count").GetInt32() >= Blocks);

        var (rounds, hit, slowest) = (FaultCount.Or(2), 0, TimeSpan.Zero);
        for (var tries = 0; hit < rounds; tries++)
        {
            Assert.True(tries < 20 * rounds, $"{hit} of {tries} imports were interrupted");
            var name = $"w{tries}";
            var wallet = await NewAsync(cluster, name);
            using var patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var importing = ImportAsync(wallet, descriptor, patience.Token);
            await Wait.Until("it looks at the chain", async () => importing.IsCompleted || await JobAsync(wallet) is { } job && StateOf(job) == "running");
            await Task.WhenAny(importing, Task.Delay(longest * random.NextDouble(), TimeProvider.System, Ct));
            if (importing.IsCompleted)
            {
                longest /= 2; // it was measured while the machine had more to do
            }
            else
            {
                hit++;
                var took = await InterruptAsync(cluster, fault, wallet, patience);
                slowest = took > slowest ? took : slowest;
                if (fault == "wallet") await cluster.Wallet.Rpc.CallAsync("loadwallet", name);
            }

            await Task.WhenAny(importing); // which may have failed: what became of it, its job says
            await Wait.Until("the search has ended", async () => StateOf((await JobAsync(wallet))!.Value) != "running", cluster.Wallet.LastLog);
            var ended = (await JobAsync(wallet))!.Value;
            if (StateOf(ended) == "aborted")
            {
                Assert.Equal("abort", fault);
                await ImportAsync(wallet, descriptor, Ct); // finds the rest; what was found before is kept
                ended = (await JobAsync(wallet))!.Value;
            }

            Assert.Equal("done", StateOf(ended));
            Assert.True(ended.GetProperty("result")[0].GetProperty("success").GetBoolean());
            Assert.Equal(expected, await StateAsync(wallet));
            await WalletOracle.ShouldHaveWholeLogAsync(wallet, []);
            await wallet.CallAsync("unloadwallet");
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{fault}: {hit} imports interrupted within the {longest.TotalMilliseconds:F0} ms that one takes, {hit} ended as one that was not"
            + (fault == "abort" ? $"; an abort was answered after {slowest.TotalMilliseconds:F0} ms at most" : ""));
        Assert.True(fault != "abort" || slowest < TimeSpan.FromSeconds(1), $"{slowest}");
        await cluster.ShouldAddUp();
    }

    private static async Task<TimeSpan> InterruptAsync(TestCluster cluster, string fault, RpcConnection wallet, CancellationTokenSource patience)
    {
        var watch = Stopwatch.StartNew();
        switch (fault)
        {
            case "wallet":
                await cluster.Wallet.KillAsync();
                await cluster.RestartWalletAsync();
                break;
            case "node":
                await cluster.Node.KillAsync();
                await cluster.Node.StartAsync();
                break;
            case "caller":
                await patience.CancelAsync();
                break;
            default:
                await wallet.CallAsync("abortrescan");
                break;
        }

        return watch.Elapsed;
    }

    private static async Task<RpcConnection> NewAsync(TestCluster cluster, string name)
    {
        await cluster.Wallet.Rpc.CallAsync("createwallet", name, true, true);
        return cluster.Wallet.Rpc.Wallet(name);
    }

    private static async Task<JsonElement> ImportAsync(RpcConnection wallet, string descriptor, CancellationToken ct)
    {
        var wanted = new Dictionary<string, object?> { ["desc"] = descriptor, ["timestamp"] = 0 };
        using var reply = JsonDocument.Parse(await wallet.PostAsync(RpcConnection.Request("importdescriptors", (object)new[] { wanted }), ct));
        return reply.RootElement.GetProperty("result").Clone();
    }

    private static async Task<JsonElement?> JobAsync(RpcConnection wallet)
    {
        var jobs = await wallet.CallAsync("listwalletjobs");
        return jobs.EnumerateArray().LastOrDefault(static job => job.GetProperty("kind").GetString() == "import") is { ValueKind: JsonValueKind.Object } last ? last : null;
    }

    private static string? StateOf(JsonElement job) => job.GetProperty("state").GetString();

    // What a caller sees of the wallet, in one text.
    private static async Task<string> StateAsync(RpcConnection wallet)
    {
        var transactions = (await wallet.CallAsync("listtransactions", "*", 100_000, 0, true)).EnumerateArray()
            .Select(static entry => $"{entry.GetProperty("txid")} {entry.GetProperty("category")} {entry.GetProperty("amount")} {entry.GetProperty("blockhash")}")
            .Order(StringComparer.Ordinal).ToList();
        return JsonSerializer.Serialize(new Dictionary<string, object?>
        {
            ["balances"] = await wallet.CallAsync("getbalances"),
            ["coins"] = (await wallet.CallAsync("listunspent")).GetArrayLength(),
            ["count"] = transactions.Count,
            ["transactions"] = transactions,
        });
    }
}
