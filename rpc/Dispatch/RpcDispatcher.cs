using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Common.Logging;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging;

namespace Dash.Rpc.Dispatch;

/// <summary>
/// JSON-RPC as bytes in, bytes out: called by the HTTP endpoint and by another process over IPC, so both get the same
/// answer. Holds no state of a call; any thread, any number of calls at a time.
/// </summary>
public sealed class RpcDispatcher
{
    private const int Ok = 200;
    private const int Forbidden = 403;

    // What a message of 64 MiB holds beside what belongs to every one.
    private const int LongestText = (64 << 20) - (1 << 16);
    private const int PieceOfText = 1 << 20;

    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    // How long a request waits for a state if it does not say until when.
    private static readonly TimeSpan StatePatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan WordOfAnother = TimeSpan.FromSeconds(5);

    private static readonly List<JsonElement> NoArguments = [];

    private readonly ILogger _general;
    private readonly ILogger _calls;

    /// <summary>What a caller hears whose answer a message does not hold, where the other process reads no longer ones.</summary>
    public static string TooLongForText =>
        "The answer is larger than the 64 MiB that one message between the two processes holds, and one of them is of a version that knows "
        + "no longer answers. Ask for less at once (count and skip, query_options, listhistory), or ask the wallet process at its own port";

    /// <summary>A dispatcher over a table.</summary>
    public RpcDispatcher(RpcTable table, ILoggerFactory logs)
    {
        Table = table;
        _general = logs.CreateLogger(LogCategory.None);
        _calls = logs.CreateLogger(LogCategory.Rpc);
    }

    /// <summary>What is served.</summary>
    public RpcTable Table { get; }

    /// <summary>Refuses every call until the daemon is ready.</summary>
    public RpcWarmup Warmup { get; init; } = new();

    /// <summary>Who may call what.</summary>
    public Permissions Permissions { get; init; } = Permissions.All;

    /// <summary>The calls under way.</summary>
    public ActiveCommands Active { get; init; } = new(TimeProvider.System);

    /// <summary>
    /// Turns the daemon's own refusals (e.g. of a wallet) into errors with a code; null for what it does not know. The
    /// only such place.
    /// </summary>
    public Func<Exception, RpcError?> Translate { get; init; } = _ => null;

    /// <summary>Compare every result with its declaration (<c>-rpcdoccheck</c>).</summary>
    public bool ChecksResults { get; init; }

    /// <summary>How long calls take and how they end.</summary>
    public RpcMetrics Metrics { get; } = new();

    /// <summary>Long answers that are given again; null to make each anew.</summary>
    public KnownAnswers? Answers { get; init; }

    /// <summary>What requests may wait for; null in a daemon that has no such states.</summary>
    public ICallStates? States { get; init; }

    /// <summary>For deadlines: real time.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Answers a request or a batch.</summary>
    /// <param name="request">The body; unchanged until the call ends.</param>
    /// <param name="uri">Path, undecoded.</param>
    /// <param name="user">The authenticated user.</param>
    /// <param name="reply">Takes the reply, ended by a newline; nothing with status 403.</param>
    /// <param name="ct">Caller gone, or daemon stopping.</param>
    /// <returns>HTTP status: 200, 400, 403, 404 or 500.</returns>
    public ValueTask<int> ExecuteAsync(
        ReadOnlyMemory<byte> request, string uri, string user, IBufferWriter<byte> reply, CancellationToken ct) =>
        ExecuteAsync(request, uri, user, CallOptions.None, reply, ct);

    /// <summary>The same, with what headers said about the call. For a batch a key counts with the place of each request.</summary>
    public async ValueTask<int> ExecuteAsync(
        ReadOnlyMemory<byte> request, string uri, string user, CallOptions options, IBufferWriter<byte> reply, CancellationToken ct)
    {
        using var buffer = ReplyBuffer.Rent();
        var status = await ExecuteAsync(request, uri, user, options, buffer, ct);
        foreach (var piece in buffer.Pieces())
        {
            reply.Write(piece.Span);
        }

        return status;
    }

