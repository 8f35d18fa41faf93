using System.Buffers;
using System.Text;
using System.Text.Json;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Dispatch;

/// <summary>Requests that wait for a state, replies that tell one, and batches that go to another process as one.</summary>
public sealed class CallStatesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{\"method\":\"told\",\"id\":1}", "{\"result\":7,\"error\":null,\"id\":1,\"state\":{\"seq\":5}}")]
    [InlineData("{\"method\":\"told\",\"params\":[true],\"id\":1}", "{\"result\":null,\"error\":{\"code\":-4,\"message\":\"no\"},\"id\":1,\"state\":{\"seq\":5}}")]
    [InlineData("{\"method\":\"nothing\",\"state\":true,\"id\":1}", "{\"result\":null,\"error\":null,\"id\":1}")]
    [InlineData("{\"method\":\"nothing\",\"state\":\"x\"}", "{\"result\":null,\"error\":{\"code\":-8,\"message\":\"state must be true or false\"},\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"min_height\":-1}", "{\"result\":null,\"error\":{\"code\":-8,\"message\":\"min_height must be the height of a block\"},\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"min_seq\":\"1\"}", "{\"result\":null,\"error\":{\"code\":-8,\"message\":\"min_seq must be the number of an event\"},\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"idempotency_key\":null}", "{\"result\":null,\"error\":{\"code\":-8,\"message\":\"An idempotency key is 1 to 255 printable ASCII characters without blanks\"},\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"min_seq\":5}", "{\"result\":null,\"error\":null,\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"min_seq\":6}", "{\"result\":null,\"error\":{\"code\":-61,\"message\":\"at 5; nothing was done\"},\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"min_seq\":6,\"deadline\":1}", "{\"result\":null,\"error\":{\"code\":-61,\"message\":\"at 5; nothing was done\"},\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"deadline\":1}", "{\"result\":null,\"error\":{\"code\":-60,\"message\":\"The deadline of the request has passed; nothing was done\"},\"id\":null}")]
    public async Task What_is_asked_beside_method_and_parameters_is_answered(string request, string reply) =>
        Assert.Equal(reply + "\n", await ExecuteAsync(Dispatcher(), request));

    [Theory]
    [InlineData("{\"method\":\"nothing\",\"idempotency_key\":\"a\"}", true)]
    [InlineData("{\"method\":\"nothing\",\"idempotency_key\":\"b\"}", false)]
    [InlineData("[{\"method\":\"nothing\",\"idempotency_key\":\"a#0\"}]", true)]
    [InlineData("[{\"method\":\"nothing\",\"idempotency_key\":\"a\"}]", false)]
    public async Task Two_keys_for_one_payment_are_refused(string request, bool isTaken) =>
        Assert.Equal(!isTaken, (await ExecuteAsync(Dispatcher(), request, CallOptions.None with { IdempotencyKey = "a" }))
            .Contains("{\"code\":-8,\"message\":\"idempotency_key and the header Idempotency-Key name different keys; give one of them\"}", StringComparison.Ordinal));

    [Fact]
    public async Task Who_is_stopped_at_the_deadline_is_told_so_although_the_clock_is_behind_the_timer()
    {
        RpcTable table = new();
        table.Add([Endless], static call => new RpcCall(call));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance) { Time = new StandingTime() };
        dispatcher.Warmup.Finish();
        Assert.Contains("\"code\":-60", await ExecuteAsync(dispatcher, "{\"method\":\"endless\",\"deadline\":1000000000.01}"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Who_has_had_an_effect_by_the_deadline_is_not_told_that_nothing_was_done()
    {
        RpcTable table = new();
        table.Add([Begun], static call => new RpcCall(call));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance) { Time = new StandingTime() };
        dispatcher.Warmup.Finish();
        Assert.Equal(
            "{\"result\":null,\"error\":{\"code\":-62,\"message\":\"The deadline of the request has passed; what it did stays, and what it began goes on\"},\"id\":null}\n",
            await ExecuteAsync(dispatcher, "{\"method\":\"begun\",\"deadline\":1000000000.01}"));
    }

    [Fact]
    public async Task Where_there_is_no_state_nobody_waits_for_one()
    {
        var reply = await ExecuteAsync(Dispatcher(hasStates: false), "{\"method\":\"nothing\",\"min_seq\":1}");
        Assert.Contains("\"code\":-8", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_body_waits_once_for_all_that_its_requests_want()
    {
        States states = new();
        var dispatcher = Dispatcher(states: states);
        var body = "[{\"method\":\"nothing\",\"min_seq\":9},5,{\"method\":\"nothing\",\"min_height\":3,\"min_seq\":2},{\"method\":\"nothing\"}]"u8.ToArray();
        await dispatcher.ReachStatesAsync(body, "/wallet/a", "user", CallOptions.None, Ct);
        Assert.Equal([("/wallet/a", new StateMinimum(3, 9))], states.Asked);
        await dispatcher.ReachStatesAsync("{\"method\":\"nothing\"}"u8.ToArray(), "/", "user", CallOptions.None, Ct);
        Assert.Single(states.Asked);
        await dispatcher.ReachStatesAsync("{\"method\":\"nothing\"}"u8.ToArray(), "/", "user", CallOptions.None with { Minimum = new(1, null) }, Ct);
        Assert.Equal(2, states.Asked.Count);
    }

    [Fact]
    public async Task A_batch_from_one_state_goes_to_the_other_process_as_one_or_not_at_all()
    {
        var dispatcher = Dispatcher();
        FakeRemote wallet = new("[1,2]\n", "getbalance");
        using (dispatcher.Table.Attach(wallet))
        {
            Assert.Equal("[1,2]\n", await ExecuteAsync(
                dispatcher, "[{\"method\":\"getbalance\",\"id\":1}, {\"method\":\"getbalance\",\"id\":2}]", CallOptions.None with { SharesState = true, WantsState = true }));
            var (text, uri, _) = Assert.Single(wallet.Asked);
            Assert.Equal("/wallet/a", uri);
            Assert.Equal(
                "[{\"method\":\"getbalance\",\"id\":1,\"state\":true,\"snapshot\":true},{\"method\":\"getbalance\",\"id\":2,\"state\":true,\"snapshot\":true}]", text);
            var mixed = await ExecuteAsync(dispatcher, "[{\"method\":\"getbalance\",\"snapshot\":true},{\"method\":\"nothing\"}]");
            Assert.Contains("for the wallet only", mixed, StringComparison.Ordinal);
            Assert.Single(wallet.Asked);
        }
    }

    private static async Task<string> ExecuteAsync(RpcDispatcher dispatcher, string request, CallOptions? options = null)
    {
        ArrayBufferWriter<byte> reply = new();
        await dispatcher.ExecuteAsync(Encoding.UTF8.GetBytes(request), "/wallet/a", "user", options ?? CallOptions.None, reply, Ct);
        return Encoding.UTF8.GetString(reply.WrittenSpan);
    }

    private static RpcDispatcher Dispatcher(bool hasStates = true, States? states = null)
    {
        RpcTable table = new();
        table.Add([Told, Samples.Nothing], static call => new TellingCall(call));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance) { States = hasStates ? states ?? new States() : null };
        dispatcher.Warmup.Finish();
        return dispatcher;
    }

    private static RpcMethod<RpcCall> Told { get; } = new("hidden", "told", "Tells.")
    {
        IsAddition = true,
        Args = [Arg.Bool("refuse", fallback: false, "Refuse it.")],
        Results = [Result.Num("", "A number.")],
        Handler = static (call, result, _) =>
        {
            ((TellingCall)call).Tell();
            if (call.Get((RpcArg<bool>)call.Method.Args[0])) throw new RpcError(RpcErrorCode.Wallet, "no");
            result.WriteNumberValue(7);
            return ValueTask.CompletedTask;
        },
    };

    private static RpcMethod<RpcCall> Endless { get; } = new("hidden", "endless", "Waits.")
    {
        IsAddition = true,
        Results = [Result.None()],
        Handler = static (_, _, ct) => new(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct)),
    };

    private static RpcMethod<RpcCall> Begun { get; } = new("hidden", "begun", "Does something, then waits.")
    {
        IsAddition = true,
        Results = [Result.None()],
        Handler = static (call, _, ct) =>
        {
            call.MarkEffect();
            return new(Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct));
        },
    };

    private sealed class StandingTime : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => DateTimeOffset.FromUnixTimeSeconds(1_000_000_000);
    }

    private sealed class TellingCall(RpcInvocation invocation) : RpcCall(invocation), IReplyState
    {
        public void Tell() => Request.State = this;

        public void Write(Utf8JsonWriter writer)
        {
            writer.WriteStartObject();
            writer.WriteNumber("seq", 5);
            writer.WriteEndObject();
        }
    }

    private sealed class States : ICallStates
    {
        public List<(string Uri, StateMinimum Minimum)> Asked { get; } = [];

        public Task ReachAsync(string uri, StateMinimum minimum, CancellationToken ct)
        {
            Asked.Add((uri, minimum));
            return Task.CompletedTask;
        }

        public string? FindShortfall(string uri, StateMinimum minimum) => minimum.Sequence > 5 ? "at 5" : null;
    }
}
