using System.Buffers;
using System.IO.Pipelines;
using System.Net;
using System.Text;
using Dash.Common.Concurrency;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Dash.Rpc.Http;

/// <summary>
/// One HTTP request from its first line to its reply. The order is: may this address and host call at all, is it a call,
/// who is it, then the body, a place in the queue, the answer. So strangers cost next to nothing.
/// </summary>
internal sealed class RpcHttp(
    RpcDispatcher dispatcher,
    RpcAuth auth,
    AllowedNetworks networks,
    HostCheck hosts,
    Lanes lanes,
    TimeProvider time,
    HttpLog log)
{
    // Shorter replies go out in one piece, whatever pieces they were made in.
    private const int SentAtOnce = 1 << 16;

    private const int MaxUri = 8192;
    private const string JsonType = "application/json";

    // What slows guessing down, without keeping anything busy.
    private const int MaxDelayed = 64;
    private static readonly TimeSpan WrongPasswordDelay = TimeSpan.FromMilliseconds(250);

    private int _delayed;

    /// <summary>Fires when the daemon stops and calls under way should end.</summary>
    public CancellationToken Stopping { get; init; }

    /// <summary>Events to follow; null for none.</summary>
    public EventStreamHttp? Streams { get; init; }

    /// <summary>Pages without password; null if there are none.</summary>
    public IOpenPages? Pages { get; init; }

    /// <summary>Answers a request.</summary>
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            await RouteAsync(context);
        }
        catch (BadHttpRequestException e)
        {
            // A body that is too large, too slow or broken. Kestrel closes the connection.
            context.Response.StatusCode = e.StatusCode;
        }
        catch (IOException e) when (e.InnerException is OverflowException)
        {
            // A piece of a body of more bytes than there are numbers for.
            context.Response.StatusCode = StatusCodes.Status413PayloadTooLarge;
        }
        catch (OperationCanceledException) when (Stopping.IsCancellationRequested && !context.RequestAborted.IsCancellationRequested && !context.Response.HasStarted)
        {
            // It was still waiting for its turn.
            await ReplyAsync(context, StatusCodes.Status503ServiceUnavailable);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || context.Features.Get<ICallConnection>() is { Ended.IsCancellationRequested: true })
        {
            // Nobody is there to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            log.General.Unexpected(e);
            context.Response.StatusCode = StatusCodes.Status500InternalServerError;
        }
    }

    private async Task RouteAsync(HttpContext context)
    {
        var uri = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        if (!networks.Contains(context.Connection.RemoteIpAddress ?? IPAddress.None))
        {
            var stranger = PeerOf(context);
            log.Http.NetworkRefused(stranger);
            await ReplyAsync(context, StatusCodes.Status403Forbidden);
            return;
        }

        if (uri.Length > MaxUri)
        {
            await ReplyAsync(context, StatusCodes.Status400BadRequest);
            return;
        }

        var request = context.Request;
        if (log.Http.IsEnabled(LogLevel.Debug))
        {
            log.Http.Received(request.Method, uri.Length > 100 ? uri[..100] : uri, PeerOf(context));
        }

        // As the server dashd is built on: it knows of DELETE, and of others that there are none.
        if (request.Method is not ("GET" or "POST" or "HEAD" or "PUT"))
        {
            await ReplyAsync(context, request.Method == "DELETE" ? StatusCodes.Status405MethodNotAllowed : StatusCodes.Status501NotImplemented);
            return;
        }

        if (RefusalOf(request.Headers) is { } refusal)
        {
            request.HttpContext.Response.Headers.Connection = "close";
            await ReplyAsync(context, refusal);
            return;
        }

        if (Streams is not null && HttpMethods.IsGet(request.Method) && uri.Split('?', 2)[0] is var path && EventStreamHttp.IsFor(path))
        {
            await StreamAsync(Streams, context, path);
            return;
        }

        if (Pages is not null && uri.StartsWith(Pages.Prefix, StringComparison.Ordinal))
        {
            await AnswerPageAsync(context, Pages, uri[Pages.Prefix.Length..]);
            return;
        }

        if (uri != "/" && !uri.StartsWith("/wallet/", StringComparison.Ordinal))
        {
            await ReplyAsync(context, StatusCodes.Status404NotFound);
            return;
        }

        if (!HttpMethods.IsPost(request.Method))
        {
            await ReplyAsync(
                context, StatusCodes.Status405MethodNotAllowed, "JSONRPC server handles only POST requests");
            return;
        }

        if (await AdmitAsync(context) is { } user)
        {
            await AnswerAsync(context, uri, user);
        }
    }

    // Two lengths: whoever passed the request on may have taken the other one, and the rest for another request. Kestrel renames the second.
    private static int? RefusalOf(IHeaderDictionary headers) =>
        headers.TransferEncoding.Count > 0 && (headers.ContentLength is not null || headers.ContainsKey("X-Content-Length")) ? StatusCodes.Status400BadRequest
        : headers.Expect.Count > 0 && !headers.Expect.ToString().Equals("100-continue", StringComparison.OrdinalIgnoreCase) ? StatusCodes.Status417ExpectationFailed
        : null;

    private static IPEndPoint PeerOf(HttpContext context) =>
        new(context.Connection.RemoteIpAddress ?? IPAddress.None, context.Connection.RemotePort);

    /// <summary>The user's name; null when the request was refused.</summary>
    private async ValueTask<string?> AdmitAsync(HttpContext context)
    {
        var headers = context.Request.Headers;
        if (!hosts.Allows(context.Connection.LocalIpAddress ?? IPAddress.Loopback, headers.Host.ToString(), headers.Origin.ToString(), headers["Sec-Fetch-Site"].ToString()))
        {
            var peer = PeerOf(context);
            log.Http.HostRefused(peer);
            await ReplyAsync(context, StatusCodes.Status403Forbidden);
            return null;
        }

        return UserOf(context) ?? await RefuseUserAsync(context);
    }

    private async Task StreamAsync(EventStreamHttp streams, HttpContext context, string path)
    {
        if (await AdmitAsync(context) is not { } user)
        {
            return;
        }

        using var ended = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Stopping);
        try
        {
            if (await streams.ServeAsync(context, path, user, ended.Token) is var (status, reason))
            {
                await ReplyAsync(context, status, reason);
            }
        }
        catch (OperationCanceledException) when (context.Response.HasStarted)
        {
            // The client went, or the daemon stops: that is how streams end.
        }
    }

    /// <summary>The user's name; null for nobody.</summary>
    private string? UserOf(HttpContext context)
    {
        var header = context.Request.Headers.Authorization;
        return header.Count > 0 ? auth.Authenticate(header[0] ?? "") : null; // as dashd: the first counts
    }

    /// <summary>Sends the refusal, late to whoever guesses.</summary>
    /// <returns>Nobody.</returns>
    private async Task<string?> RefuseUserAsync(HttpContext context)
    {
        if (context.Request.Headers.Authorization.Count > 0)
        {
            var peer = PeerOf(context);
            log.General.WrongPassword(peer);

            try
            {
                // More than that at a time are no mistyped passwords: those are cut off instead of kept.
                if (Interlocked.Increment(ref _delayed) > MaxDelayed)
                {
                    context.Abort();
                    return null;
                }

                await Task.Delay(WrongPasswordDelay, time, context.RequestAborted);
            }
            finally
            {
                Interlocked.Decrement(ref _delayed);
            }
        }

        context.Response.Headers.WWWAuthenticate = "Basic realm=\"jsonrpc\"";
        await ReplyAsync(context, StatusCodes.Status401Unauthorized);
        return null;
    }

    private async Task AnswerAsync(HttpContext context, string uri, string user)
    {
        var connection = context.Features.Get<ICallConnection>();
        connection?.BelongTo(user);
        using var aborted = connection is null ? CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Stopping) : null;
        var ct = connection?.Ended ?? aborted!.Token; // there is one of both
        using var reply = ReplyBuffer.Rent();
        reply.TakesRest = true;
        int status;
        CallOptions options;
        try
        {
            options = CallHeaders.Read(context.Request.Headers, TimeProvider.System);
        }
        catch (RpcError error)
        {
            await ReplyAsync(context, Write(reply, error), reply);
            return;
        }

        var body = await ReadBodyAsync(context, ct);
        using var limit = dispatcher.PatienceOf(body, options) is { } patience ? LimitOf(patience, ct) : null;
        var mayWait = options.Minimum is not null || RequestPeek.MayWait(body.Span);
        if (mayWait && dispatcher.States is not null)
        {
            // Where it takes no place from those that run.
            using var waiting = await EnterAsync(RpcLane.Waiting, user, limit, ct);
            if (waiting is { IsAcquired: false })
            {
                await RefuseAsync(context, user);
                return;
            }

            await dispatcher.ReachStatesAsync(body, uri, user, options, ct);
        }

        // Where another process waits for it, this one does nothing meanwhile.
        var lane = mayWait && dispatcher.States is null ? RpcLane.Waiting : RequestPeek.Lane(dispatcher.Table, body.Span);
        using (var place = await EnterAsync(lane, user, limit, ct))
        {
            if (place is { IsAcquired: false })
            {
                await RefuseAsync(context, user);
                return;
            }

            if (connection is not null && connection.IsGone())
            {
                context.Abort();
                return;
            }

            if (lanes.IsExternal(user))
            {
                log.General.ExternalCall();
            }

            // The dispatcher looks at the deadline before it begins anything: what waited too long has no effect, and needs no place.
            status = await dispatcher.ExecuteAsync(body, uri, user, place is null ? options with { IsLate = true } : options, reply, ct);
        }

        if (reply.Length > 0)
        {
            context.Response.ContentType = JsonType;
        }

        // Not with the daemon's token: what was answered is also sent.
        await (reply.Rest is { } rest ? ReplyAsync(context, status, reply, rest) : ReplyAsync(context, status, reply));
    }

    private static CancellationTokenSource LimitOf(TimeSpan patience, CancellationToken ct)
    {
        var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(patience);
        return limit;
    }

    // Null when the limit came first: it has left the queue then, and gets no place any more.
    private async ValueTask<LanePlace?> EnterAsync(RpcLane lane, string user, CancellationTokenSource? limit, CancellationToken ct)
    {
        try
        {
            return await lanes.EnterAsync(lane, user, limit?.Token ?? ct);
        }
        catch (OperationCanceledException) when (limit is { IsCancellationRequested: true } && !ct.IsCancellationRequested)
        {
            return null;
        }
    }

    private static int Write(ReplyBuffer reply, RpcError error)
    {
        RpcReply.WriteError(reply, error.Code, error.Message, default);
        reply.Write("\n"u8);
        return RpcReply.StatusOf(error.Code);
    }

    // A page costs as much as a call, so it waits in the same queue; any page of the web may ask for it.
    private async Task AnswerPageAsync(HttpContext context, IOpenPages pages, string target)
    {
        using var aborted = CancellationTokenSource.CreateLinkedTokenSource(context.RequestAborted, Stopping);
        var body = await ReadBodyAsync(context, aborted.Token);
        using var place = await lanes.EnterAsync(RpcLane.Normal, user: "", aborted.Token);
        if (!place.IsAcquired)
        {
            await RefuseAsync(context, user: "");
            return;
        }

        var mark = target.LastIndexOf('?');
        var (path, query) = mark < 0 ? (target, "") : (target[..mark], target[(mark + 1)..]);
        if (await pages.AnswerAsync(new OpenRequest(path, query, body), aborted.Token) is { } reply)
        {
            context.Response.ContentType = reply.ContentType;
            await ReplyAsync(context, reply.Status, reply.Body);
            return;
        }

        await ReplyAsync(context, StatusCodes.Status404NotFound);
    }

    private async Task RefuseAsync(HttpContext context, string user)
    {
        var isExternal = lanes.IsExternal(user);
        if (isExternal)
        {
            log.General.ExternalQueueFull();
        }
        else
        {
            log.General.QueueFull();
        }

        // dashd's words stand alone; who says that he reads JSON gets them as the reply to a call.
        var reason = isExternal ? "Work queue depth of externals exceeded" : "Work queue depth exceeded";
        var response = context.Response;
        response.Headers.RetryAfter = "1";
        if (!context.Request.Headers.Accept.ToString().Contains(JsonType, StringComparison.OrdinalIgnoreCase))
        {
            await ReplyAsync(context, StatusCodes.Status503ServiceUnavailable, reason);
            return;
        }

        response.ContentType = JsonType;
        using var reply = ReplyBuffer.Rent();
        Write(reply, new RpcError(RpcErrorCode.Misc, reason));
        await ReplyAsync(context, StatusCodes.Status503ServiceUnavailable, reply);
    }

    private static async Task<ReadOnlyMemory<byte>> ReadBodyAsync(HttpContext context, CancellationToken ct)
    {
        var reader = context.Request.BodyReader;
        while (true)
        {
            var read = await reader.ReadAsync(ct);
            if (read.IsCompleted)
            {
                var body = read.Buffer.ToArray();
                reader.AdvanceTo(read.Buffer.End);
                return body;
            }

            reader.AdvanceTo(read.Buffer.Start, read.Buffer.End);
        }
    }

    private static Task ReplyAsync(HttpContext context, int status, string text = "") =>
        ReplyAsync(context, status, Encoding.UTF8.GetBytes(text));

    // Writing to a connection that has ended ends by itself.
    private static Task ReplyAsync(HttpContext context, int status, ReadOnlyMemory<byte> body)
    {
        BeginReply(context, status, body.Length);
        return body.IsEmpty ? Task.CompletedTask : context.Response.BodyWriter.WriteAsync(body, CancellationToken.None).AsTask();
    }

    private static async Task ReplyAsync(HttpContext context, int status, ReplyBuffer reply)
    {
        BeginReply(context, status, reply.Length);
        if (reply.TryGetSingle(out var all))
        {
            await context.Response.BodyWriter.WriteAsync(all, CancellationToken.None);
            return;
        }

        var writer = context.Response.BodyWriter;
        if (reply.Length <= SentAtOnce)
        {
            var whole = ArrayPool<byte>.Shared.Rent(SentAtOnce);
            try
            {
                var length = 0;
                foreach (var piece in reply.Pieces())
                {
                    piece.CopyTo(whole.AsMemory(length));
                    length += piece.Length;
                }

                await writer.WriteAsync(whole.AsMemory(0, length), CancellationToken.None);
            }
            finally
            {
                ArrayPool<byte>.Shared.Return(whole);
            }

            return;
        }

        if (SharedThread.IsHere)
        {
            await Task.CompletedTask.ConfigureAwait(ConfigureAwaitOptions.ForceYielding); // others are served there
        }

        using var pieces = reply.Pieces(SentAtOnce).GetEnumerator();
        while (WriteSome(writer, pieces) is { } full)
        {
            await full;
        }
    }

    // As fast as the client takes it, and as another process gives it: what goes wrong there after the beginning was sent cannot be said
    // any more, only shown by an end before the announced length.
    private async Task ReplyAsync(HttpContext context, int status, ReplyBuffer reply, IReplyRest rest)
    {
        await using var disposed = rest;
        BeginReply(context, status, reply.Length + rest.Left);
        try
        {
            foreach (var piece in reply.Pieces(SentAtOnce))
            {
                if ((await context.Response.BodyWriter.WriteAsync(piece, CancellationToken.None)).IsCompleted)
                {
                    return;
                }
            }

            while (rest.Left > 0)
            {
                for (var left = await rest.ReadAsync(context.RequestAborted); !left.IsEmpty; left = left[Math.Min(SentAtOnce, left.Length)..])
                {
                    var sent = await context.Response.BodyWriter.WriteAsync(left[..Math.Min(SentAtOnce, left.Length)], CancellationToken.None);
                    if (sent.IsCompleted || context.RequestAborted.IsCancellationRequested)
                    {
                        return;
                    }
                }
            }
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            log.General.CutOff(e.Message);
            context.Abort();
        }
    }

    // What is taken at once, piece by piece; then what is to be waited for, or null at the end.
    private static ValueTask<FlushResult>? WriteSome(PipeWriter writer, IEnumerator<ReadOnlyMemory<byte>> pieces)
    {
        using var work = ThreadTurns.BeginWork();
        while (pieces.MoveNext())
        {
            var taken = writer.WriteAsync(pieces.Current, CancellationToken.None);
            if (!taken.IsCompletedSuccessfully)
            {
                return taken;
            }

            _ = taken.Result;
            ThreadTurns.Rest();
        }

        return null;
    }

    private static void BeginReply(HttpContext context, int status, long length)
    {
        context.Response.StatusCode = status;
        context.Response.ContentType ??= "text/html; charset=ISO-8859-1";
        context.Response.ContentLength = length;
    }
}
