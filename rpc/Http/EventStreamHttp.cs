using System.Globalization;
using System.Text;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Microsoft.AspNetCore.Http;

namespace Dash.Rpc.Http;

/// <summary>
/// <c>GET /wallet/NAME/events?since=N</c>: the wallet's events from there on, as server-sent events. A client that comes back
/// says by <c>Last-Event-ID</c> (browsers and libraries do so themselves) or <c>since</c> how far it was. Where a WebSocket is
/// asked for, the same events come over one.
/// </summary>
internal sealed class EventStreamHttp(IEventStreams streams, RpcDispatcher dispatcher, Lanes lanes, TimeProvider time)
{
    private const string Prefix = "/wallet/";
    private const string Suffix = "/events";

    // A line now and then keeps connections open that are cut when nothing passes, and finds those that are dead.
    private static readonly TimeSpan Beat = TimeSpan.FromSeconds(15);

    /// <summary>Is that what the path asks for?</summary>
    public static bool IsFor(string path) =>
        path.StartsWith(Prefix, StringComparison.Ordinal) && path.EndsWith(Suffix, StringComparison.Ordinal)
        && path.Length > Prefix.Length + Suffix.Length - 1;

    /// <summary>Answers until the client goes or the daemon stops.</summary>
    /// <returns>Another status to answer with, and why; null when the stream has been served.</returns>
    public async Task<(int Status, string Reason)?> ServeAsync(HttpContext context, string path, string user, CancellationToken ct)
    {
        if (!dispatcher.Permissions.Allows(user, streams.Method))
        {
            return (StatusCodes.Status403Forbidden, $"This user may not call {streams.Method}\n");
        }

        var wallet = Uri.UnescapeDataString(path[Prefix.Length..^Suffix.Length]);
        if (!TrySince(context.Request, out var since))
        {
            return (StatusCodes.Status400BadRequest, "since, or the header Last-Event-ID, must be the number of an event\n");
        }

        var isSocket = EventSocket.IsAskedFor(context);
        if (isSocket && EventSocket.Check(context) is { } refusal)
        {
            return refusal;
        }

        using var place = await lanes.EnterAsync(RpcLane.Stream, user, ct);
        if (!place.IsAcquired)
        {
            context.Response.Headers.RetryAfter = "1";
            return (StatusCodes.Status503ServiceUnavailable, "All places for streams are taken\n");
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(ct);
        if (dispatcher.Warmup.Status is { } status)
        {
            return (StatusCodes.Status503ServiceUnavailable, status + "\n");
        }

        if (streams.Follow(wallet, since, ended.Token) is not { } events)
        {
            return (StatusCodes.Status404NotFound, "No wallet of this name is loaded\n");
        }

        if (isSocket)
        {
            await EventSocket.ServeAsync(context, events, time, ended.Token);
            return null;
        }

        context.Response.ContentType = "text/event-stream";
        context.Response.Headers.CacheControl = "no-store";
        await SendAsync(context, events, ended.Token);
        return null;
    }

    private async Task SendAsync(HttpContext context, IAsyncEnumerable<StreamEvent> events, CancellationToken ct)
    {
        var body = context.Response.BodyWriter;
        await body.WriteAsync(": since\n\n"u8.ToArray(), ct);
        await using var reader = events.GetAsyncEnumerator(ct);
        var next = reader.MoveNextAsync().AsTask();
        try
        {
            while (true)
            {
                while (await Task.WhenAny(next, Task.Delay(Beat, time, ct)) != next)
                {
                    ct.ThrowIfCancellationRequested();
                    await body.WriteAsync(": still here\n\n"u8.ToArray(), ct);
                }

                if (!await next)
                {
                    return;
                }

                var line = reader.Current;
                next = reader.MoveNextAsync().AsTask();
                var text = string.Create(CultureInfo.InvariantCulture, $"id: {line.Id}\nevent: {line.Name}\ndata: {line.Data}\n\n");
                await body.WriteAsync(Encoding.UTF8.GetBytes(text), ct);
            }
        }
        finally
        {
            // The reader is not left in the middle of a step.
            await ((Task)next).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    private static bool TrySince(HttpRequest request, out long since)
    {
        var text = request.Headers["Last-Event-ID"].ToString() is { Length: > 0 } last ? last : request.Query["since"].ToString();
        since = 0;
        return text.Length == 0 || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out since);
    }
}
