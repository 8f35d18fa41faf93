using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>JSON-RPC calls to one daemon, as a test writes them; the bytes on the wire stay visible.</summary>
public sealed class RpcConnection : IDisposable
{
    private readonly HttpClient _http;
    private readonly Func<string?> _credentials;
    private readonly string _path;
    private readonly string _members;

    private RpcConnection(HttpClient http, Func<string?> credentials, string path, string members = "")
    {
        _members = members;
        _http = http;
        _credentials = credentials;
        _path = path;
    }

    /// <param name="credentials">Gives "user:password" for each call (a cookie changes with every start), or null.</param>
    /// <param name="isKept">Whether one connection serves many calls.</param>
    public static RpcConnection To(int port, Func<string?> credentials, bool isKept = true)
    {
        var http = new HttpClient(new SocketsHttpHandler { UseProxy = false })
        {
            BaseAddress = new Uri($"http://127.0.0.1:{port}"),
            Timeout = Wait.Patience,
            DefaultRequestHeaders = { ConnectionClose = !isKept },
        };
        return new RpcConnection(http, credentials, "/");
    }

    /// <summary>The same daemon, one wallet.</summary>
    public RpcConnection Wallet(string name) => new(_http, _credentials, "/wallet/" + Uri.EscapeDataString(name));

    /// <summary>The same, with a further member in every request.</summary>
    public RpcConnection WithMember(string name, object value) => new(
        _http, _credentials, _path, $"{_members},{JsonSerializer.Serialize(name)}:{JsonSerializer.Serialize(value)}");

    /// <summary>A GET on this connection's path and <paramref name="more"/>; the caller disposes the reply.</summary>
    public async Task<HttpResponseMessage> GetAsync(string more, CancellationToken ct)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, _path + more);
        if (_credentials() is { } pair)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        return await _http.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, ct);
    }

    public async Task<JsonElement> CallAsync(string method, params object?[] arguments)
    {
        var text = Request(method, arguments);
        var (status, body) = await PostAsync(_members.Length > 0 ? text[..^1] + _members + "}" : text);
        if (body.Length == 0)
        {
            // Refused before it was looked at: a daemon that has just been started has another cookie than the one before it.
            throw new HttpRequestException($"{method}: status {(int)status} without an answer", null, status);
        }

        using var reply = JsonDocument.Parse(body);
        var error = reply.RootElement.GetProperty("error");
        if (error.ValueKind != JsonValueKind.Null)
        {
            throw new RpcException(method, error.GetProperty("code").GetInt32(), error.GetProperty("message").GetString() ?? "");
        }

        return reply.RootElement.GetProperty("result").Clone();
    }

    public async Task<string> TextAsync(string method, params object?[] arguments) =>
        (await CallAsync(method, arguments)).GetString() ?? "";

    public async Task<decimal> AmountAsync(string method, params object?[] arguments) =>
        (await CallAsync(method, arguments)).GetDecimal();

    public async Task<int> IntAsync(string method, params object?[] arguments) =>
        (await CallAsync(method, arguments)).GetInt32();

    /// <summary>The error that the call must answer; a success fails the test.</summary>
    public async Task<RpcException> RefusedAsync(string method, params object?[] arguments)
    {
        try
        {
            var result = await CallAsync(method, arguments);
            Assert.Fail($"{method} was expected to be refused, but answered {result}");
            throw new InvalidOperationException();
        }
        catch (RpcException refused)
        {
            return refused;
        }
    }

    /// <summary>A body as it is, with the status and the body that came back.</summary>
    public async Task<(HttpStatusCode Status, string Body)> PostAsync(string body, params (string Name, string Value)[] headers)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, _path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        if (_credentials() is { } pair)
        {
            request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        }

        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var reply = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        return (reply.StatusCode, await reply.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>The same within the patience of a token; the body that came back.</summary>
    public async Task<string> PostAsync(string body, CancellationToken patience, params (string Name, string Value)[] headers)
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(patience, TestContext.Current.CancellationToken);
        using var request = new HttpRequestMessage(HttpMethod.Post, _path) { Content = new StringContent(body, Encoding.UTF8, "application/json") };
        request.Headers.Authorization = new AuthenticationHeaderValue("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(_credentials() ?? "")));
        foreach (var (name, value) in headers)
        {
            request.Headers.Add(name, value);
        }

        using var reply = await _http.SendAsync(request, either.Token);
        return await reply.Content.ReadAsStringAsync(either.Token);
    }

    public static string Request(string method, params object?[] arguments)
    {
        using var buffer = new MemoryStream();
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            json.WriteString("jsonrpc", "1.0");
            json.WriteNumber("id", 1);
            json.WriteString("method", method);
            json.WriteStartArray("params");
            foreach (var argument in arguments) Write(json, argument);
            json.WriteEndArray();
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.ToArray());
    }

    public void Dispose() => _http.Dispose();

    private static void Write(Utf8JsonWriter json, object? value)
    {
        switch (value)
        {
            case null: json.WriteNullValue(); break;
            case string text: json.WriteStringValue(text); break;
            case bool flag: json.WriteBooleanValue(flag); break;
            case int number: json.WriteNumberValue(number); break;
            case long number: json.WriteNumberValue(number); break;
            case decimal number: json.WriteNumberValue(number); break;
            case JsonElement element: element.WriteTo(json); break;
            case IReadOnlyDictionary<string, object?> members:
                json.WriteStartObject();
                foreach (var (name, member) in members)
                {
                    json.WritePropertyName(name);
                    Write(json, member);
                }

                json.WriteEndObject();
                break;
            case System.Collections.IEnumerable items:
                json.WriteStartArray();
                foreach (var item in items) Write(json, item);
                json.WriteEndArray();
                break;
            default: throw new ArgumentException($"no JSON form for {value.GetType()}", nameof(value));
        }
    }
}
