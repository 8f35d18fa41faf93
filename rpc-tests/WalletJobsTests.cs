using System.Text.Json;
using Dash.Primitives.Descriptors;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>Long work as jobs: what a caller sees of it, who waits and who does not.</summary>
public sealed class WalletJobsTests : IAsyncLifetime
{
    private AttachedWallets _attached = null!;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private WalletFixture Wallets => _attached.Wallets;

    public async ValueTask InitializeAsync() => _attached = await AttachedWallets.OpenAsync(keypoolSize: 5);

    public ValueTask DisposeAsync() => _attached.DisposeAsync();

    [Fact]
    public async Task An_import_is_a_job_that_keeps_the_answer()
    {
        var address = await PaidAsync();
        await Wallets.CallAsync("", "createwallet", "\"taker\",true,true");

        var answer = await Wallets.CallAsync("taker", "importdescriptors", $"[{{\"desc\":\"{Watching(address)}\",\"timestamp\":0}},{{\"desc\":\"nonsense\",\"timestamp\":0}}]");

        var job = Assert.Single((await Wallets.CallAsync("taker", "listwalletjobs")).EnumerateArray());
        Assert.Equal((1, "taker", "import", "done"), Told(job));
        Assert.Equal(answer.GetRawText(), job.GetProperty("result").GetRawText());
        Assert.True(answer[0].GetProperty("success").GetBoolean());
        Assert.False(answer[1].GetProperty("success").GetBoolean());
    }

    [Fact]
    public async Task An_import_need_not_be_waited_for()
    {
        var address = await PaidAsync();
        await Wallets.CallAsync("", "createwallet", "\"taker\",true,true");

        var started = await Wallets.CallAsync("taker", "startwalletjob", $"\"import\",null,null,[{{\"desc\":\"{Watching(address)}\",\"timestamp\":0}}]");

        Assert.Equal(1, started.GetProperty("id").GetInt32());
        await UntilAsync(async () => (await JobAsync("taker", 1)).GetProperty("state").GetString() == "done");
        Assert.Equal("500.00000000", (await Wallets.CallAsync("taker", "getbalance")).GetRawText());
        Assert.Equal("[{\"success\":true}]", (await JobAsync("taker", 1)).GetProperty("result").GetRawText());
    }