    /// <summary>The same, into a reply buffer, which is the fastest.</summary>
    public async ValueTask<int> ExecuteAsync(
        ReadOnlyMemory<byte> request, string uri, string user, CallOptions options, ReplyBuffer reply, CancellationToken ct)
    {
        using var document = JsonText.TryParse(request);
        if (document is null)
        {
            return Refuse(reply, RpcErrorCode.ParseError, "Parse error");
        }

        if (!Permissions.MayCallAnything(user))
        {
            _general.NothingAllowed(user);
            return Forbidden;
        }

        var root = document.RootElement;
        switch (root.ValueKind)
        {
            case JsonValueKind.Object:
                var status = await ExecuteOneAsync(RpcRequest.Of(root, uri, user, options), reply, ct);
                if (status != Forbidden && reply.Rest is null)
                {
                    reply.Write("\n"u8);
                }

                return status;
            case JsonValueKind.Array:
                return await ExecuteBatchAsync(root, uri, user, options, reply, ct);
            default:
                return Refuse(reply, RpcErrorCode.ParseError, "Top-level object parse error");
        }
    }

    /// <summary>The same for another process, which reads the answer in pieces. A state that has to be reached is waited for.</summary>
    public async ValueTask<LongAnswer> ExecuteLongAsync(ReadOnlyMemory<byte> request, string uri, string user, CancellationToken ct)
    {
        var reply = ReplyBuffer.Rent();
        try
        {
            reply.TakesRest = true;
            if (States is not null && RequestPeek.MayWait(request.Span))
            {
                await ReachStatesAsync(request, uri, user, CallOptions.None, ct);
            }

            return new LongAnswer(await ExecuteAsync(request, uri, user, CallOptions.None, reply, ct), reply);
        }
        catch
        {
            reply.Dispose();
            throw;
        }
    }

    /// <summary>The same as texts, where the answer must be one message; for a longer one there is an error.</summary>
    public async ValueTask<string> ExecuteTextAsync(string request, string uri, string user, CancellationToken ct)
    {
        var body = Encoding.UTF8.GetBytes(request);
        await using var answer = await ExecuteLongAsync(body, uri, user, ct);
        if (answer.Length <= LongestText)
        {
            using MemoryStream text = new((int)answer.Length);
            while (answer.Left > 0)
            {
                text.Write((await answer.ReadAsync(PieceOfText, ct)).Span);
            }

            return Encoding.UTF8.GetString(text.GetBuffer().AsSpan(0, (int)text.Length));
        }

        using var document = JsonText.TryParse(body);
        var id = document is { RootElement: { ValueKind: JsonValueKind.Object } root } ? RpcRequest.Of(root, uri, user).Id : default;
        using var refusal = ReplyBuffer.Rent();
        RpcReply.WriteError(refusal, RpcErrorCode.Misc, TooLongForText, id);
        refusal.Append("\n"u8);
        return Encoding.UTF8.GetString(refusal.ToArray());
    }

