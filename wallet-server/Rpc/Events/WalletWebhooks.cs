using System.Globalization;
using System.Net.Http.Headers;
using System.Security.Cryptography;
using System.Text.Json;
using Dash.Common.Hosting;
using Dash.Common.Time;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;
using Polly;
using Polly.Retry;

namespace Dash.WalletServer.Rpc.Events;

/// <summary>
/// Posts the lines of wallets' event logs to addresses of the user's, signed, one after the other for each wallet and address. A line is
/// sent until it is taken: no line is left out or overtaken by a later one. How far each address is, the wallet's file says; after
/// a kill only what was taken since it was last written, a second before at most, is sent once more.
/// </summary>
internal sealed class WalletWebhooks : IDisposable
{
    // Who guesses a signature's secret has the rest of the message.
    private const int ShortestSecret = 16;

    // A receiver is asked again soon, for it may only have been started anew, and now and then when it stays away.
    private static readonly TimeSpan FirstDelay = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestDelay = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan LongestWish = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan ConnectPatience = TimeSpan.FromSeconds(5);
    private static readonly TimeSpan AnswerPatience = TimeSpan.FromSeconds(15);

    // What an answer says beyond its status is thrown away, and is no reason to read for ever.
    private const int LongestAnswer = 1 << 16;
    private const int LongestHeadersKb = 16;

    private readonly byte[] _secret;
    private readonly HttpClient _http;
    private readonly Clock _clock;
    private readonly TimeProvider _time;
    private readonly ILogger _log;
    private readonly ResiliencePipeline _pipeline;

