using System.Globalization;
using System.Security.Cryptography;
using Dash.Functional.Framework;
using Dash.Primitives.Scripts;

namespace Dash.Functional.Tests;

/// <summary>
/// Who follows the events of a wallet by a stream, a WebSocket, a webhook or commands misses none and gets none out of order, however many
/// come at once and however often the consumer is killed.
/// </summary>
public sealed class EventDeliveryTests
{
    private const int PaymentsOfBlock = 5_000;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Long: DASH_FAULTS says how often each consumer is killed, DASH_EVENTS during how many events.
    [Fact]
    public async Task Consumers_that_are_killed_while_events_flow_miss_none_and_get_none_twice_but_the_one_under_way()
    {
        var (kills, most) = (FaultCount.Or(12), FaultCount.EventsOr(1_000));
        using TempDirectory directory = new();
        var secret = Path.Combine(directory.Path, "secret");
        await File.WriteAllTextAsync(secret, "0123456789abcdef0123456789abcdef\n", Ct);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        var port = Ports.Free();
        await using var webhook = EventConsumer.Webhook.At("alice", port, FaultCount.Seed);
        await using var cluster = await TestCluster.StartAsync(
            101, $"-walletwebhook=http://127.0.0.1:{port}/events", "-walletwebhooksecretfile=" + secret, $"-walletevents={2 * most}");
        TestContext.Current.SendDiagnosticMessage($"seed {FaultCount.Seed}");
        await using var stream = EventConsumer.Stream.Of(cluster.Wallet, "alice", 0, isSocket: false, FaultCount.Seed + 1);
        await using var socket = EventConsumer.Stream.Of(cluster.Wallet, "alice", 0, isSocket: true, FaultCount.Seed + 2);
        EventConsumer[] all = [stream, socket, webhook];
        var killing = Task.WhenAll(all.Select((consumer, i) => KillAsync(consumer, kills, most, new Random(FaultCount.Seed + i))));

        // Each payment that comes in a full block is two events.
        var blocks = await FullAsync(cluster, most / 2);
        await FundBobAsync(cluster);
        List<(string Txid, long Asked)> paid = [];
        for (var newest = 0L; newest < most || !killing.IsCompleted; newest = await NewestAsync(cluster))
        {
            await blocks.MineAsync(Math.Min(PaymentsOfBlock, most / 20));
            await PayAsync(cluster, 10, paid);
            await cluster.MineAsync(1);
        }

        await killing;
        await EndAsync(cluster, all);
        var (flowing, calm) = (paid.Count, 100);
        await PayAsync(cluster, calm, paid);
        var (count, digest) = await EndAsync(cluster, all);
        foreach (var consumer in all)
        {
            Assert.Equal(kills, consumer.Kills);
            Assert.True(consumer.Again <= kills, $"{consumer.Again} events came again after {kills} kills");
            Assert.Equal(digest, consumer.Digest);
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{count} events, {kills} kills of each consumer, 0 gaps; {webhook.Again} posted once more; from call to event, of {calm} payments after that, "
            + $"{string.Join("; ", all.Select(consumer => Latency(consumer, paid.Skip(flowing))))}; of {flowing} before, "
            + string.Join("; ", all.Select(consumer => Latency(consumer, paid.Take(flowing)))));
    }

