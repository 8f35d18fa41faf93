using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dash.Common.Hosting;
using Dash.WalletServer.Rpc.Events;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.WalletServer.Tests;

/// <summary>Events that are posted to an address of the user's.</summary>
public sealed class WebhookTests
{
    private const string Secret = "0123456789abcdef";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Each_event_is_posted_once_in_order_signed_and_with_its_number_also_over_a_reload()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create("ä b");
        using Receiver receiver = new();
        var first = wallet.Snapshot.NextEvent;
        await using (Sending.To(wallets, receiver.Url))
        {
            await FollowedAsync(wallet);
            await PayAsync(wallet, 3);
            await TakenAsync(wallet);
            wallet = await wallets.Reload(wallet);
            await PayAsync(wallet, 2);
            await TakenAsync(wallet);
        }

        wallet = await wallets.Reload(wallet);
        await PayAsync(wallet, 1);
        await using (Sending.To(wallets, receiver.Url)) await TakenAsync(wallet);
        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => first + i)], receiver.Got.Select(static got => got.Sequence));
        Assert.All(receiver.Got, got =>
        {
            Assert.Equal("%C3%A4%20b", got.Headers["Dash-Wallet"]);
            Assert.Equal(got.Sequence.ToString(System.Globalization.CultureInfo.InvariantCulture), got.Headers["Dash-Event-Seq"]);
            var signed = Encoding.UTF8.GetBytes(got.Headers["Dash-Timestamp"] + "." + got.Body);
            Assert.Equal("sha256=" + Convert.ToHexStringLower(HMACSHA256.HashData(Encoding.ASCII.GetBytes(Secret), signed)), got.Headers["Dash-Signature"]);
            using var body = JsonDocument.Parse(got.Body);
            Assert.Equal("ä b", body.RootElement.GetProperty("wallet").GetString());
            Assert.Equal("added", body.RootElement.GetProperty("event").GetProperty("type").GetString());
        });
    }

    [Fact]
    public async Task What_is_not_taken_is_sent_again_and_nothing_overtakes_it_and_other_wallets_do_not_wait()
    {
        await using var wallets = new TestWallets();
        var (one, other) = (wallets.Create("one"), wallets.Create("other"));
        var refused = 0;
        using Receiver receiver = new((got, reply) =>
        {
            if (got.Wallet == "one" && Interlocked.Increment(ref refused) <= 6)
            {
                // In turn: an error, a redirection that is not followed, and the connection cut.
                reply.StatusCode = refused % 3 == 1 ? 500 : 307;
                reply.RedirectLocation = "/elsewhere";
                if (refused % 3 == 0) reply.Abort();
                return false;
            }

            return true;
        });
        await using var sending = Sending.To(wallets, receiver.Url);
        await FollowedAsync(one);
        await FollowedAsync(other);
        await PayAsync(one, 2);
        await PayAsync(other, 2);
        await receiver.UntilAsync(4);
        Assert.DoesNotContain(receiver.Got, static got => got.Path != "/");
        foreach (var wallet in new[] { one, other })
        {
            var (newest, name) = (wallet.Snapshot.NextEvent - 1, wallet.Name);
            Assert.Equal([newest - 1, newest], receiver.Got.Where(got => got.Wallet == name).Select(static got => got.Sequence));
        }

        MetricsText text = new();
        sending.Webhooks.Counts.Write(text, sending.Webhooks.Targets, [one, other]);
        Assert.Contains("dash_wallet_webhook_failures_total{target=\"1 (http://127.0.0.1:", text.ToString(), StringComparison.Ordinal);
        Assert.Contains(",wallet=\"one\"} 6\n", text.ToString(), StringComparison.Ordinal);
        Assert.Contains("dash_wallet_webhook_behind", text.ToString(), StringComparison.Ordinal);
        Assert.Empty(sending.Webhooks.Counts.Troubles([one, other]));
    }

    [Fact]
    public async Task A_receiver_that_is_away_is_named_holds_nothing_up_and_gets_all_of_it_when_it_is_back()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        Receiver receiver = new();
        var port = receiver.Port;
        receiver.Dispose();
        await using (var sending = Sending.To(wallets, $"http://127.0.0.1:{port}/hook?token=secret"))
        {
            await FollowedAsync(wallet);
            await PayAsync(wallet, 3);
            await UntilAsync(() => sending.Webhooks.Counts.Troubles([wallet]).Count == 1);
            var trouble = sending.Webhooks.Counts.Troubles([wallet])[0];
            Assert.StartsWith($"webhook 1 (http://127.0.0.1:{port}) for wallet \"w\": ", trouble, StringComparison.Ordinal);
            Assert.DoesNotContain("token", trouble, StringComparison.Ordinal);

            // The wallet goes while an event is being sent again and again.
            wallet = await wallets.Reload(wallet);
            using Receiver back = new(port: port);
            await back.UntilAsync(3);
            Assert.Equal([.. Enumerable.Range(0, 3).Select(i => wallet.Snapshot.NextEvent - 3 + i)], back.Got.Select(static got => got.Sequence));
            await UntilAsync(() => sending.Webhooks.Counts.Troubles([wallet]).Count == 0);
        }
    }

    [Theory]
    [InlineData("ftp://h/", "begins with http")]
    [InlineData("h:80/x", "begins with http")]
    [InlineData("", "begins with http")]
    [InlineData("http://user:pass@h/x", "without user")]
    [InlineData("https://h/x#y", "without user")]
    public void An_address_that_is_none_is_refused_without_being_repeated(string address, string reason)
    {
        using TempDirectory directory = new();
        var refused = Assert.Throws<StartupException>(() => WalletWebhooks.Open([address], SecretIn(directory), new(), NullLogger.Instance));
        Assert.Contains(reason, refused.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("pass", refused.Message.Replace("password", "", StringComparison.Ordinal), StringComparison.Ordinal);
    }

    [Fact]
    public void A_secret_is_needed_and_must_be_one()
    {
        using TempDirectory directory = new();
        Assert.Contains("needs -walletwebhooksecretfile", RefusalOf(null), StringComparison.Ordinal);
        Assert.Contains("Cannot use -walletwebhooksecretfile", RefusalOf(directory.File("none")), StringComparison.Ordinal);
        File.WriteAllText(directory.File("short"), "0123456789abcde\n");
        Restrict(directory.File("short"), UnixFileMode.UserRead);
        Assert.Contains("16 characters", RefusalOf(directory.File("short")), StringComparison.Ordinal);
        var open = SecretIn(directory);
        Restrict(open, UnixFileMode.UserRead | UnixFileMode.OtherRead);
        Assert.Contains("anybody may read", RefusalOf(open), StringComparison.Ordinal);

        static string RefusalOf(string? file) =>
            Assert.Throws<StartupException>(() => WalletWebhooks.Open(["http://h/"], file, new(), NullLogger.Instance)).Message;
    }

    private static string SecretIn(TempDirectory directory)
    {
        var path = directory.File("secret");
        File.WriteAllText(path, Secret + "\nnot this\n");
        Restrict(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        return path;
    }

    private static void Restrict(string path, UnixFileMode mode)
    {
        if (!OperatingSystem.IsWindows()) File.SetUnixFileMode(path, mode);
    }

    private static async Task PayAsync(Wallet wallet, int times)
    {
        var chain = new TestChain();
        for (var i = 0; i < times; i++)
        {
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(1 + i))));
        }
    }

    // What happens from now on is due.
    private static Task FollowedAsync(Wallet wallet) =>
        UntilAsync(() => wallet.Snapshot.Followed.Keys.Any(static name => name.StartsWith("webhook_", StringComparison.Ordinal)));

    // The wallet has heard that all was taken, and has noted it.
    private static Task TakenAsync(Wallet wallet) => UntilAsync(() =>
        wallet.Snapshot.Followed.FirstOrDefault(static place => place.Key.StartsWith("webhook_", StringComparison.Ordinal)).Value == wallet.Snapshot.NextEvent - 1);

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!isTrue())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }

    private sealed class Sending(WalletWebhooks webhooks, CancellationTokenSource stop, Task running, TempDirectory directory) : IAsyncDisposable
    {
        public WalletWebhooks Webhooks => webhooks;

        public static Sending To(TestWallets wallets, string url)
        {
            TempDirectory directory = new();
            var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var webhooks = WalletWebhooks.Open([url], SecretIn(directory), wallets.Clock, NullLogger.Instance);
            return new Sending(webhooks, stop, webhooks.RunAsync(wallets.Directory, stop.Token), directory);
        }

        public async ValueTask DisposeAsync()
        {
            await stop.CancelAsync();
            await running.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            webhooks.Dispose();
            stop.Dispose();
            directory.Dispose();
        }
    }

    private sealed record Post(string Wallet, long Sequence, string Path, IReadOnlyDictionary<string, string> Headers, string Body);

    /// <summary>Takes what is posted, unless its answer says otherwise.</summary>
    private sealed class Receiver : IDisposable
    {
        private readonly HttpListener _listener;
        private readonly List<Post> _got = []; // guarded by itself
        private readonly Func<Post, HttpListenerResponse, bool> _answer;

        public Receiver(Func<Post, HttpListenerResponse, bool>? answer = null, int port = 0)
        {
            _answer = answer ?? ((_, _) => true);
            (_listener, Port) = Listen(port);
            _ = ServeAsync();
        }

        public int Port { get; }

        public string Url => $"http://127.0.0.1:{Port}/";

        public IReadOnlyList<Post> Got
        {
            get
            {
                lock (_got) return [.. _got];
            }
        }

        public Task UntilAsync(int count) => WebhookTests.UntilAsync(() => Got.Count >= count);

        public void Dispose() => _listener.Abort();

        private static (HttpListener Listener, int Port) Listen(int wanted)
        {
            for (var tries = 0; ; tries++)
            {
                var port = wanted;
                if (port == 0)
                {
                    using System.Net.Sockets.TcpListener free = new(IPAddress.Loopback, 0);
                    free.Start();
                    port = ((IPEndPoint)free.LocalEndpoint).Port;
                }

                HttpListener listener = new();
                listener.Prefixes.Add($"http://127.0.0.1:{port}/");
                try
                {
                    listener.Start();
                    return (listener, port);
                }
                catch (HttpListenerException) when (tries < 20)
                {
                    listener.Abort();
                }
            }
        }

        private async Task ServeAsync()
        {
            while (true)
            {
                HttpListenerContext context;
                try
                {
                    context = await _listener.GetContextAsync();
                }
                catch (Exception e) when (e is HttpListenerException or ObjectDisposedException)
                {
                    return;
                }

                _ = Task.Run(async () =>
                {
                    using StreamReader reader = new(context.Request.InputStream);
                    var body = await reader.ReadToEndAsync(Ct);
                    using var json = JsonDocument.Parse(body);
                    Post post = new(
                        json.RootElement.GetProperty("wallet").GetString()!, json.RootElement.GetProperty("event").GetProperty("seq").GetInt64(),
                        context.Request.Url!.AbsolutePath,
                        context.Request.Headers.AllKeys.ToDictionary(static key => key!, key => context.Request.Headers[key]!, StringComparer.OrdinalIgnoreCase), body);
                    if (_answer(post, context.Response))
                    {
                        lock (_got) _got.Add(post);
                    }

                    context.Response.Close();
                }, Ct);
            }
        }
    }
}