    /// <summary>A sender to some addresses, which sends nothing until it runs.</summary>
    /// <param name="targets">Where to.</param>
    /// <param name="secret">Signs; belongs to the sender from now on.</param>
    /// <param name="clock">For how often places are stored.</param>
    /// <param name="time">For delays and the time of a message: real time.</param>
    /// <param name="log">General lines.</param>
    public WalletWebhooks(IReadOnlyList<WebhookTarget> targets, byte[] secret, Clock clock, TimeProvider time, ILogger log)
    {
        Targets = targets;
        _secret = secret;
        _clock = clock;
        _time = time;
        _log = log;
        _http = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseProxy = false,
            UseCookies = false,
            ConnectTimeout = ConnectPatience,
            MaxResponseHeadersLength = LongestHeadersKb,
            MaxResponseDrainSize = LongestAnswer,
            ResponseDrainTimeout = ConnectPatience,
            PooledConnectionLifetime = TimeSpan.FromMinutes(5), // names may get other addresses
        })
        {
            Timeout = Timeout.InfiniteTimeSpan,
        };
        _pipeline = new ResiliencePipelineBuilder { TimeProvider = time }
            .AddRetry(new RetryStrategyOptions
            {
                ShouldHandle = static args => ValueTask.FromResult(
                    args.Outcome.Exception is not null && !args.Context.CancellationToken.IsCancellationRequested),
                MaxRetryAttempts = int.MaxValue,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                Delay = FirstDelay,
                MaxDelay = LongestDelay,
                DelayGenerator = static args => ValueTask.FromResult(
                    args.Outcome.Exception is WebhookRefusal { After: { } after } ? Min(after, LongestWish) : (TimeSpan?)null),
            })
            .Build();
    }

    /// <summary>Where to.</summary>
    public IReadOnlyList<WebhookTarget> Targets { get; }

    /// <summary>How it goes.</summary>
    public WebhookCounts Counts { get; } = new();

    /// <summary>Reads what the options say.</summary>
    /// <param name="addresses">Where to; at least one.</param>
    /// <param name="secretFile">A file whose first line signs; null if none is named.</param>
    /// <param name="clock">For how often places are stored.</param>
    /// <param name="log">General lines.</param>
    /// <exception cref="StartupException">An address is none, or there is no secret.</exception>
    public static WalletWebhooks Open(IReadOnlyList<string> addresses, string? secretFile, Clock clock, ILogger log)
    {
        WebhookTarget[] targets = [.. addresses.Distinct(StringComparer.Ordinal).Select(static (text, i) => WebhookTarget.Parse(i + 1, text))];
        if (string.IsNullOrEmpty(secretFile))
        {
            throw new StartupException("-walletwebhook needs -walletwebhooksecretfile, for receivers know by the signature whose events they get");
        }

        byte[] secret;
        try
        {
            secret = SecretFile.Read(secretFile, Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new StartupException($"Cannot use -walletwebhooksecretfile: {e.Message}", e);
        }

        return secret.Length >= ShortestSecret
            ? new WalletWebhooks(targets, secret, clock, TimeProvider.System, log)
            : throw new StartupException($"Cannot use -walletwebhooksecretfile: the secret must have {ShortestSecret} characters at least");
    }

    /// <summary>Sends until it is cancelled.</summary>
    public Task RunAsync(WalletDirectory wallets, CancellationToken ct) => Task.WhenAll(Targets.Select(target =>
        new EventFollower(target.PlaceName, mostAtOnce: 1, (wallet, lines) => Plan(target, wallet, lines), _clock) { IsPatient = true }.RunAsync(wallets, ct)));

    /// <inheritdoc/>
    public void Dispose()
    {
        _http.Dispose();
        CryptographicOperations.ZeroMemory(_secret);
    }

    private IEnumerable<(long Sequence, Func<CancellationToken, Task> Work)> Plan(
        WebhookTarget target, Wallet wallet, IReadOnlyList<LoggedEvent> lines) =>
        lines.Select(line => (line.Sequence, (Func<CancellationToken, Task>)(ct => SendAsync(target, wallet.Name, line, ct))));

    private async Task SendAsync(WebhookTarget target, string wallet, LoggedEvent line, CancellationToken ct)
    {
        var body = BodyOf(wallet, line);
        await _pipeline.ExecuteAsync(
            async token =>
            {
                try
                {
                    await PostAsync(target, wallet, line, body, token).ConfigureAwait(false);
                }
                catch (Exception e) when (!token.IsCancellationRequested)
                {
                    var reason = e is OperationCanceledException ? "no answer in time" : e.Message;
                    if (Counts.Failed(target, wallet, reason))
                    {
                        Log.NotTaken(_log, wallet, target, line.Sequence, reason);
                    }

                    throw;
                }
            },
            ct).ConfigureAwait(false);
        if (Counts.Taken(target, wallet, line.Sequence))
        {
            Log.TakenAgain(_log, wallet, target, line.Sequence);
        }
    }

    private async Task PostAsync(WebhookTarget target, string wallet, LoggedEvent line, byte[] body, CancellationToken ct)
    {
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(ct);
        patience.CancelAfter(AnswerPatience);
        var time = _time.GetUtcNow().ToUnixTimeSeconds();
        using HttpRequestMessage request = new(HttpMethod.Post, target.Url) { Content = new ByteArrayContent(body) };
        request.Content.Headers.ContentType = new MediaTypeHeaderValue("application/json");
        request.Headers.Add("Dash-Wallet", Uri.EscapeDataString(wallet));
        request.Headers.Add("Dash-Event-Seq", line.Sequence.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Dash-Timestamp", time.ToString(CultureInfo.InvariantCulture));
        request.Headers.Add("Dash-Signature", WebhookSignature.Of(_secret, time, body));
        using var reply = await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, patience.Token).ConfigureAwait(false);
        if (!reply.IsSuccessStatusCode)
        {
            throw new WebhookRefusal((int)reply.StatusCode, reply.Headers.RetryAfter?.Delta);
        }
    }

    private static TimeSpan Min(TimeSpan one, TimeSpan other) => one < other ? one : other;

    private static byte[] BodyOf(string wallet, LoggedEvent line)
    {
        using MemoryStream buffer = new();
        using (Utf8JsonWriter writer = new(buffer, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteString("wallet", wallet);
            writer.WritePropertyName("event");
            EventJson.Write(writer, line);
            writer.WriteEndObject();
        }

        return buffer.ToArray();
    }
}
