using System.Globalization;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>
/// Who follows the events of a wallet by a stream, a WebSocket or a webhook and is killed again and again misses none and gets none out of order.
/// </summary>
public sealed class EventDeliveryTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // Long: DASH_FAULTS says how often each consumer is killed.
    [Fact]
    public async Task Consumers_that_are_killed_while_events_flow_miss_none_and_get_none_twice_but_the_one_under_way()
    {
        var kills = FaultCount.Or(12);
        using TempDirectory directory = new();
        var secret = Path.Combine(directory.Path, "secret");
        await File.WriteAllTextAsync(secret, "0123456789abcdef0123456789abcdef\n", Ct);
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(secret, UnixFileMode.UserRead);
        var port = Ports.Free();
        await using var webhook = EventConsumer.Webhook.At("alice", port, FaultCount.Seed);
        await using var cluster = await TestCluster.StartAsync(
            101, $"-walletwebhook=http://127.0.0.1:{port}/events", "-walletwebhooksecretfile=" + secret);
        TestContext.Current.SendDiagnosticMessage($"seed {FaultCount.Seed}");
        await using var stream = EventConsumer.Stream.Of(cluster.Wallet, "alice", 0, isSocket: false, FaultCount.Seed + 1);
        await using var socket = EventConsumer.Stream.Of(cluster.Wallet, "alice", 0, isSocket: true, FaultCount.Seed + 2);
        EventConsumer[] all = [stream, socket, webhook];
        Random random = new(FaultCount.Seed);
        using var enough = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var (to, paid) = (await cluster.Bob.TextAsync("getnewaddress"), new List<(string Txid, long Asked)>());
        var flowing = Task.Run(async () =>
        {
            while (!enough.IsCancellationRequested)
            {
                await cluster.MineAsync(random.Next(1, 20));
                for (var i = 0; i < 10; i++)
                {
                    var asked = TimeProvider.System.GetTimestamp();
                    paid.Add((await cluster.Alice.TextAsync("sendtoaddress", to, 0.001m), asked));
                }
            }
        }, Ct);
        await Task.WhenAll(all.Select((consumer, i) => KillAsync(consumer, kills, new Random(FaultCount.Seed + i))));
        await enough.CancelAsync();
        await flowing;

        var newest = (await cluster.Alice.CallAsync("waitforwalletevent", 0, 0, 1)).GetProperty("newest").GetInt64();
        await Wait.Until("all events have come", () => Array.TrueForAll(all, consumer => consumer.Violation is not null || consumer.Taken >= newest), () =>
            string.Join(", ", all.Select(consumer => $"{consumer.GetType().Name} {consumer.Taken} of {newest}")) + "\n" + cluster.Wallet.LastLog());
        var log = await LogAsync(cluster.Alice);
        foreach (var consumer in all)
        {
            Assert.Null(consumer.Violation);
            Assert.Equal(kills, consumer.Kills);
            Assert.True(consumer.Again <= kills, $"{consumer.Again} events came again after {kills} kills");
            Assert.Equal(log.TakeLast(consumer.Events.Count), consumer.Events.Select(static line => line.Text));
        }

        Assert.Equal(newest, stream.Events.Count);
        Assert.Equal(newest, socket.Events.Count);
        TestContext.Current.SendDiagnosticMessage(
            $"{newest} events, {kills} kills of each consumer, 0 gaps; {webhook.Again} posted once more; from call to event {string.Join("; ", all.Select(consumer => Latency(consumer, paid)))}");
    }

    private static async Task KillAsync(EventConsumer consumer, int times, Random random)
    {
        for (var i = 0; i < times; i++)
        {
            var from = consumer.Taken;
            await Wait.Until("more events have come", () => consumer.Violation is not null || consumer.Taken > from);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(1, 150)), TimeProvider.System, Ct);
            await consumer.KillAsync();
        }
    }

    private static async Task<List<string>> LogAsync(RpcConnection wallet)
    {
        List<string> lines = [];
        for (var since = 0L; ;)
        {
            var page = await wallet.CallAsync("waitforwalletevent", since, 0, 5000);
            lines.AddRange(page.GetProperty("events").EnumerateArray().Select(static line => line.GetRawText()));
            if (page.GetProperty("next").GetInt64() == since) return lines;
            since = page.GetProperty("next").GetInt64();
        }
    }

    // From the moment a payment was asked for until its first event was there: more than what the event itself takes.
    private static string Latency(EventConsumer consumer, List<(string Txid, long Asked)> paid)
    {
        var asked = paid.ToDictionary(static line => line.Txid, static line => line.Asked, StringComparer.Ordinal);
        List<double> times = [];
        foreach (var (text, ticks) in consumer.Events)
        {
            using var json = System.Text.Json.JsonDocument.Parse(text);
            if (json.RootElement.GetProperty("type").GetString() == "added" && asked.TryGetValue(json.RootElement.GetProperty("txid").GetString()!, out var begun))
            {
                times.Add(TimeProvider.System.GetElapsedTime(begun, ticks).TotalMilliseconds);
            }
        }

        times.Sort();
        return times.Count == 0 ? "none" : string.Create(
            CultureInfo.InvariantCulture, $"p50 {times[times.Count / 2]:F1} ms p99 {times[times.Count * 99 / 100]:F1} ms of {times.Count}");
    }
}
