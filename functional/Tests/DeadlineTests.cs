using System.Globalization;
using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>What a caller is told whose deadline passes somewhere within a call: nothing was done, or it was.</summary>
public sealed class DeadlineTests
{
    private const int NothingDone = -60;
    private const int AnswerTooLate = -62;
    private const string Words = "secret words";

    // From before the effect to long after it, on a quick machine and a slow one.
    private static readonly double[] Seconds = [0.001, 0.005, 0.01, 0.02, 0.04, 0.08, 0.16, 0.32, 5];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_deadline_within_createwallet_says_whether_there_is_a_wallet()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1);
        foreach (var seconds in Seconds)
        {
            var name = "w" + (seconds * 1000).ToString("F0", CultureInfo.InvariantCulture);
            var code = await CallAsync(cluster.Wallet.Rpc, seconds, "createwallet", name);
            await RequireAsync(code, async () => (await cluster.Wallet.Rpc.CallAsync("listwallets")).EnumerateArray().Any(wallet => wallet.GetString() == name));
        }
    }

    [Fact]
    public async Task A_deadline_within_walletpassphrase_says_whether_the_wallet_is_open()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 1);
        await cluster.Wallet.Rpc.CallAsync("createwallet", "carol");
        var carol = cluster.Wallet.Rpc.Wallet("carol");
        await carol.CallAsync("encryptwallet", Words);
        foreach (var seconds in Seconds)
        {
            await carol.CallAsync("walletlock");
            var code = await CallAsync(carol, seconds, "walletpassphrase", Words, 1000);
            Assert.NotEqual(AnswerTooLate, code);
            await RequireAsync(code, async () => (await carol.CallAsync("getwalletinfo")).GetProperty("unlocked_until").GetInt64() != 0);
        }
    }

    [Fact]
    public async Task A_deadline_within_an_import_says_whether_the_descriptor_is_there()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        await cluster.Wallet.Rpc.CallAsync("createwallet", "watcher", true);
        var watcher = cluster.Wallet.Rpc.Wallet("watcher");
        foreach (var seconds in Seconds)
        {
            var address = await cluster.Bob.TextAsync("getnewaddress");
            var descriptor = (await cluster.Node.Rpc.CallAsync("getdescriptorinfo", $"addr({address})")).GetProperty("descriptor").GetString();
            var code = await CallAsync(watcher, seconds, "importdescriptors", (object)new[] { new Dictionary<string, object?> { ["desc"] = descriptor, ["timestamp"] = 0 } });
            await RequireAsync(code, async () => (await watcher.CallAsync("getaddressinfo", address)).GetProperty("ismine").GetBoolean());
            await SearchedAsync(watcher);
        }
    }

    [Fact]
    public async Task A_deadline_within_a_rescan_says_whether_it_goes_on()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        foreach (var seconds in Seconds)
        {
            var before = await JobsAsync(cluster.Alice);
            var code = await CallAsync(cluster.Alice, seconds, "rescanblockchain");
            await RequireAsync(code, async () => await JobsAsync(cluster.Alice) > before);
            await SearchedAsync(cluster.Alice);
        }
    }

    // What is told as not done must never come either.
    private static async Task RequireAsync(int code, Func<Task<bool>> isDoneAsync)
    {
        if (code == NothingDone)
        {
            await Task.Delay(TimeSpan.FromMilliseconds(300), TimeProvider.System, Ct);
        }
        else if (code == AnswerTooLate)
        {
            await Wait.Until("what goes on shows", isDoneAsync);
        }

        Assert.Equal(code != NothingDone, await isDoneAsync());
    }

    private static async Task<int> CallAsync(RpcConnection rpc, double seconds, string method, params object?[] arguments)
    {
        var (_, body) = await rpc.PostAsync(
            RpcConnection.Request(method, arguments), ("Request-Timeout", seconds.ToString(CultureInfo.InvariantCulture)));
        using var reply = JsonDocument.Parse(body);
        var error = reply.RootElement.GetProperty("error");
        if (error.ValueKind == JsonValueKind.Null)
        {
            return 0;
        }

        var code = error.GetProperty("code").GetInt32();
        Assert.True(code is NothingDone or AnswerTooLate, body);
        return code;
    }

    private static Task SearchedAsync(RpcConnection wallet) => Wait.Until(
        "the search is over", async () => (await wallet.CallAsync("getwalletinfo")).GetProperty("scanning").ValueKind == JsonValueKind.False);

    private static async Task<int> JobsAsync(RpcConnection wallet) => (await wallet.CallAsync("listwalletjobs")).GetArrayLength();
}
