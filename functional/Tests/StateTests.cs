using System.Globalization;
using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Replies that say which state they reflect, requests that wait for one, batches that are answered from one.</summary>
public sealed class StateTests
{
    private const int NotReached = -61;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_reply_says_what_it_reflects_when_it_is_asked_and_only_then()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 103);
        var request = RpcConnection.Request("getbalance");
        var (_, plain) = await cluster.Alice.PostAsync(request);
        Assert.EndsWith("\"error\":null,\"id\":1}\n", plain, StringComparison.Ordinal);
        var (_, told) = await cluster.Alice.PostAsync(request, ("Request-State", "1"));
        Assert.StartsWith(plain.TrimEnd('\n', '}'), told, StringComparison.Ordinal);
        var state = State(told);
        Assert.Equal(103, Height(state));
        Assert.Equal(await cluster.Node.Rpc.TextAsync("getbestblockhash"), state.GetProperty("lastprocessedblock").GetProperty("hash").GetString());
        var newest = (await cluster.Alice.CallAsync("waitforwalletevent", 0, 0)).GetProperty("newest").GetInt64();
        Assert.Equal(newest, state.GetProperty("seq").GetInt64());

        // What changes something tells the state with the change in it; what is refused tells it too.
        var (_, paid) = await cluster.Alice.PostAsync(Asking("sendtoaddress", "\"state\":true", await cluster.Bob.TextAsync("getnewaddress"), 1m));
        Assert.True(State(paid).GetProperty("seq").GetInt64() > newest);
        var (_, refused) = await cluster.Alice.PostAsync(Asking("sendtoaddress", "\"state\":true", cluster.MiningAddress, 1_000_000m));
        Assert.Contains("\"code\":-6", refused, StringComparison.Ordinal);
        Assert.Equal(103, Height(State(refused)));

        // What is about no wallet has none.
        var (_, other) = await cluster.Wallet.Rpc.PostAsync(Asking("listwallets", "\"state\":true"));
        Assert.DoesNotContain("lastprocessedblock", other, StringComparison.Ordinal);
        var (_, wrong) = await cluster.Alice.PostAsync(Asking("getbalance", "\"state\":1"));
        Assert.Contains("state must be true or false", wrong, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_request_waits_for_a_block_or_an_event_until_its_deadline()
    {
        await using var cluster = await TestCluster.StartAsync(101, "-rpcwaitlimit=2", "-rpcthreads=1", "-rpcworkqueue=2");
        var waiting = cluster.Alice.PostAsync(Asking("getbalances", "\"min_height\":103,\"state\":true"));
        await cluster.MineAsync(1);
        Assert.Equal(102, (await cluster.Alice.CallAsync("getwalletinfo")).GetProperty("lastprocessedblock").GetProperty("height").GetInt32());
        Assert.False(waiting.IsCompleted);
        await cluster.MineAsync(1);
        Assert.Equal(103, Height(State((await waiting).Body)));

        // In a batch all is waited for before the first one is begun.
        var event0 = (await cluster.Alice.CallAsync("waitforwalletevent", 0, 0)).GetProperty("newest").GetInt64();
        var batch = cluster.Alice.PostAsync($"[{Asking("getblockcountless", "\"min_height\":1")},{Asking("getbalance", $"\"min_seq\":{event0 + 1},\"state\":true")}]");
        await cluster.MineAsync(1);
        Assert.True(State(JsonDocument.Parse((await batch).Body).RootElement[1]).GetProperty("seq").GetInt64() > event0);

        // What does not come in time is refused with a code of its own, and nothing is done.
        var address = await cluster.Bob.TextAsync("getnewaddress");
        var (_, late) = await cluster.Alice.PostAsync(
            RpcConnection.Request("sendtoaddress", address, 1m), ("Request-Min-Height", "5000"), ("Request-Timeout", "0.3"));
        Assert.Contains($"\"code\":{NotReached}", late, StringComparison.Ordinal);
        Assert.Contains("The wallet is at block 104", late, StringComparison.Ordinal);
        Assert.Equal(0m, await cluster.Bob.AmountAsync("getunconfirmedbalance"));

        // Who waits keeps nobody else from being served, and not everybody may wait: two do, two more are in the queue.
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var patient = Enumerable.Range(0, 5).Select(_ => WaitAsync(ended.Token)).ToList();
        var first = await Task.WhenAny(patient);
        Assert.Equal("Work queue depth exceeded", await first);
        Assert.True(await cluster.Alice.AmountAsync("getbalance") > 0);
        Assert.Equal(4, patient.Count(static task => !task.IsCompleted));
        await ended.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(patient));

        async Task<string> WaitAsync(CancellationToken patience) =>
            await cluster.Alice.PostAsync(Asking("getbalance", "\"min_height\":9000"), patience);
    }

    [Fact]
    public async Task A_batch_can_be_answered_from_one_state_also_through_the_node()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20");
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "alice");
        var alice = node.Rpc.Wallet("alice");
        var mining = await alice.TextAsync("getnewaddress");
        await node.MineAsync(101, mining);
        await alice.CallAsync("getbalance");

        // Single requests tell and wait through the node as they do with the wallet's own port.
        var (_, told) = await alice.PostAsync(Asking("getbalance", "\"state\":true,\"min_height\":101"));
        Assert.Equal(101, Height(State(told)));
        var (_, late) = await alice.PostAsync(Asking("getbalance", "\"min_height\":102"), ("Request-Timeout", "0.3"));
        Assert.Contains($"\"code\":{NotReached}", late, StringComparison.Ordinal);

        // A payment in the middle is not in what the others read.
        var pay = Asking("sendtoaddress", "\"state\":true", mining, 1m);
        const string one = "\"snapshot\":true,\"state\":true";
        var (_, body) = await alice.PostAsync(
            $"[{Asking("getbalances", one)},{pay},{Asking("getbalances", one)},{Asking("listtransactions", one, "*", 1000)},{Asking("getwalletinfo", one)},{Asking("getbalances", "\"state\":true")}]");
        using var reply = JsonDocument.Parse(body);
        var parts = reply.RootElement.EnumerateArray().ToList();
        Assert.All(parts, static part => Assert.Equal(JsonValueKind.Null, part.GetProperty("error").ValueKind));
        Assert.Equal(parts[0].GetProperty("result").GetRawText(), parts[2].GetProperty("result").GetRawText());
        Assert.Equal(State(parts[0]).GetRawText(), State(parts[4]).GetRawText());
        var count = parts[4].GetProperty("result").GetProperty("txcount").GetInt32();
        Assert.Equal(101, count);
        Assert.Equal(count, parts[3].GetProperty("result").GetArrayLength());
        Assert.True(State(parts[5]).GetProperty("seq").GetInt64() > State(parts[0]).GetProperty("seq").GetInt64());
        Assert.NotEqual(parts[0].GetProperty("result").GetRawText(), parts[5].GetProperty("result").GetRawText());

        // What waits for others is not begun in one, nor what the node answers.
        var (_, refused) = await alice.PostAsync($"[{Asking("unloadwallet", one)},{Asking("waitforwalletevent", one)},{Asking("getbalance", one)}]");
        var answers = JsonDocument.Parse(refused).RootElement.EnumerateArray().ToList();
        Assert.Equal([-8, -8], answers.Take(2).Select(static part => part.GetProperty("error").GetProperty("code").GetInt32()));
        Assert.Equal(JsonValueKind.Number, answers[2].GetProperty("result").ValueKind);
        var (_, mixed) = await alice.PostAsync($"[{Asking("getbalance", one)},{Asking("getblockcount", "\"id\":2")}]");
        Assert.Contains("for the wallet only", mixed, StringComparison.Ordinal);
        await node.StopAsync();
    }

    // Blocks that come at once may be told by one event. Long: DASH_FAULTS says how many pairs of an event and a balance.
    [Fact]
    public async Task No_balance_is_older_than_the_block_that_was_announced()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 103);
        var (wanted, blocks) = (FaultCount.Or(40), 0);
        var since = (await cluster.Alice.CallAsync("waitforwalletevent", 0, 0)).GetProperty("newest").GetInt64();
        List<(int Announced, int Reflected, decimal Owned)> pairs = [];
        var watching = Task.Run(async () =>
        {
            while (pairs.Count < wanted)
            {
                var page = await cluster.Alice.CallAsync("waitforwalletevent", since, 10_000, 1);
                since = page.GetProperty("next").GetInt64();
                foreach (var line in page.GetProperty("events").EnumerateArray().Where(static line => line.GetProperty("type").GetString() == "block"))
                {
                    var (_, body) = await cluster.Alice.PostAsync(RpcConnection.Request("getbalances"), ("Request-State", "1"), ("Request-Min-Seq", since.ToString(CultureInfo.InvariantCulture)));
                    using var reply = JsonDocument.Parse(body);
                    var balances = reply.RootElement.GetProperty("result");
                    Assert.Equal(balances.GetProperty("lastprocessedblock").GetRawText(), State(reply.RootElement).GetProperty("lastprocessedblock").GetRawText());
                    Assert.True(State(reply.RootElement).GetProperty("seq").GetInt64() >= since);
                    pairs.Add((line.GetProperty("height").GetInt32(), Height(State(reply.RootElement)), TestWallet.Owned(balances)));
                }
            }
        }, Ct);
        for (; !watching.IsCompleted; blocks++) await cluster.MineAsync(1);
        await watching;

        // All of the chain is alice's, so the sum at each height is known once all is done.
        var made = (await cluster.Alice.CallAsync("listtransactions", "*", 1_000_000)).EnumerateArray()
            .ToDictionary(static line => line.GetProperty("blockheight").GetInt32(), static line => line.GetProperty("amount").GetDecimal());
        Assert.Equal(103 + blocks, made.Count);
        var sums = new decimal[made.Count + 1];
        for (var height = 1; height < sums.Length; height++) sums[height] = sums[height - 1] + made[height];
        Assert.All(pairs, pair =>
        {
            Assert.True(pair.Reflected >= pair.Announced, $"{pair}");
            Assert.Equal(sums[pair.Reflected], pair.Owned);
        });
        TestContext.Current.SendDiagnosticMessage($"{pairs.Count} pairs of a block's event and a balance, 0 stale");
        Assert.True(pairs.Count >= wanted);
    }

    private static string Asking(string method, string members, params object?[] arguments) =>
        string.Concat(RpcConnection.Request(method, arguments).AsSpan()[..^1], ",", members, "}");

    private static JsonElement State(string body)
    {
        using var reply = JsonDocument.Parse(body);
        return State(reply.RootElement).Clone();
    }

    private static JsonElement State(JsonElement reply) => reply.GetProperty("state");

    private static int Height(JsonElement state) => state.GetProperty("lastprocessedblock").GetProperty("height").GetInt32();
}