    /// <summary>
    /// Waits until all has been seen that the requests of a body want to have been seen before they are begun, until the first of
    /// their deadlines, or for half a minute where none has one. What has not been seen then is refused by <see cref="ExecuteTextAsync"/> and its like.
    /// </summary>
    public async Task ReachStatesAsync(ReadOnlyMemory<byte> request, string uri, string user, CallOptions options, CancellationToken ct)
    {
        if (States is not { } states || !Permissions.MayCallAnything(user) || BodyWishes.MinimumOf(request, options) is not { } wanted)
        {
            return;
        }

        var patience = wanted.Deadline is { } deadline ? LeftUntil(deadline) : StatePatience;
        using CancellationTokenSource limit = new(patience, Time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(ct, limit.Token);
        await states.ReachAsync(uri, wanted.Minimum, either.Token).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
    }

    /// <summary>
    /// How long the requests of a body are of use to who waits for them; null if not all of them have a deadline. It is for the queue
    /// before this: what waited for longer is answered here without having been begun (<see cref="CallOptions.IsLate"/>).
    /// </summary>
    public TimeSpan? PatienceOf(ReadOnlyMemory<byte> request, CallOptions options)
    {
        var deadline = RequestPeek.MayHaveDeadline(request.Span) ? BodyWishes.LastDeadlineOf(request, options) : options.Deadline;
        return deadline is { } end ? LeftUntil(end) : null;
    }

    private async ValueTask<int> ExecuteBatchAsync(
        JsonElement batch, string uri, string user, CallOptions options, ReplyBuffer reply, CancellationToken ct)
    {
        var requests = batch.EnumerateArray().Select((item, place) => RpcRequest.Of(item, uri, user, options with
        {
            IdempotencyKey = options.IdempotencyKey is { } key ? string.Create(CultureInfo.InvariantCulture, $"{key}#{place}") : null,
        })).ToList();

        // Nothing of a batch runs if one part of it is forbidden.
        if (requests.Find(IsForbidden) is not null)
        {
            return Forbidden;
        }

        if (!options.IsLate && requests.Exists(static request => request.Options.SharesState) && RemoteOfAll(requests) is { } remote)
        {
            return await ForwardBatchAsync(remote, requests, reply, ct);
        }

        using SharedState shared = new();
        reply.TakesRest = false;
        reply.Write("["u8);
        for (var i = 0; i < requests.Count; i++)
        {
            if (i > 0)
            {
                reply.Write(","u8);
            }

            if (requests[i].Options.SharesState)
            {
                requests[i].Shared = shared;
            }

            if (await ExecuteOneAsync(requests[i], reply, ct) == Forbidden)
            {
                // By the other process: what this one forbids was looked for before.
                RpcReply.WriteError(reply, RpcErrorCode.Misc, "Forbidden", requests[i].Id);
            }
        }

        reply.Write("]\n"u8);
        return Ok;
    }

    // The other process, if it answers every request of a batch.
    private IRemoteMethods? RemoteOfAll(List<RpcRequest> requests)
    {
        IRemoteMethods? all = null;
        foreach (var request in requests)
        {
            if (request.Method.Length == 0 || RouteOf(request).Remote is not { } remote || (all ??= remote) != remote)
            {
                return null;
            }
        }

        return all;
    }

    // As one, so that one state can answer all of it.
    private async ValueTask<int> ForwardBatchAsync(IRemoteMethods remote, List<RpcRequest> requests, ReplyBuffer reply, CancellationToken ct)
    {
        var mark = reply.Length;
        try
        {
            Warmup.ThrowIfStarting();
            ArrayBufferWriter<byte> batch = new();
            for (var i = 0; i < requests.Count; i++)
            {
                batch.Write(i > 0 ? ","u8 : "["u8);
                batch.Write(requests[i].Options.AddTo(requests[i].Body));
            }

            batch.Write("]"u8);
            var answer = await remote.ExecuteAsync(batch.WrittenMemory, requests[0].Uri, requests[0].User, ct);
            if (answer.Status == Forbidden)
            {
                return Forbidden;
            }

            await answer.WriteAsync(reply, ct);
            reply.Write("\n"u8);
        }
        catch (Exception e)
        {
            reply.Truncate(mark);
            reply.Write("["u8);
            for (var i = 0; i < requests.Count; i++)
            {
                reply.Write(i > 0 ? ","u8 : ""u8);
                var error = ToError(e, requests[i], ct);
                RpcReply.WriteError(reply, error.Code, error.Message, requests[i].Id);
            }

            reply.Write("]\n"u8);
        }

        return Ok;
    }

    /// <summary>Writes one reply object without newline.</summary>
    private async ValueTask<int> ExecuteOneAsync(RpcRequest request, ReplyBuffer reply, CancellationToken ct)
    {
        RpcError error;
        var mark = reply.Length;
        var begun = Time.GetTimestamp();
        var caller = ct;
        CancellationTokenSource? limit = null;
        var isForwarded = false;
        try
        {
            request.Check();
            if (IsForbidden(request))
            {
                return Forbidden;
            }

            if (_calls.IsEnabled(LogLevel.Debug) && request.Method != "getblocktemplate")
            {
                _calls.Call(Printable(request.Method), request.User);
            }

            Warmup.ThrowIfStarting();
            var route = RouteOf(request);
            if (route.Remote is null)
            {
                RequireState(request);
            }

            if (request.Options.Deadline is { } deadline)
            {
                // A timer comes a little later, even one of no time at all.
                if (request.Options.IsExpired(Time))
                {
                    throw CallOptions.Expired();
                }

                limit = CancellationTokenSource.CreateLinkedTokenSource(ct);

                // Another process says itself at the deadline whether something was done.
                var grace = route.Remote is not null ? WordOfAnother : TimeSpan.Zero;
                limit.CancelAfter(LeftUntil(deadline) + grace);
                ct = limit.Token;
            }

            using var running = route.Exists ? Active.Begin(request.Method) : null;
            if (route.Remote is { } remote)
            {
                isForwarded = true;
                return await ForwardAsync(remote, request, reply, ct);
            }

            var command = route.Local ?? throw new RpcError(RpcErrorCode.MethodNotFound, "Method not found");
            RpcReply.BeginResult(reply);
            await RunAsync(command, request, route.IsComposite, reply, ct);
            RpcReply.EndResult(reply, request.Id, request.State);
            Metrics.Count(request.Method, Time.GetElapsedTime(begun), isError: false);
            return Ok;
        }
        catch (OperationCanceledException) when (limit is { IsCancellationRequested: true } && !caller.IsCancellationRequested)
        {
            // Also where its timer came a moment before the clock says so.
            error = isForwarded ? CallOptions.NoWord() : CallOptions.Expired();
        }
        catch (Exception e)
        {
            error = ToError(e, request, ct);
        }
        finally
        {
            limit?.Dispose();
        }

        if (Table.Route(request.Method, null).Exists)
        {
            Metrics.Count(request.Method, Time.GetElapsedTime(begun), isError: true);
        }

        if (error.Code is RpcErrorCode.DeadlineExceeded or RpcErrorCode.AnswerTooLate)
        {
            Metrics.CountExpired();
        }

        reply.Truncate(mark);
        RpcReply.WriteError(reply, error.Code, error.Message, request.Id, request.State);
        return RpcReply.StatusOf(error.Code);
    }

    private RpcRoute RouteOf(RpcRequest request) =>
        Table.Route(request.Method, Table.HasSubCommands(request.Method) ? request.FirstWord() : null);

    // Whoever waits has waited before: a request that runs keeps others from running.
    private void RequireState(RpcRequest request)
    {
        if (request.Options.Minimum is not { } minimum)
        {
            return;
        }

        if (States is null)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "min_height and min_seq are for what a wallet answers");
        }