    [Fact]
    public async Task An_import_that_takes_nothing_in_is_no_job()
    {
        await Wallets.CallAsync("", "createwallet", "\"taker\",true,true");
        var started = await Wallets.CallAsync("taker", "startwalletjob", "\"import\",null,null,[{\"desc\":\"nonsense\",\"timestamp\":0}]");

        Assert.False(started.TryGetProperty("id", out _));
        Assert.False(started.GetProperty("result")[0].GetProperty("success").GetBoolean());
        Assert.Empty((await Wallets.CallAsync("taker", "listwalletjobs")).EnumerateArray());
        Assert.StartsWith("-8 ", await Wallets.RefusedAsync("taker", "startwalletjob", "\"import\""), StringComparison.Ordinal);
        Assert.StartsWith("-8 ", await Wallets.RefusedAsync("taker", "startwalletjob", "\"dance\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_rescan_aborted_without_a_node_stays_aborted()
    {
        await Wallets.CallAsync("", "createwallet", "\"w\"");
        await Wallets.DetachAsync();
        await Wallets.CallAsync("w", "startwalletjob", "\"rescan\"");
        Assert.Equal("running", (await JobAsync("w", 1)).GetProperty("state").GetString());

        Assert.True((await Wallets.CallAsync("w", "abortwalletjob", "1")).GetBoolean());

        Assert.Equal("aborted", (await JobAsync("w", 1)).GetProperty("state").GetString());
        Assert.False((await Wallets.CallAsync("w", "abortrescan")).GetBoolean());
        await Wallets.CallAsync("w", "unloadwallet");
        await Wallets.CallAsync("w", "loadwallet", "\"w\"");
        Assert.Equal("aborted", (await JobAsync("w", 1)).GetProperty("state").GetString());
        Assert.Equal(JsonValueKind.False, (await Wallets.CallAsync("w", "getwalletinfo")).GetProperty("scanning").ValueKind);
    }

    [Fact]
    public async Task While_a_wallet_is_loaded_others_are_served_and_it_can_be_seen_and_ended()
    {
        await Wallets.CallAsync("", "createwallet", "\"small\"");
        await Wallets.CallAsync("", "createwallet", "\"large\"");
        await Wallets.CallAsync("large", "unloadwallet");
        using ManualResetEventSlim gate = new();
        var load = Wallets.Loads.Start("large", size: 0, watch =>
        {
            watch.Enter("reading", 4);
            gate.Wait(Ct);
            return Wallets.Wallets.Load("large", loadOnStart: null, watch);
        });
        await UntilAsync(() => Task.FromResult(load.Watch.Phase == "reading"));

        await Wallets.CallAsync("small", "getnewaddress");
        Assert.Equal("[\"small\"]", (await Wallets.CallAsync("", "listwallets")).GetRawText());
        Assert.StartsWith("-18 ", await Wallets.RefusedAsync("large", "getwalletinfo"), StringComparison.Ordinal);
        Assert.Equal("-4 Wallet already loading.", await Wallets.RefusedAsync("", "loadwallet", "\"large\""));
        var job = Assert.Single((await Wallets.CallAsync("large", "listwalletjobs")).EnumerateArray());
        Assert.Equal((0, "large", "load", "running"), Told(job));
        Assert.Equal("reading", job.GetProperty("phase").GetString());

        var aborting = Wallets.CallAsync("large", "abortwalletjob", "0");
        gate.Set();
        Assert.True((await aborting).GetBoolean());
        Assert.Equal("aborted", (await JobAsync("large", 0)).GetProperty("state").GetString());
        Assert.Equal("[\"small\"]", (await Wallets.CallAsync("", "listwallets")).GetRawText());

        await Wallets.CallAsync("large", "startwalletjob", "\"load\"");
        await UntilAsync(async () => (await JobAsync("large", 0)).GetProperty("state").GetString() == "done");
        await Wallets.CallAsync("large", "getnewaddress");
        Assert.False((await Wallets.CallAsync("large", "abortwalletjob", "0")).GetBoolean());
        Assert.StartsWith("-35 ", await Wallets.RefusedAsync("large", "startwalletjob", "\"load\""), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wallet_that_is_being_loaded_can_be_unloaded()
    {
        await Wallets.CallAsync("", "createwallet", "\"w\"");
        await Wallets.CallAsync("w", "unloadwallet");
        using ManualResetEventSlim gate = new();
        var load = Wallets.Loads.Start("w", size: 0, watch =>
        {
            gate.Wait(Ct);
            return Wallets.Wallets.Load("w", loadOnStart: null, watch);
        });

        var unloading = Wallets.CallAsync("w", "unloadwallet");
        gate.Set();

        Assert.Equal("{\"warning\":\"\"}", (await unloading).GetRawText());
        Assert.Equal("Wallet loading was aborted.", (await Assert.ThrowsAnyAsync<Exception>(() => load.Done)).Message);
        Assert.Empty((await Wallets.CallAsync("", "listwallets")).EnumerateArray());
        await Wallets.CallAsync("", "loadwallet", "\"w\"");
    }

    [Fact]
    public async Task A_loading_that_failed_says_why_afterwards()
    {
        await Wallets.CallAsync("none", "startwalletjob", "\"load\"");
        await UntilAsync(async () => (await JobAsync("none", 0)).GetProperty("state").GetString() == "failed");
        Assert.False((await Wallets.CallAsync("none", "abortwalletjob", "0")).GetBoolean());
        Assert.Contains("Path does not exist", (await JobAsync("none", 0)).GetProperty("error").GetString(), StringComparison.Ordinal);
        Assert.StartsWith("-18 ", await Wallets.RefusedAsync("other", "listwalletjobs"), StringComparison.Ordinal);
    }

    private static (int Id, string? Wallet, string? Kind, string? State) Told(JsonElement job) => (
        job.GetProperty("id").GetInt32(), job.GetProperty("wallet").GetString(), job.GetProperty("kind").GetString(), job.GetProperty("state").GetString());

    private static string Watching(string address) => DescriptorChecksum.Add($"addr({address})");

    private async Task<JsonElement> JobAsync(string wallet, int id) =>
        (await Wallets.CallAsync(wallet, "listwalletjobs")).EnumerateArray().Single(job => job.GetProperty("id").GetInt32() == id);

    // A coin of the chain's, mature, and no wallet of these tests knows it yet.
    private async Task<string> PaidAsync()
    {
        await Wallets.CallAsync("", "createwallet", "\"source\"");
        var address = (await Wallets.CallAsync("source", "getnewaddress")).GetString()!;
        await _attached.Node.AskAsync($$"""{"method":"generatetoaddress","params":[1,"{{address}}"]}""");
        await _attached.Node.AskAsync("""{"method":"generatetodescriptor","params":[100,"raw(51)#8lvh9jxk"]}""");
        await Wallets.CallAsync("source", "getbalance");
        return address;
    }

    private static async Task UntilAsync(Func<Task<bool>> isTrue)
    {
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(60));
        while (!await isTrue())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
