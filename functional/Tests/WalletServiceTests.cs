using System.Net;
using System.Text.Json;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>What callers and watchers of the daemon rely on: health, states, keys of payments, deadlines, spooling, events.</summary>
public sealed class WalletServiceTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Health_and_states_follow_the_node()
    {
        var port = Ports.Free();
        await using var cluster = await TestCluster.StartAsync(blocks: 101, "-healthbind=127.0.0.1:" + port);
        using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:" + port) };
        await Wait.Until("ready", async () => (await http.GetAsync("/health/ready", Ct)).IsSuccessStatusCode);
        Assert.Equal("connected", await StateAsync(cluster));
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/startup", Ct)).StatusCode);

        await cluster.Node.KillAsync();
        await Wait.Until("not ready", async () => (await http.GetAsync("/health/ready", Ct)).StatusCode == HttpStatusCode.ServiceUnavailable);
        Assert.Equal(HttpStatusCode.OK, (await http.GetAsync("/health/live", Ct)).StatusCode);
        Assert.Equal("disconnected", await StateAsync(cluster));
        var info = await cluster.Wallet.Rpc.CallAsync("getrpcinfo");
        Assert.Equal("disconnected", info.GetProperty("node").GetProperty("state").GetString());
        Assert.NotEmpty(info.GetProperty("node").GetProperty("waiting").GetString()!);

        await cluster.Node.StartAsync();
        await Wait.Until("ready again", async () => (await http.GetAsync("/health/ready", Ct)).IsSuccessStatusCode);
        await cluster.Wallet.Rpc.CallAsync("createwallet", "a \"name\" \\ of its own");
        Assert.Contains("\"code\":-60", (await cluster.Alice.PostAsync(RpcConnection.Request("getnewaddress"), ("Request-Deadline", "1"))).Body, StringComparison.Ordinal);
        var metrics = await http.GetStringAsync("/metrics", Ct);
        MetricsFormat.ShouldBeRight(metrics);
        Assert.Contains("dash_rpc_expired_total 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dash_wallet_node_attached_total 2\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dash_wallet_node_state{state=\"connected\"} 1\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dash_wallet_height{wallet=\"alice\"} 101\n", metrics, StringComparison.Ordinal);
        Assert.Contains("dash_rpc_calls_total{method=\"getwalletinfo\"}", metrics, StringComparison.Ordinal);
        Assert.Contains("Node: disconnected", cluster.Wallet.ReadLog(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_node_and_the_wallet_it_started_each_tell_how_they_are()
    {
        var (ofNode, ofWallet) = (Ports.Free(), Ports.Free());
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, "-keypool=20", $"-healthbind=127.0.0.1:{ofNode}", $"-wallethealthbind=127.0.0.1:{ofWallet}");
        await node.StartAsync();
        await node.Rpc.CallAsync("createwallet", "alice");
        await node.MineAsync(3, await node.Rpc.Wallet("alice").TextAsync("getnewaddress"));
        using var http = new HttpClient();
        foreach (var port in (int[])[ofNode, ofWallet])
        {
            await Wait.Until("ready", async () => (await http.GetAsync(new Uri($"http://127.0.0.1:{port}/health/ready"), Ct)).IsSuccessStatusCode);
        }

        var numbers = await http.GetStringAsync(new Uri($"http://127.0.0.1:{ofNode}/metrics"), Ct);
        MetricsFormat.ShouldBeRight(numbers);
        Assert.Contains("dash_node_ready 1\n", numbers, StringComparison.Ordinal);
        Assert.Contains("dash_node_height 3\n", numbers, StringComparison.Ordinal);

        // Numbers are what is known when they are asked for; a read of the wallet waits for the blocks.
        await node.Rpc.Wallet("alice").CallAsync("getbalances");
        numbers = await http.GetStringAsync(new Uri($"http://127.0.0.1:{ofWallet}/metrics"), Ct);
        Assert.Contains("dash_wallet_height{wallet=\"alice\"} 3\n", numbers, StringComparison.Ordinal);
    }

    // Each method that pays or sets coins aside for a payment, by both ways to give a key.
    [Fact]
    public async Task Every_method_that_spends_does_under_a_key_what_it_does_once()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 130);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        Dictionary<string, object?> output = new() { [to] = 0.5m };
        Dictionary<string, object?> locking = new() { ["lockUnspents"] = true };
        var raw = await cluster.Node.Rpc.TextAsync("createrawtransaction", Array.Empty<object>(), output);
        (string Method, object?[] Arguments, object?[] Others)[] calls =
        [
            ("sendtoaddress", [to, 0.5m], [to, 0.6m]),
            ("sendmany", ["", output], ["", new Dictionary<string, object?> { [to] = 0.6m }]),
            ("send", [output], [new Dictionary<string, object?> { [to] = 0.6m }]),
            ("send", [output, null, "unset", null, new Dictionary<string, object?> { ["add_to_wallet"] = false, ["lock_unspents"] = true }], [output]),
            ("fundrawtransaction", [raw, locking], [raw, new Dictionary<string, object?> { ["lockUnspents"] = false }]),
            ("consolidatecoins", [600m, null, new Dictionary<string, object?> { ["max_inputs"] = 2 }], [600m]),
            ("walletcreatefundedpsbt", [Array.Empty<object>(), output, 0, locking], [Array.Empty<object>(), output, 1, locking]),
        ];
        List<(string Key, string Request, string Answer)> done = [];
        foreach (var (method, arguments, others) in calls)
        {
            foreach (var isHeader in (bool[])[false, true])
            {
                var key = $"{method}-{done.Count}";
                var request = RpcConnection.Request(method, arguments);
                var (sent, locked) = (await CountAsync(cluster), (await cluster.Alice.CallAsync("listlockunspent")).GetArrayLength());
                var first = await AskAsync(key, request, isHeader);
                Assert.Contains("\"error\":null", first, StringComparison.Ordinal);
                var (sentOnce, lockedOnce) = (await CountAsync(cluster), (await cluster.Alice.CallAsync("listlockunspent")).GetArrayLength());
                Assert.Equal(sent + locked + 1, sentOnce + lockedOnce);
                Assert.Equal(first, await AskAsync(key, request, isHeader));
                Assert.Equal(first, await AskAsync(key, request, !isHeader));
                Assert.Equal(sentOnce, await CountAsync(cluster));
                Assert.Equal(lockedOnce, (await cluster.Alice.CallAsync("listlockunspent")).GetArrayLength());
                Assert.Contains("\"code\":-8", await AskAsync(key, RpcConnection.Request(method, others), isHeader), StringComparison.Ordinal);
                done.Add((key, request, first));
            }
        }

        await cluster.Wallet.KillAsync();
        await cluster.RestartWalletAsync();
        var before = await CountAsync(cluster);
        foreach (var (key, request, answer) in done) Assert.Equal(answer, await AskAsync(key, request, isHeader: true));
        Assert.Equal(before, await CountAsync(cluster));

        async Task<string> AskAsync(string key, string request, bool isHeader) => isHeader
            ? (await cluster.Alice.PostAsync(request, ("Idempotency-Key", key))).Body
            : (await cluster.Alice.PostAsync(request[..^1] + $",\"idempotency_key\":\"{key}\"}}")).Body;

        static async Task<int> CountAsync(TestCluster cluster) => (await cluster.Alice.CallAsync("getwalletinfo")).GetProperty("txcount").GetInt32();
    }

    [Fact]
    public async Task A_list_that_is_given_again_is_the_wallets_present_one()
    {
        var port = Ports.Free();
        await using var cluster = await TestCluster.StartAsync(blocks: 160, "-healthbind=127.0.0.1:" + port);
        using var http = new HttpClient { BaseAddress = new Uri("http://127.0.0.1:" + port) };
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        foreach (var (method, arguments) in ((string, object[])[])
            [("listsinceblock", []), ("listunspent", []), ("listreceivedbyaddress", [1, false, true, true, "", true])])
        {
            var request = RpcConnection.Request(method, arguments);
            var (_, first) = await cluster.Alice.PostAsync(request);
            var (_, again) = await cluster.Alice.PostAsync(request);
            Assert.Equal(first, again);
        }

        var metrics = await http.GetStringAsync("/metrics", Ct);
        MetricsFormat.ShouldBeRight(metrics);
        Assert.Contains("dash_rpc_kept_answers_total 3\n", metrics, StringComparison.Ordinal); // each the second time
        var coins = await cluster.Alice.CallAsync("listunspent");
        var spent = coins[0].GetProperty("txid").GetString();
        await cluster.Alice.CallAsync("lockunspent", false, (object[])[new Dictionary<string, object?> { ["txid"] = spent, ["vout"] = coins[0].GetProperty("vout").GetInt32() }]);
        Assert.Equal(coins.GetArrayLength() - 1, (await cluster.Alice.CallAsync("listunspent")).GetArrayLength());
        var before = (await cluster.Alice.CallAsync("listsinceblock")).GetProperty("transactions").GetArrayLength();
        var sent = await cluster.Alice.TextAsync("sendtoaddress", await cluster.Bob.TextAsync("getnewaddress"), 1m);
        var lines = (await cluster.Alice.CallAsync("listsinceblock")).GetProperty("transactions").EnumerateArray().ToList();
        Assert.Equal(before + 1, lines.Count);
        Assert.Equal(sent, lines[^1].GetProperty("txid").GetString());
        await cluster.MineAsync(1);
        Assert.Equal(1, (await cluster.Alice.CallAsync("listsinceblock")).GetProperty("transactions")
            .EnumerateArray().Single(line => line.GetProperty("txid").GetString() == sent).GetProperty("confirmations").GetInt32());
    }

    [Fact]
    public async Task What_waits_takes_no_places_of_what_waits_for_something_else()
    {
        await using var cluster = await TestCluster.StartAsync(
            blocks: 101, "-rpcstreamlimit=2", "-rpcwaitlimit=2", "-rpcworkqueue=2", "-rpcthreads=1", "-rpcservertimeout=600");
        List<HttpResponseMessage> streams = [];
        try
        {
            for (var i = 0; i < 3; i++)
            {
                streams.Add(await cluster.Alice.GetAsync("/events?since=0", Ct));
            }

            Assert.Equal([HttpStatusCode.OK, HttpStatusCode.OK, HttpStatusCode.ServiceUnavailable], streams.Select(static stream => stream.StatusCode));
            Assert.Equal(TimeSpan.FromSeconds(1), streams[2].Headers.RetryAfter?.Delta);

            // Two wait, two wait for their places, the next is refused; what else there is to do is done.
            var request = RpcConnection.Request("waitforwalletevent", -1, 600_000);
            var waits = Enumerable.Range(0, 6).Select(_ => cluster.Alice.PostAsync(request)).ToList();
            await Wait.Until("two are refused", () => Task.FromResult(
                waits.Count(static wait => wait.IsCompletedSuccessfully && wait.Result.Status == HttpStatusCode.ServiceUnavailable) == 2));
            await cluster.Alice.CallAsync("rescanblockchain", 90);
            await cluster.Bob.CallAsync("unloadwallet");
            await cluster.Wallet.Rpc.CallAsync("loadwallet", "bob");
            Assert.True((await cluster.Alice.CallAsync("getwalletinfo")).GetProperty("txcount").GetInt32() > 0);

            // An event ends two waits, those that waited for their places wait on, and a wallet that goes ends all.
            await cluster.MineAsync(1);
            await Wait.Until("an event is told", () => Task.FromResult(waits.Count(static wait => wait.IsCompleted) >= 4));
            await cluster.Alice.CallAsync("unloadwallet");
            await Task.WhenAll(waits);
        }
        finally
        {
            streams.ForEach(static stream => stream.Dispose());
        }
    }

    [Fact]
    public async Task History_comes_in_pages_that_nothing_moves()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 103);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        var all = (await cluster.Alice.CallAsync("listtransactions", "*", 1000)).EnumerateArray().Select(static line => line.GetProperty("txid").GetString()).ToList();
        List<string?> paged = [];
        long? cursor = 0;
        while (cursor is { } from)
        {
            var page = await cluster.Alice.CallAsync("listhistory", from, 20);
            paged.AddRange(page.GetProperty("transactions").EnumerateArray().Select(static line => line.GetProperty("txid").GetString()));
            cursor = page.TryGetProperty("next", out var next) ? next.GetInt64() : null;
            await cluster.MineAsync(1);
        }

        paged.Reverse();
        Assert.Equal(all, paged);

        // The other way round, and only some.
        List<string?> upwards = [];
        for (cursor = 0; cursor is { } from && upwards.Count < all.Count;)
        {
            var page = await PageAsync(from, 20, new() { ["ascending"] = true });
            upwards.AddRange(page.Ids);
            cursor = page.Next;
        }

        Assert.Equal(all, upwards.Take(all.Count));
        var labelled = await cluster.Alice.TextAsync("getnewaddress", "shop");
        var paid = await cluster.Bob.TextAsync("getnewaddress");
        List<string> toShop = [];
        for (var i = 0; i < 3; i++) toShop.Add(await cluster.Alice.TextAsync("sendtoaddress", labelled, 1m + i));
        await cluster.Alice.TextAsync("sendtoaddress", paid, 1m);
        var byAddress = await PageAsync(0, 2, new() { ["ascending"] = true, ["address"] = labelled });
        Assert.Equal(toShop.Take(2), byAddress.Ids.Distinct());
        Assert.Equal(toShop.Skip(2), (await PageAsync(byAddress.Next!.Value, 2, new() { ["ascending"] = true, ["address"] = labelled })).Ids.Distinct());
        Assert.Equal<string?>(toShop, (await PageAsync(0, 10, new() { ["ascending"] = true }, "shop")).Ids);
        Assert.Empty((await PageAsync(0, 10, new() { ["lock"] = "chainlocked" })).Ids);
        Assert.NotEmpty((await PageAsync(0, 10, new() { ["lock"] = "none" })).Ids);
        var time = (await cluster.Alice.CallAsync("gettransaction", toShop[2])).GetProperty("time").GetInt64();
        Assert.Contains(toShop[2], (await PageAsync(0, 10, new() { ["from"] = time, ["until"] = time + 1 })).Ids);
        Assert.Empty((await PageAsync(0, 10, new() { ["from"] = time + 100_000 })).Ids);
        Assert.Equal(-8, (await cluster.Alice.RefusedAsync("listhistory", 0, 10, null, new Dictionary<string, object?> { ["lock"] = "x" })).Code);
        Assert.Equal(-5, (await cluster.Alice.RefusedAsync("listhistory", 0, 10, null, new Dictionary<string, object?> { ["address"] = "x" })).Code);
        Assert.Equal(-8, (await cluster.Alice.RefusedAsync("listhistory", -1)).Code);
        Assert.Equal(-8, (await cluster.Alice.RefusedAsync("listhistory", 0, 1001)).Code);

        async Task<(List<string?> Ids, long? Next)> PageAsync(long from, int count, Dictionary<string, object?> options, string? label = null)
        {
            var page = await cluster.Alice.CallAsync("listhistory", from, count, label, options);
            return ([.. page.GetProperty("transactions").EnumerateArray().Select(static line => line.GetProperty("txid").GetString())],
                page.TryGetProperty("next", out var next) ? next.GetInt64() : null);
        }
    }

    [Fact]
    public async Task A_payment_asked_for_twice_under_one_key_is_made_once()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 103);
        var address = await cluster.Bob.TextAsync("getnewaddress");
        var once = cluster.Alice.WithMember("idempotency_key", "invoice-1");
        var together = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => once.TextAsync("sendtoaddress", address, 1m)));
        Assert.Single(together.Distinct());
        Assert.Equal(-8, (await once.RefusedAsync("sendtoaddress", address, 2m)).Code);

        var request = RpcConnection.Request("sendmany", "", new Dictionary<string, object?> { [address] = 0.5m });
        var (_, first) = await cluster.Alice.PostAsync(request, ("Idempotency-Key", "invoice-2"));
        var (_, second) = await cluster.Alice.PostAsync(request, ("Idempotency-Key", "invoice-2"));
        Assert.Equal(first, second);

        await cluster.Wallet.KillAsync();
        await cluster.RestartWalletAsync();
        Assert.Equal(together[0], await once.TextAsync("sendtoaddress", address, 1m));
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");
        Assert.Equal(1.5m, await cluster.Bob.AmountAsync("getbalance"));
    }

    [Fact]
    public async Task A_request_whose_deadline_has_passed_has_no_effect()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        var address = await cluster.Bob.TextAsync("getnewaddress");
        var (_, late) = await cluster.Alice.PostAsync(RpcConnection.Request("sendtoaddress", address, 1m), ("Request-Deadline", "1000000000"));
        Assert.Contains("\"code\":-60", late, StringComparison.Ordinal);
        Assert.Equal(-60, (await cluster.Alice.WithMember("deadline", 1_000_000_000).RefusedAsync("sendtoaddress", address, 1m)).Code);
        Assert.Equal(0, (await cluster.Node.Rpc.CallAsync("getrawmempool")).GetArrayLength());
        var (_, neither) = await cluster.Alice.PostAsync(RpcConnection.Request("sendtoaddress", address, 1m), ("Request-Spool", "yes"));
        Assert.Contains("\"code\":-8", neither, StringComparison.Ordinal);
        var (_, timely) = await cluster.Alice.PostAsync(RpcConnection.Request("sendtoaddress", address, 1m), ("Request-Timeout", "30"));
        Assert.Contains("\"error\":null", timely, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_a_node_payments_are_refused_or_on_request_kept_and_sent_later()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 103);
        var address = await cluster.Bob.TextAsync("getnewaddress");
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        await cluster.Node.KillAsync();
        await Wait.Until("the wallet has noticed", async () => await StateAsync(cluster) == "disconnected");
        Assert.Equal(-9, (await cluster.Alice.RefusedAsync("sendtoaddress", address, 1m)).Code);
        var txid = await cluster.Alice.WithMember("spool", true).TextAsync("sendtoaddress", address, 1m);
        Assert.NotEmpty(await cluster.Alice.TextAsync("getnewaddress"));

        // What is made and not sent needs none.
        object[] outputs = [new Dictionary<string, object?> { [address] = 1m }];
        var psbt = (await cluster.Alice.CallAsync("walletcreatefundedpsbt", Array.Empty<object>(), outputs)).GetProperty("psbt").GetString();
        Assert.True((await cluster.Alice.CallAsync("walletprocesspsbt", psbt)).GetProperty("complete").GetBoolean());
        Assert.NotEmpty((await cluster.Alice.CallAsync("send", outputs, null, null, null, new Dictionary<string, object?> { ["psbt"] = true })).GetProperty("psbt").GetString()!);
        Assert.Equal(-9, (await cluster.Alice.WithMember("spool", false).RefusedAsync("walletcreatefundedpsbt", Array.Empty<object>(), outputs)).Code);

        await cluster.Node.StartAsync();
        await Wait.Until("the payment is in the mempool", async () =>
            (await cluster.Node.Rpc.CallAsync("getrawmempool")).EnumerateArray().Any(id => id.GetString() == txid), cluster.Wallet.LastLog);
        await cluster.MineAsync(1);
        await cluster.ShouldAddUp();
    }

    [Fact]
    public async Task Events_come_in_order_without_gaps_over_long_poll_and_stream_and_restarts()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 101);
        var address = await cluster.Bob.TextAsync("getnewaddress");
        var waiting = cluster.Bob.CallAsync("waitforwalletevent", -1, 60_000);
        await Wait.Until("it waits", async () => (await cluster.Wallet.Rpc.CallAsync("getrpcinfo")).GetProperty("active_commands")
            .EnumerateArray().Any(static call => call.GetProperty("method").GetString() == "waitforwalletevent"));
        var txid = await cluster.Alice.TextAsync("sendtoaddress", address, 1m);
        var first = (await waiting).GetProperty("events")[0];
        Assert.Equal(("added", txid), (first.GetProperty("type").GetString(), first.GetProperty("txid").GetString()));
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");

        await cluster.Wallet.KillAsync();
        await cluster.RestartWalletAsync();
        var page = await cluster.Bob.CallAsync("waitforwalletevent", 0, 0);
        var lines = page.GetProperty("events").EnumerateArray().ToList();
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.GetProperty("seq").GetInt32()));
        Assert.Contains(lines, line => line.GetProperty("type").GetString() == "confirmed" && line.GetProperty("txid").GetString() == txid);

        using var stream = await cluster.Bob.GetAsync("/events?since=1", Ct);
        Assert.Equal("text/event-stream", stream.Content.Headers.ContentType?.MediaType);
        using var reader = new StreamReader(await stream.Content.ReadAsStreamAsync(Ct));
        var told = new List<string>();
        while (told.Count < lines.Count - 1)
        {
            var line = await reader.ReadLineAsync(Ct);
            if (line?.StartsWith("data: ", StringComparison.Ordinal) == true) told.Add(line[6..]);
        }

        Assert.Equal(lines.Skip(1).Select(line => line.GetRawText()), told);

        // A number that only another copy of the wallet can have told.
        Assert.Equal(-8, (await cluster.Bob.RefusedAsync("waitforwalletevent", 1_000_000, 0)).Code);
        using var other = await cluster.Bob.GetAsync("/events?since=1000000", Ct);
        using var text = new StreamReader(await other.Content.ReadAsStreamAsync(Ct));
        string? named;
        do named = await text.ReadLineAsync(Ct); while (named?.StartsWith("event: ", StringComparison.Ordinal) != true);
        Assert.Equal("event: restored", named);

        // What is refused says why.
        using var unnumbered = await cluster.Bob.GetAsync("/events?since=now", Ct);
        Assert.Equal(HttpStatusCode.BadRequest, unnumbered.StatusCode);
        Assert.StartsWith("since, or the header Last-Event-ID, must be", await unnumbered.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        using var nobody = await cluster.Wallet.Rpc.Wallet("nobody").GetAsync("/events", Ct);
        Assert.Equal(HttpStatusCode.NotFound, nobody.StatusCode);
        Assert.Equal("No wallet of this name is loaded\n", await nobody.Content.ReadAsStringAsync(Ct));
        using var denied = new HttpClient();
        Assert.Equal(HttpStatusCode.Unauthorized, (await denied.GetAsync($"http://127.0.0.1:{cluster.Wallet.Port}/wallet/bob/events", Ct)).StatusCode);
    }

    [Fact]
    public async Task A_node_that_would_take_back_too_much_is_waited_out_until_the_user_accepts_it()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 120, "-maxreorg=5");
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        await cluster.Wallet.KillAsync();
        var hash = await cluster.Node.Rpc.TextAsync("getblockhash", 110);
        await cluster.Node.Rpc.CallAsync("invalidateblock", hash);
        await cluster.Node.Rpc.CallAsync("generatetodescriptor", 15, "raw(51)#8lvh9jxk");
        await cluster.RestartWalletAsync();
        await Wait.Until("the wallet waits", async () => await StateAsync(cluster) == "wrong chain", cluster.Wallet.LastLog);
        var info = await cluster.Alice.CallAsync("getwalletinfo");
        Assert.Equal(120, info.GetProperty("lastprocessedblock").GetProperty("height").GetInt32());
        Assert.Contains("-maxreorg=5", info.GetProperty("node").GetProperty("waiting").GetString(), StringComparison.Ordinal);

        // For all wallets together the one that waits is named; and nothing is paid on such a chain unless it may wait too.
        var all = (await cluster.Wallet.Rpc.CallAsync("getrpcinfo")).GetProperty("node").GetProperty("waiting").GetString();
        Assert.Matches(@"^\[(alice|bob)\] its chain has left the wallet's", all);
        var to = await cluster.Alice.TextAsync("getnewaddress");
        var refused = await cluster.Alice.RefusedAsync("sendtoaddress", to, 1m);
        Assert.Equal(-9, refused.Code);
        Assert.StartsWith("Not connected to a node of the wallet's chain (its chain has left", refused.RpcMessage, StringComparison.Ordinal);
        Assert.Equal(-9, (await cluster.Alice.RefusedAsync("sendmany", "", new Dictionary<string, object?> { [to] = 1m })).Code);
        Assert.Empty((await cluster.Node.Rpc.CallAsync("getrawmempool")).EnumerateArray());
        var made = await cluster.Alice.CallAsync("walletcreatefundedpsbt", Array.Empty<object>(), new Dictionary<string, object?> { [to] = 1m });
        Assert.True(made.GetProperty("fee").GetDecimal() > 0);

        Assert.True((await cluster.Alice.CallAsync("acceptchain")).GetBoolean());
        await cluster.Bob.CallAsync("acceptchain"); // it may not have stored so much
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        Assert.Equal("connected", await StateAsync(cluster));
        await cluster.Alice.TextAsync("sendtoaddress", to, 1m);
    }

    [Fact]
    public async Task A_rescan_asked_for_as_a_job_goes_on_after_a_kill_and_keeps_its_result()
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 120);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        await cluster.Node.StopAsync();
        await Wait.Until("the wallet has noticed", async () => await StateAsync(cluster) == "disconnected");
        var id = (await cluster.Alice.CallAsync("startwalletjob", "rescan", 10)).GetProperty("id").GetInt32();
        Assert.Equal("running", await JobAsync(cluster));
        Assert.Equal(-4, (await cluster.Alice.RefusedAsync("startwalletjob", "rescan")).Code);

        await cluster.Wallet.KillAsync();
        await cluster.RestartWalletAsync();
        Assert.Equal("running", await JobAsync(cluster));
        await cluster.Node.StartAsync();
        await Wait.Until("the job is done", async () => await JobAsync(cluster) == "done", cluster.Wallet.LastLog);
        var job = (await cluster.Alice.CallAsync("listwalletjobs")).EnumerateArray().Last();
        Assert.Equal((id, 120), (job.GetProperty("id").GetInt32(), job.GetProperty("reached").GetInt32()));
        Assert.False((await cluster.Alice.CallAsync("abortwalletjob", id)).GetBoolean());
    }

    private static async Task<string?> JobAsync(TestCluster cluster) =>
        (await cluster.Alice.CallAsync("listwalletjobs")).EnumerateArray().Last().GetProperty("state").GetString();

    private static async Task<string?> StateAsync(TestCluster cluster) =>
        (await cluster.Alice.CallAsync("getwalletinfo")).GetProperty("node").GetProperty("state").GetString();
}
