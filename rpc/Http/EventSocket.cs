using System.Buffers;
using System.Net.WebSockets;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Dash.Rpc.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;

namespace Dash.Rpc.Http;

/// <summary>
/// A stream of events over a WebSocket (RFC 6455): an event is a text message, a JSON object with <c>id</c>, <c>event</c> and
/// <c>data</c>, as server-sent events have them. It goes one way: a client that sends anything but a ping, a pong or its farewell is
/// shown out, and so is one that does not take what it is sent.
/// </summary>
internal sealed class EventSocket
{
    private const string Version = "13";
    private const int KeyBytes = 16;

    // RFC 6455, section 1.3: what the answer to a key is made with.
    private const string Magic = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";

    // Pings find connections that are dead and keep those alive that are cut when nothing passes.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    // What the network and both buffers do not take in so long, nobody reads.
    private static readonly TimeSpan SendPatience = TimeSpan.FromSeconds(15);

    // For the client's farewell, after ours.
    private static readonly TimeSpan Farewell = TimeSpan.FromSeconds(1);

    private readonly WebSocket _socket;
    private readonly TimeProvider _time;
    private readonly Action _cutOff;
    private readonly ArrayBufferWriter<byte> _message = new(512);

    // Why the client is left, if it is by what it sent; written before its end is told.
    private (WebSocketCloseStatus Status, string Reason)? _why;

    private EventSocket(WebSocket socket, TimeProvider time, Action cutOff)
    {
        _socket = socket;
        _time = time;
        _cutOff = cutOff;
    }

    /// <summary>Does a request ask for one?</summary>
    public static bool IsAskedFor(HttpContext context) =>
        context.Features.Get<IHttpUpgradeFeature>()?.IsUpgradableRequest == true
        && context.Request.Headers.Upgrade.ToString().Equals("websocket", StringComparison.OrdinalIgnoreCase);

    /// <summary>Looks at what the handshake needs.</summary>
    /// <returns>The status to refuse with, and why; null if there is nothing wrong.</returns>
    public static (int Status, string Reason)? Check(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (headers.SecWebSocketVersion.ToString() != Version)
        {
            context.Response.Headers.SecWebSocketVersion = Version;
            return (StatusCodes.Status426UpgradeRequired, $"WebSockets of version {Version} are spoken here\n");
        }

        Span<byte> key = stackalloc byte[KeyBytes + 2];
        return Convert.TryFromBase64String(headers.SecWebSocketKey.ToString(), key, out var length) && length == KeyBytes
            ? null
            : (StatusCodes.Status400BadRequest, "Sec-WebSocket-Key must be 16 bytes in base64\n");
    }

    /// <summary>Shakes hands and sends events until they end, the client goes or the daemon stops.</summary>
    /// <param name="context">A request that passed <see cref="Check"/>.</param>
    /// <param name="events">What to send.</param>
    /// <param name="time">For what is waited for.</param>
    /// <param name="ct">Ends it.</param>
    public static async Task ServeAsync(HttpContext context, IAsyncEnumerable<StreamEvent> events, TimeProvider time, CancellationToken ct)
    {
        var response = context.Response.Headers;
        response.Upgrade = "websocket";
        response.SecWebSocketAccept = AnswerTo(context.Request.Headers.SecWebSocketKey.ToString());
        var stream = await context.Features.GetRequiredFeature<IHttpUpgradeFeature>().UpgradeAsync();
        using var socket = WebSocket.CreateFromStream(
            stream, new WebSocketCreationOptions { IsServer = true, KeepAliveInterval = Beat, KeepAliveTimeout = Beat });
        await new EventSocket(socket, time, context.Abort).RunAsync(events, ct);
    }

    /// <summary>What a server answers to a client's key.</summary>
    public static string AnswerTo(string key)
    {
#pragma warning disable CA5350 // It proves no secret: RFC 6455 asks for SHA-1, to tell a server that means WebSockets from one that does not.
        return Convert.ToBase64String(SHA1.HashData(Encoding.ASCII.GetBytes(key + Magic)));
#pragma warning restore CA5350
    }

    private async Task RunAsync(IAsyncEnumerable<StreamEvent> events, CancellationToken ct)
    {
        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var listening = ListenAsync(ended);
        var (status, reason) = (WebSocketCloseStatus.NormalClosure, "the wallet was unloaded");
        try
        {
            await foreach (var line in events.WithCancellation(ended.Token))
            {
                await SendAsync(line, ended.Token);
                ended.Token.ThrowIfCancellationRequested();
            }
        }
        catch (OperationCanceledException) when (ended.IsCancellationRequested)
        {
            (status, reason) = _why ?? (WebSocketCloseStatus.EndpointUnavailable, "shutting down");
        }
        catch (Exception e) when (e is TimeoutException || IsEnd(e))
        {
            _socket.Abort();
        }

        await EndAsync(listening, ended, status, reason);
    }

    private async Task SendAsync(StreamEvent line, CancellationToken ct)
    {
        _message.ResetWrittenCount();
        using (Utf8JsonWriter writer = new(_message, JsonText.WriterOptions))
        {
            writer.WriteStartObject();
            writer.WriteNumber("id", line.Id);
            writer.WriteString("event", line.Name);
            writer.WritePropertyName("data");
            writer.WriteRawValue(line.Data, skipInputValidation: true);
            writer.WriteEndObject();
        }

        // A token would break the connection off in the middle; the client is said farewell to instead.
        var sending = _socket.SendAsync(_message.WrittenMemory, WebSocketMessageType.Text, endOfMessage: true, CancellationToken.None);
        if (!sending.IsCompletedSuccessfully)
        {
            await sending.AsTask().WaitAsync(SendPatience, _time, ct);
        }
    }

    private static bool IsEnd(Exception e) =>
        e is WebSocketException or IOException or OperationCanceledException or ObjectDisposedException or InvalidOperationException;

    // Pings are answered and pongs noted in here.
    private async Task ListenAsync(CancellationTokenSource ended)
    {
        var buffer = new byte[1];
        try
        {
            var received = await _socket.ReceiveAsync(buffer.AsMemory(), CancellationToken.None);
            _why = received.MessageType == WebSocketMessageType.Close
                ? (WebSocketCloseStatus.NormalClosure, "")
                : (WebSocketCloseStatus.PolicyViolation, "nothing is taken here");
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Gone, or no WebSocket at all.
        }

        await ended.CancelAsync();
    }

    private async Task EndAsync(Task listening, CancellationTokenSource ended, WebSocketCloseStatus status, string reason)
    {
        try
        {
            if (_socket.State is WebSocketState.Open or WebSocketState.CloseReceived)
            {
                using CancellationTokenSource patience = new(Farewell, _time);
                await _socket.CloseOutputAsync(status, reason, patience.Token);
                await listening.WaitAsync(patience.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            }
        }
        catch (Exception e) when (IsEnd(e))
        {
            // Gone, or deaf.
        }

        if (!listening.IsCompleted || _socket.State != WebSocketState.Closed)
        {
            _cutOff();
        }

        await ended.CancelAsync();
        await listening;
    }
}
