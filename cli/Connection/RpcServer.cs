using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using Dash.Cli.Settings;
using Dash.Common.Options;
using Dash.Rpc.Protocol;

namespace Dash.Cli.Connection;

/// <summary>The server of a run. Each call is one HTTP request; with -rpcwait it is repeated until the server is there.</summary>
internal sealed class RpcServer : IDisposable
{
    private const int InWarmup = -28;

    // libevent's numbers and words for the ways in which an exchange breaks off.
    private const string TimedOut = " (error code 0 - \"timeout reached\")";
    private const string Ended = " (error code 1 - \"EOF reached\")";

    private static readonly TimeSpan RetryAfter = TimeSpan.FromMilliseconds(200);

    private readonly HttpClient _http;
    private readonly Options _options;
    private readonly string? _typedPassword;
    private readonly TimeProvider _time;
    private readonly Endpoint _endpoint;
    private readonly IpcCaller? _ipc;

    public RpcServer(Options options, string? typedPassword, TimeProvider time)
    {
        _options = options;
        _typedPassword = typedPassword;
        _time = time;
        _endpoint = Endpoint.Of(options);
        _ipc = options[CliOptions.IpcConnect].Count > 0 ? new IpcCaller(options) : null;
        var seconds = options[CliOptions.ClientTimeout];
        _http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            Timeout = seconds > 0 ? TimeSpan.FromSeconds(Math.Min(seconds, int.MaxValue / 1000)) : Timeout.InfiniteTimeSpan,
        };
    }

    /// <summary>The wallet of -rpcwallet, or null.</summary>
    public string? Wallet => _options[CliOptions.Wallet];

    /// <summary>Calls a method.</summary>
    /// <param name="method">Its name.</param>
    /// <param name="parameters">An array or object, as JSON.</param>
    /// <param name="wallet">The wallet to ask, or null for the server.</param>
    /// <param name="ct">Gives up.</param>
    /// <returns>The reply: result, error, id.</returns>
    public async Task<JsonElement> CallAsync(string method, string parameters, string? wallet, CancellationToken ct)
    {
        var reply = await SendAsync(Request(method, parameters, 1), wallet, ct).ConfigureAwait(false);
        if (reply.ValueKind != JsonValueKind.Object)
            throw new CliException($"JSON value of type {JsonValues.TypeName(reply)} is not of expected type object");
        return reply.EnumerateObject().Any() ? reply : throw new CliException("expected reply to have result, error and id properties");
    }

    /// <summary>Calls several methods without parameters in one request; the replies in the order of the methods.</summary>
    public async Task<IReadOnlyList<JsonElement>> CallBatchAsync(IReadOnlyList<string> methods, string? wallet, CancellationToken ct)
    {
        var requests = methods.Select((method, id) => Request(method, "null", id));
        var reply = await SendAsync("[" + string.Join(',', requests) + "]", wallet, ct).ConfigureAwait(false);
        if (reply.ValueKind != JsonValueKind.Array) throw new CliException("Batch must be an array");
        var replies = new JsonElement[methods.Count];
        foreach (var member in reply.EnumerateArray())
        {
            if (member.ValueKind != JsonValueKind.Object) throw new CliException("Members of batch must be an object");
            if (!member.TryGetProperty("id", out var id) || !id.TryGetInt32(out var index) || index < 0 || index >= replies.Length)
                throw new CliException("Batch member id is larger than batch size");
            replies[index] = member;
        }

        return replies.All(member => member.ValueKind == JsonValueKind.Object)
            ? replies
            : throw new CliException("couldn't parse reply from server");
    }

    public void Dispose()
    {
        _http.Dispose();
        _ipc?.Dispose();
    }

    private static string Request(string method, string parameters, int id) =>
        $"{{\"method\":{JsonText.Quote(method)},\"params\":{parameters},\"id\":{id}}}";

    private async Task<JsonElement> SendAsync(string body, string? wallet, CancellationToken ct)
    {
        var waits = _options[CliOptions.Wait];
        var timeout = _options[CliOptions.WaitTimeout];
        var start = _time.GetTimestamp();
        while (true)
        {
            try
            {
                var reply = await SendOnceAsync(body, wallet, ct).ConfigureAwait(false);
                if (waits && IsInWarmup(reply)) throw new ConnectionFailedException("server in warmup");
                return reply;
            }
            catch (ConnectionFailedException e)
            {
                var isOver = timeout > 0 && _time.GetElapsedTime(start).TotalSeconds >= timeout;
                if (!waits || isOver) throw new CliException("timeout on transient error: " + e.Message);
                await Task.Delay(RetryAfter, _time, ct).ConfigureAwait(false);
            }
        }
    }

    private static bool IsInWarmup(JsonElement reply) =>
        reply.ValueKind == JsonValueKind.Object && reply.TryGetProperty("error", out var error) &&
        error.ValueKind == JsonValueKind.Object && error.TryGetProperty("code", out var code) &&
        code.TryGetInt32(out var number) && number == InWarmup;

    private async Task<JsonElement> SendOnceAsync(string body, string? wallet, CancellationToken ct)
    {
        var path = wallet is null ? "/" : "/wallet/" + Uri.EscapeDataString(wallet);
        if (_ipc is not null) return Read(await _ipc.ExecuteAsync(body, path, ct).ConfigureAwait(false));

        // Anew for each try: the cookie appears with the server.
        var credentials = Credentials.Find(_options, _typedPassword);
        using var request = new HttpRequestMessage(HttpMethod.Post, _endpoint.Uri(path));
        request.Headers.ConnectionClose = true;
        request.Headers.Authorization = new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(credentials.Pair)));
        request.Content = new StringContent(body + "\n", Encoding.UTF8, new MediaTypeHeaderValue("application/json"));
        try
        {
            using var response = await _http.SendAsync(request, ct).ConfigureAwait(false);
            var bytes = await response.Content.ReadAsByteArrayAsync(ct).ConfigureAwait(false);
            return Read(response.StatusCode, bytes, credentials);
        }
        catch (HttpRequestException e)
        {
            throw NotConnected(e.HttpRequestError is HttpRequestError.ResponseEnded or HttpRequestError.NameResolutionError ? Ended : "");
        }
        catch (OperationCanceledException) when (!ct.IsCancellationRequested)
        {
            throw NotConnected(TimedOut);
        }
    }

    private JsonElement Read(HttpStatusCode status, byte[] body, Credentials credentials)
    {
        switch (status)
        {
            // A server that starts writes its cookie before it listens: what was read before may be older than what it asks for.
            case HttpStatusCode.Unauthorized when _options[CliOptions.Wait] && Credentials.Find(_options, _typedPassword).Pair != credentials.Pair:
                throw new ConnectionFailedException("the server has a new cookie");
            case HttpStatusCode.Unauthorized when !credentials.IsFound:
                throw new CliException(
                    "Could not locate RPC credentials. No authentication cookie could be found, and RPC password is not set.  " +
                    $"See -rpcpassword and -stdinrpcpass.  Configuration file: ({_options.ConfigPath})");
            case HttpStatusCode.Unauthorized:
                throw new CliException("Authorization failed: Incorrect rpcuser or rpcpassword");
            case HttpStatusCode.ServiceUnavailable:
                throw new CliException("Server response: " + Encoding.UTF8.GetString(body));
            case >= HttpStatusCode.BadRequest and not
                (HttpStatusCode.BadRequest or HttpStatusCode.NotFound or HttpStatusCode.InternalServerError):
                throw new CliException($"server returned HTTP error {(int)status}");
        }

        return Read(body);
    }

    private static JsonElement Read(ReadOnlyMemory<byte> body)
    {
        if (body.Length == 0) throw new CliException("no response from server");
        using var document = JsonText.TryParse(body) ?? throw new CliException("couldn't parse reply from server");
        return document.RootElement.Clone();
    }

    private ConnectionFailedException NotConnected(string detail) => new(
        $"Could not connect to the server {_endpoint}{detail}\n\n" +
        "Make sure the dashd server is running and that you are connecting to the correct RPC port.\n" +
        "Use \"dash-cli -help\" for more info.");
}
