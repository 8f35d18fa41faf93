using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Bench.Wallets;

namespace Dash.Bench.Needs;

/// <summary>More payments than can be made, each of use for some milliseconds only: what was answered as late must not have been done.</summary>
internal static class Deadlines
{
    private const int Callers = 16; // no more than wait in the queue and are under way at once
    private const int Expired = 10_000;
    private const int LongestPatience = 40; // ms
    private const int TooLate = -60;

    /// <summary>Asks until so many were too late, then looks at what was paid.</summary>
    public static async Task RunAsync(WalletStage stage, NeedsReport report)
    {
        var daemon = stage.Daemon;
        var own = (await daemon.CallAsync(WalletStage.Wallet, "getnewaddress", "[]")).GetString();
        using HttpClient http = new() { BaseAddress = new Uri($"http://127.0.0.1:{daemon.Port}/") };
        http.DefaultRequestHeaders.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(daemon.Credentials)));
        HashSet<string> late = [];
        var (asked, made) = (0, 0);
        var callers = Enumerable.Range(0, Callers).Select(caller => Task.Run(async () =>
        {
            Random random = new(caller);
            while (Volatile.Read(ref asked) - Volatile.Read(ref made) < Expired)
            {
                var name = "p" + Interlocked.Increment(ref asked).ToString(CultureInfo.InvariantCulture);
                var deadline = (TimeProvider.System.GetUtcNow().ToUnixTimeMilliseconds() + random.Next(LongestPatience)) / 1000.0;
                var body = string.Create(
                    CultureInfo.InvariantCulture,
                    $$"""{"id":1,"method":"sendtoaddress","params":["{{own}}",0.001,"{{name}}"],"deadline":{{deadline:F3}}}""");
                using var response = await http.PostAsync(new Uri(WalletStage.Wallet, UriKind.Relative), new StringContent(body, Encoding.UTF8));
                using var reply = JsonDocument.Parse(await response.Content.ReadAsByteArrayAsync());
                var error = reply.RootElement.GetProperty("error");
                if (error.ValueKind == JsonValueKind.Null)
                {
                    Interlocked.Increment(ref made);
                }
                else if (error.GetProperty("code").GetInt32() == TooLate)
                {
                    lock (late)
                    {
                        late.Add(name);
                    }
                }
                else
                {
                    throw new InvalidOperationException(error.ToString());
                }
            }
        }));
        await Task.WhenAll(callers);
        HashSet<string> paid = [];
        for (var skip = 0; ; skip += 1000)
        {
            var lines = await daemon.CallAsync(WalletStage.Wallet, "listtransactions", string.Create(CultureInfo.InvariantCulture, $"[\"*\",1000,{skip}]"));
            var before = paid.Count;
            paid.UnionWith(lines.EnumerateArray().Where(static line => line.TryGetProperty("comment", out _)).Select(static line => line.GetProperty("comment").GetString()!));
            if (paid.Count == before)
            {
                break;
            }
        }

        report.AtMost($"done of {late.Count:N0} payments that were answered as too late ({made:N0} others were made)", 0, late.Count(paid.Contains), "");
        report.AtLeast("made of those that were answered as made", made, paid.Count, "");
    }
}