        if (States.FindShortfall(request.Uri, minimum) is { } shortfall)
        {
            throw new RpcError(RpcErrorCode.StateNotReached, shortfall + "; nothing was done");
        }
    }

    private async ValueTask RunAsync(
        RpcCommand command, RpcRequest request, bool isComposite, ReplyBuffer reply, CancellationToken ct)
    {
        var arguments = Arguments(command.Method, request, isComposite);
        if (!command.Method.Takes(arguments.Count))
        {
            // Core answers a wrong number of arguments with the help.
            throw new RpcError(RpcErrorCode.Misc, HelpText.Render(command.Method));
        }

        command.Method.CheckTypes(arguments);
        if (request.Shared is not null && command.Method.Lane is RpcLane.Waiting or RpcLane.Rescan or RpcLane.Load)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "What waits cannot be in a batch that is answered from one state");
        }

        var begin = reply.Length;
        RpcInvocation invocation = new(request, command.Method, arguments) { Reply = reply };
        var state = Answers is not null && command.ReflectsAsync is { } reflects ? await reflects(invocation, ct) : null;
        if (state is not null && Answers is { } answers && answers.TryWrite(state, request, reply))
        {
            return;
        }

        var writer = reply.BeginJson();
        try
        {
            await (command.Method.Lane == RpcLane.Heavy
                ? LongCallContext.Begin(() => command.RunAsync(invocation, writer, ct))
                : command.RunAsync(invocation, writer, ct));
        }
        catch (OperationCanceledException) when (invocation.HasEffect && request.Options.Deadline is not null && ct.IsCancellationRequested)
        {
            throw CallOptions.TooLate();
        }

        ReplyBuffer.EndJson(writer);
        if (ChecksResults && ResultCheck.Find(command.Method, reply.ToArray(begin)) is { } fault)
        {
            throw InternalBug.Detected($"{command.Method.Name} does not answer as documented: {fault}");
        }

        // The handler looked at the state after this did: if it is still the same, that is what it saw.
        if (state is not null && ReferenceEquals(state.Newest(), state.Version))
        {
            Answers?.Keep(state, request, reply, begin);
        }

        if (reply.Length == begin)
        {
            reply.Write("null"u8);
        }
    }

    private static List<JsonElement> Arguments(RpcMethod method, RpcRequest request, bool isComposite)
    {
        if (request.Params.ValueKind == JsonValueKind.Array && request.Params.GetArrayLength() == 0)
        {
            return NoArguments;
        }

        if (request.Params.ValueKind != JsonValueKind.Object)
        {
            return request.Params.ValueKind == JsonValueKind.Array
                ? [.. request.Params.EnumerateArray().Skip(isComposite ? 1 : 0)]
                : [];
        }

        // The first word of a sub-command was one of the values; the others keep their order.
        return isComposite
            ? [.. request.Params.EnumerateObject().Skip(1).Select(member => member.Value)]
            : NamedArguments.ToPositions(request.Params, method.Args);
    }

    private static async ValueTask<int> ForwardAsync(
        IRemoteMethods remote, RpcRequest request, ReplyBuffer reply, CancellationToken ct)
    {
        if (request.Shared is not null)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "A batch that is answered from one state has requests for the wallet only");
        }

        var mark = reply.Length;
        var answer = await remote.ExecuteAsync(request.Options.AddTo(request.Body), request.Uri, request.User, ct);
        if (answer.Status == Forbidden)
        {
            return Forbidden;
        }

        if (reply.TakesRest && answer is { Status: { } known, Rest: not null })
        {
            reply.Write(answer.Beginning.Span);
            reply.Rest = answer.Rest;
            return known;
        }

        await answer.WriteAsync(reply, ct);
        return answer.Status ?? RpcReply.StatusOf(RpcReply.ErrorOf(reply.ToArray(mark)));
    }

    private bool IsForbidden(RpcRequest request)
    {
        try
        {
            request.Check();
        }
        catch (RpcError)
        {
            // Its own answer says so; there is nothing to forbid.
            return false;
        }

        if (Permissions.Allows(request))
        {
            return false;
        }

        var method = Printable(request.Method);
        _general.NotAllowed(request.User, method);
        return true;
    }

    /// <summary>The one place where what went wrong becomes an answer.</summary>
    private RpcError ToError(Exception exception, RpcRequest request, CancellationToken ct)
    {
        switch (exception)
        {
            case RpcError error:
                return error;
            case OperationCanceledException when request.Options.IsExpired(Time):
                return CallOptions.Expired();
            case OperationCanceledException when ct.IsCancellationRequested:
                return new RpcError(RpcErrorCode.ClientNotConnected, "Shutting down");
            default:
                if (Translate(exception) is { } translated)
                {
                    return translated;
                }

                var method = Printable(request.Method);
                _general.Failed(exception, method);
                return new RpcError(RpcErrorCode.Misc, exception.Message, exception);
        }
    }

    // A deadline far away is none for a timer.
    private TimeSpan LeftUntil(DateTimeOffset deadline)
    {
        var left = deadline - Time.GetUtcNow();
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left < LongestTimer ? left : LongestTimer;
    }

    private static int Refuse(ReplyBuffer reply, RpcErrorCode code, string message)
    {
        RpcReply.WriteError(reply, code, message, default);
        reply.Write("\n"u8);
        return RpcReply.StatusOf(code);
    }

    /// <summary>A name from outside, for the log: only letters, digits and harmless signs, not long.</summary>
    private static string Printable(string text)
    {
        const string harmless = " .,;-_/:?@()";
        const int longest = 64;
        return string.Concat(text.Take(longest).Where(c => char.IsAsciiLetterOrDigit(c) || harmless.Contains(c)));
    }
}
