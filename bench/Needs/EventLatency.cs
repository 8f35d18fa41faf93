using System.Diagnostics;
using System.Globalization;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>From the call that pays to the event in the log of the wallet that is paid, for who follows its stream and for who waits by calls.</summary>
internal static class EventLatency
{
    private const int Payments = 1000;
    private const int ABlock = 20;
    private const string Paid = "/wallet/paid";
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(5);

    /// <summary>Pays and listens.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        await stage.Daemon.CallAsync("/", "createwallet", "[\"paid\"]");
        var address = (await stage.Daemon.CallAsync(Paid, "getnewaddress", "[]")).GetString();
        var mining = (await stage.Daemon.CallAsync(WalletStage.Wallet, "getnewaddress", "[]")).GetString();
        var since = (await stage.Daemon.CallAsync(Paid, "waitforwalletevent", "[-1,1]")).GetProperty("newest").GetInt64();
        using CancellationTokenSource end = new();
        Dictionary<string, long> streamed = [];
        Dictionary<string, long> waited = [];
        var stream = StreamAsync(stage.Daemon, since, streamed, end.Token);
        var calls = Task.Factory.StartNew(() => Wait(stage.Daemon, since, waited, end.Token), default, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        Dictionary<string, (long Asked, long Answered)> paid = [];
        using TimedCalls payer = new(stage.Daemon);
        for (var i = 0; i < Payments; i++)
        {
            var asked = Stopwatch.GetTimestamp();
            var txid = payer.Call("sendtoaddress", $"[\"{address}\",0.001]").Result.GetString()!; // a txid
            paid.Add(txid, (asked, Stopwatch.GetTimestamp()));
            await Task.Delay(Pause, TimeProvider.System);
            if (i % ABlock == ABlock - 1)
            {
                await stage.Node.CallAsync("/", "generatetoaddress", $"[1,\"{mining}\"]");
            }
        }

        while (Missing(streamed) || Missing(waited))
        {
            await Task.Delay(Pause, TimeProvider.System);
        }

        await end.CancelAsync();
        await Task.WhenAll(stream, calls);
        foreach (var (kind, came) in (List<(string, Dictionary<string, long>)>)[("a stream", streamed), ("waitforwalletevent", waited)])
        {
            Latencies whole = new(paid.Select(one => Stopwatch.GetElapsedTime(one.Value.Asked, came[one.Key]).TotalMilliseconds));
            Latencies after = new(paid.Select(one => Math.Max(0, Stopwatch.GetElapsedTime(one.Value.Answered, came[one.Key]).TotalMilliseconds)));
            report.AtMost($"{Payments:N0} payments to another wallet, from the call that pays to its event by {kind}, p99", 50, whole.P99, "ms",
                $"median {whole.P50:F1} ms, worst {whole.Worst:F1} ms; after the answer to who paid p99 {after.P99:F1} ms");
        }

        bool Missing(Dictionary<string, long> came)
        {
            lock (came)
            {
                return paid.Keys.Any(txid => !came.ContainsKey(txid));
            }
        }
    }

    private static async Task StreamAsync(MeasuredDaemon daemon, long since, Dictionary<string, long> came, CancellationToken ct)
    {
        using HttpClient http = new(new SocketsHttpHandler { UseProxy = false });
        using HttpRequestMessage request = new(HttpMethod.Get, string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{daemon.Port}{Paid}/events?since={since}"));
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(daemon.Credentials)));
        using var response = await http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
        using StreamReader lines = new(await response.Content.ReadAsStreamAsync(ct));
        try
        {
            while (await lines.ReadLineAsync(ct) is { } line)
            {
                if (line.StartsWith("data: ", StringComparison.Ordinal))
                {
                    using var data = JsonDocument.Parse(line.AsMemory(6));
                    Note(data.RootElement, came);
                }
            }
        }
        catch (OperationCanceledException) when (ct.IsCancellationRequested)
        {
            // All came.
        }
    }

    private static void Wait(MeasuredDaemon daemon, long since, Dictionary<string, long> came, CancellationToken ct)
    {
        using CallSocket socket = new(daemon.Port, daemon.Credentials);
        while (!ct.IsCancellationRequested)
        {
            using var reply = JsonDocument.Parse(socket.Call(socket.Prepare(
                "waitforwalletevent", string.Create(CultureInfo.InvariantCulture, $"[{since},500,1000]"), Paid)).ToArray());
            var page = reply.RootElement.GetProperty("result");
            since = page.GetProperty("next").GetInt64();
            foreach (var line in page.GetProperty("events").EnumerateArray())
            {
                Note(line, came);
            }
        }
    }

    private static void Note(JsonElement line, Dictionary<string, long> came)
    {
        if (line.GetProperty("type").GetString() == "added" && line.GetProperty("txid").GetString() is { } txid)
        {
            lock (came)
            {
                came.TryAdd(txid, Stopwatch.GetTimestamp());
            }
        }
    }
}