    // Long: DASH_FAULTS says how many payments the block has.
    [Fact]
    public async Task A_block_full_of_payments_runs_a_command_for_each_and_never_more_than_four_at_once()
    {
        using TempDirectory directory = new();
        var told = Path.Combine(directory.Path, "told");
        await using var cluster = await TestCluster.StartAsync(101, $"-walletnotify=echo begin %s >> '{told}'; echo end %s >> '{told}'");
        var before = await SettledAsync(told, 2 * 101); // of what was mined
        var blocks = await FullAsync(cluster, FaultCount.Or(60));
        var watch = System.Diagnostics.Stopwatch.StartNew();
        var paid = await blocks.MineAsync(FaultCount.Or(60));
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        var stored = watch.Elapsed;
        var lines = (await SettledAsync(told, before.Count + (2 * paid.Count)))[before.Count..];
        var (now, most) = (0, 0);
        foreach (var line in lines)
        {
            now += line.StartsWith("begin", StringComparison.Ordinal) ? 1 : -1;
            most = Math.Max(most, now);
        }

        TestContext.Current.SendDiagnosticMessage(
            $"{paid.Count} payments in a block, stored after {stored.TotalSeconds:F2} s, {lines.Count / 2} commands after {watch.Elapsed.TotalSeconds:F1} s, {most} at once at most");
        Assert.InRange(most, 1, 4);
        Assert.Equal(
            paid.Select(static txid => $"end {txid}").Order(StringComparer.Ordinal),
            lines.Where(static line => line.StartsWith("end", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
    }

    private static async Task<FullBlocks> FullAsync(TestCluster cluster, int payments)
    {
        var info = await cluster.Alice.CallAsync("getaddressinfo", cluster.MiningAddress);
        FullBlocks blocks = new(cluster.Node, Script.FromHex(info.GetProperty("scriptPubKey").GetString()!));
        await blocks.PrepareAsync(payments);
        return blocks;
    }

    private static async Task<List<string>> SettledAsync(string file, int lines)
    {
        List<string> read = [];
        await Wait.Reaches("commands have run", lines, async () => (read = File.Exists(file) ? [.. await File.ReadAllLinesAsync(file, Ct)] : []).Count);
        return read;
    }

    // With some coins, so that there is no long chain of payments that are in no block.
    private static async Task FundBobAsync(TestCluster cluster)
    {
        Dictionary<string, object?> coins = [];
        for (var i = 0; i < 10; i++) coins[await cluster.Bob.TextAsync("getnewaddress")] = 20m;
        await cluster.Alice.CallAsync("sendmany", "", coins);
        await cluster.MineAsync(1);
    }

    // Bob pays alice.
    private static async Task PayAsync(TestCluster cluster, int times, List<(string Txid, long Asked)> paid)
    {
        for (var i = 0; i < times; i++)
        {
            var asked = TimeProvider.System.GetTimestamp();
            paid.Add((await cluster.Bob.TextAsync("sendtoaddress", cluster.MiningAddress, 0.001m), asked));
        }
    }

    private static async Task<long> NewestAsync(TestCluster cluster) =>
        (await cluster.Alice.CallAsync("waitforwalletevent", 0, 0, 1)).GetProperty("newest").GetInt64();

    // At random places of all that comes; one that is fast or slow is killed there too.
    private static async Task KillAsync(EventConsumer consumer, int times, int events, Random random)
    {
        var places = Enumerable.Range(0, times).Select(_ => random.Next(1, events)).Order().ToList();
        foreach (var place in places)
        {
            await Wait.Reaches("more events have come", place, () => Task.FromResult(consumer.Violation is null ? consumer.Taken : place));
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 150)), TimeProvider.System, Ct);
            await consumer.KillAsync();
        }
    }

    // All have what the log has: so many events, with this digest.
    private static async Task<(long Count, string Digest)> EndAsync(TestCluster cluster, EventConsumer[] all)
    {
        await cluster.MineAsync(1);
        await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
        var newest = await NewestAsync(cluster);
        foreach (var consumer in all)
        {
            await Wait.Reaches($"{consumer.GetType().Name} has all", newest, () => Task.FromResult(consumer.Violation is null ? consumer.Taken : newest), cluster.Wallet.LastLog);
            Assert.Null(consumer.Violation);
            Assert.Equal(newest, consumer.Taken);
        }

        using var digest = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var since = 0L;
        while (since < newest)
        {
            var page = await cluster.Alice.CallAsync("waitforwalletevent", since, 0, 5000);
            foreach (var line in page.GetProperty("events").EnumerateArray())
            {
                Assert.Equal(++since, line.GetProperty("seq").GetInt64());
                EventConsumer.Append(digest, line.GetRawText());
            }
        }

        return (newest, Convert.ToHexStringLower(digest.GetCurrentHash()));
    }

    // From the moment a payment was asked for until its first event was there, which is more than what the event itself takes; of those in
    // whose time the consumer was not killed.
    private static string Latency(EventConsumer consumer, IEnumerable<(string Txid, long Asked)> paid)
    {
        List<double> times = [];
        foreach (var (txid, asked) in paid)
        {
            if (consumer.Heard(txid, asked) is (var ticks, true)) times.Add(TimeProvider.System.GetElapsedTime(asked, ticks).TotalMilliseconds);
        }

        times.Sort();
        return times.Count == 0 ? "none" : string.Create(
            CultureInfo.InvariantCulture, $"p50 {times[times.Count / 2]:F1} ms p99 {times[times.Count * 99 / 100]:F1} ms of {times.Count}");
    }
}
