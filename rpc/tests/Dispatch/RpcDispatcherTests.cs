using System.Buffers;
using System.Text;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Dispatch;

public sealed class RpcDispatcherTests
{
    private const string Txid = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("{\"method\":\"pay\",\"params\":[\"x\",1],\"id\":1}", 200, "{\"result\":\"" + Txid + "1\",\"error\":null,\"id\":1}")]
    [InlineData("{\"method\":\"nothing\"}", 200, "{\"result\":null,\"error\":null,\"id\":null}")]
    [InlineData("{\"method\":\"nothing\",\"params\":null,\"id\":\"\\u0041\\u00fc\"}", 200, "{\"result\":null,\"error\":null,\"id\":\"Aü\"}")]
    [InlineData("{\"method\":\"nothing\",\"id\":{\"a\": [1.50]}}", 200, "{\"result\":null,\"error\":null,\"id\":{\"a\":[1.50]}}")]
    [InlineData("{\"method\":\"coins\",\"params\":[\"list\",2],\"id\":1}", 200, "{\"result\":[0,1],\"error\":null,\"id\":1}")]
    [InlineData("{", 500, "{\"result\":null,\"error\":{\"code\":-32700,\"message\":\"Parse error\"},\"id\":null}")]
    [InlineData("1", 500, "{\"result\":null,\"error\":{\"code\":-32700,\"message\":\"Top-level object parse error\"},\"id\":null}")]
    [InlineData("{\"id\":7}", 400, "{\"result\":null,\"error\":{\"code\":-32600,\"message\":\"Missing method\"},\"id\":7}")]
    [InlineData("{\"method\":1,\"id\":7}", 400, "{\"result\":null,\"error\":{\"code\":-32600,\"message\":\"Method must be a string\"},\"id\":7}")]
    [InlineData("{\"method\":\"x\",\"params\":1}", 400, "{\"result\":null,\"error\":{\"code\":-32600,\"message\":\"Params must be an array or object\"},\"id\":null}")]
    [InlineData("{\"method\":\"x\",\"id\":7}", 404, "{\"result\":null,\"error\":{\"code\":-32601,\"message\":\"Method not found\"},\"id\":7}")]
    [InlineData("{\"method\":\"coins\",\"params\":[\"lost\"]}", 404, "{\"result\":null,\"error\":{\"code\":-32601,\"message\":\"Method not found\"},\"id\":null}")]
    [InlineData("{\"method\":\"broken\",\"params\":[\"refused\"]}", 500, "{\"result\":null,\"error\":{\"code\":-4,\"message\":\"Refused: \\\"no\\\"\"},\"id\":null}")]
    [InlineData("{\"method\":\"broken\",\"params\":[\"translated\"]}", 500, "{\"result\":null,\"error\":{\"code\":-18,\"message\":\"mine\"},\"id\":null}")]
    [InlineData("{\"method\":\"broken\",\"params\":[\"half\"]}", 500, "{\"result\":null,\"error\":{\"code\":-1,\"message\":\"half way\"},\"id\":null}")]
    [InlineData("{\"method\":\"broken\"}", 500, "{\"result\":null,\"error\":{\"code\":-1,\"message\":\"a bug\"},\"id\":null}")]
    [InlineData("[]", 200, "[]")]
    [InlineData("[{\"method\":\"nothing\",\"id\":1},5,{\"method\":\"x\",\"id\":2}]", 200,
        "[{\"result\":null,\"error\":null,\"id\":1}," +
        "{\"result\":null,\"error\":{\"code\":-32600,\"message\":\"Invalid Request object\"},\"id\":null}," +
        "{\"result\":null,\"error\":{\"code\":-32601,\"message\":\"Method not found\"},\"id\":2}]")]
    public async Task Requests_are_answered_with_status_and_text(string request, int status, string reply) =>
        Assert.Equal((status, reply + "\n"), await ExecuteAsync(Dispatcher(), request));

    [Theory]
    [InlineData("{\"address\":\"x\",\"amount\":1,\"verbose\":true}", "\"amount\":1.00000000}")]
    [InlineData("{\"verbose\":true,\"amount\":1,\"note\":\"n\",\"address\":\"x\"}", "\"comment\":\"n\"}")]
    [InlineData("{\"args\":[\"x\",2],\"verbose\":true}", "\"amount\":2.00000000}")]
    [InlineData("{\"args\":[\"x\"],\"amount\":3,\"verbose\":true}", "\"amount\":3.00000000}")]
    [InlineData("{\"args\":5,\"address\":\"x\",\"amount\":3,\"verbose\":true}", "\"amount\":3.00000000}")]
    [InlineData("{\"address\":\"x\",\"address\":\"y\"}", "Parameter address specified multiple times")]
    [InlineData("{\"address\":\"x\",\"amount\":1,\"fee\":1}", "Unknown named parameter fee")]
    [InlineData("{\"args\":[\"x\",1],\"address\":\"y\"}", "Parameter address specified twice both as positional and named argument")]
    [InlineData("{\"args\":[\"x\",1,\"n\"],\"comment\":\"y\"}", "Parameter comment|note specified twice both as positional and named argument")]
    [InlineData("{\"amount\":1}", "JSON value of type null is not of expected type string")]
    [InlineData("{\"address\":\"x\"}", "pay \\\"address\\\" amount")]
    public async Task Named_parameters_find_their_positions(string parameters, string part)
    {
        var (_, reply) = await ExecuteAsync(Dispatcher(), $"{{\"method\":\"pay\",\"params\":{parameters}}}");
        Assert.Contains(part, reply, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("[]")]
    [InlineData("[1,2,3,4,5]")]
    public async Task A_wrong_number_of_arguments_is_answered_with_the_help(string parameters)
    {
        var (status, reply) = await ExecuteAsync(Dispatcher(), $"{{\"method\":\"pay\",\"params\":{parameters}}}");
        Assert.Equal(500, status);
        Assert.Contains("{\"code\":-1,\"message\":\"pay \\\"address\\\" amount", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Until_ready_every_call_is_refused_with_what_the_daemon_does()
    {
        var dispatcher = Dispatcher();
        dispatcher.Warmup.Finish();
        RpcDispatcher starting = new(dispatcher.Table, NullLoggerFactory.Instance);
        starting.Warmup.Report("Loading block index…");
        Assert.Equal(
            (500, "{\"result\":null,\"error\":{\"code\":-28,\"message\":\"Loading block index…\"},\"id\":1}\n"),
            await ExecuteAsync(starting, "{\"method\":\"nothing\",\"id\":1}"));
        starting.Warmup.Finish();
        starting.Warmup.Report("too late");
        Assert.Equal(200, (await ExecuteAsync(starting, "{\"method\":\"nothing\"}")).Status);
    }

    [Fact]
    public async Task An_undocumented_result_is_found_when_results_are_checked()
    {
        var (_, reply) = await ExecuteAsync(Dispatcher(), "{\"method\":\"broken\",\"params\":[\"undocumented\"]}");
        Assert.Contains("Internal bug detected: broken does not answer as documented: result is Number", reply, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Methods_of_another_process_are_forwarded_and_their_answers_copied()
    {
        var dispatcher = Dispatcher();
        FakeRemote remote = new("{\"result\":5,\"error\":null,\"id\":\"r\"}\n", "getbalance", "coins list");
        using (dispatcher.Table.Attach(remote))
        {
            const string request = "{ \"method\":\"getbalance\", \"id\":\"r\" }";
            Assert.Equal((200, "{\"result\":5,\"error\":null,\"id\":\"r\"}\n"), await ExecuteAsync(dispatcher, request));
            Assert.Equal((request, "/wallet/w", "alice"), remote.Asked[0]);

            // Both words are its own too, and hide ours.
            await ExecuteAsync(dispatcher, "[{\"method\":\"nothing\"},{\"method\":\"coins\",\"params\":[\"list\"]}]");
            Assert.Equal("{\"method\":\"coins\",\"params\":[\"list\"]}", remote.Asked[1].Request);

            remote.Answer = "{\"result\":null,\"error\":{\"code\":-32601,\"message\":\"Method not found\"},\"id\":1}\n";
            Assert.Equal(404, (await ExecuteAsync(dispatcher, request)).Status);
        }

        Assert.Equal(404, (await ExecuteAsync(dispatcher, "{\"method\":\"getbalance\"}")).Status);
        Assert.Equal(200, (await ExecuteAsync(dispatcher, "{\"method\":\"coins\",\"params\":[\"list\"]}")).Status);
    }

    [Fact]
    public async Task What_is_forwarded_has_the_same_bytes_as_what_is_called_directly()
    {
        var (direct, forwarding) = (Dispatcher(), Dispatcher());
        using var attached = forwarding.Table.Attach(new Forwarded(direct));
        foreach (var request in new[]
        {
            "{\"method\":\"pay\",\"params\":[\"x\",1,\"é\\u0001\",true],\"id\":\"\\u00e9\"}",
            "{\"method\":\"pay\",\"params\":{\"address\":5,\"amount\":1},\"id\":{}}",
            "{\"method\":\"pay\"}",
            "[{\"method\":\"pay\",\"params\":[\"x\",1]},{\"method\":\"nothing\"},7]",
        })
        {
            Assert.Equal(await ExecuteAsync(direct, request), await ExecuteAsync(forwarding, request));
        }
    }

    [Fact]
    public async Task A_whitelist_holds_for_single_requests_and_for_each_of_a_batch()
    {
        var dispatcher = Dispatcher(Permissions.Parse(["alice:nothing, coinslist,", "bob"], null));
        Assert.Equal(200, await StatusAsync("alice", "{\"method\":\"nothing\"}"));
        Assert.Equal(200, await StatusAsync("alice", "{\"method\":\"coins\",\"params\":[\"list\"]}"));
        Assert.Equal(200, await StatusAsync("alice", "[{\"method\":\"nothing\"},{\"method\":\"coins\",\"params\":[\"list\"]}]"));
        Assert.Equal(403, await StatusAsync("alice", "[{\"method\":\"nothing\"},{\"method\":\"pay\"}]"));
        Assert.Equal(403, await StatusAsync("alice", "{\"method\":\"pay\"}"));
        Assert.Equal(403, await StatusAsync("alice", "{\"method\":\"coins\"}"));
        Assert.Equal(403, await StatusAsync("bob", "{\"method\":\"nothing\"}"));
        Assert.Equal(403, await StatusAsync("carol", "{\"method\":\"nothing\"}"));
        Assert.Equal(400, await StatusAsync("alice", "{}"));

        async Task<int> StatusAsync(string user, string request)
        {
            var (status, reply) = await ExecuteAsync(dispatcher, request, user);
            Assert.Equal(status == 403, reply.Length == 0);
            return status;
        }
    }

    [Fact]
    public void Several_lists_of_a_user_are_intersected_and_others_can_be_left_alone()
    {
        var permissions = Permissions.Parse(["alice:a,b", "alice:b,c"], othersMayNothing: false);
        Assert.False(permissions.Allows(Request("a")));
        Assert.True(permissions.Allows(Request("b")));
        Assert.False(permissions.Allows(Request("c")));
        Assert.True(permissions.MayCallAnything("carol"));
        Assert.False(Permissions.Parse([], othersMayNothing: true).MayCallAnything("carol"));

        static RpcRequest Request(string method)
        {
            var request = RpcRequest.Of(JsonText.TryParse($"{{\"method\":\"{method}\"}}")!.RootElement, "/", "alice");
            request.Check();
            return request;
        }
    }

    [Fact]
    public async Task A_call_that_the_daemons_end_interrupts_says_so()
    {
        using CancellationTokenSource stop = new();
        TaskCompletionSource never = new();
        var dispatcher = Dispatcher(wait: Samples.Wait(never.Task, stop.Cancel));
        ArrayBufferWriter<byte> reply = new();
        var status = await dispatcher.ExecuteAsync("{\"method\":\"wait\"}"u8.ToArray(), "/", "", reply, stop.Token);
        Assert.Equal(500, status);
        Assert.Contains("{\"code\":-9,\"message\":\"Shutting down\"}", Encoding.UTF8.GetString(reply.WrittenSpan), StringComparison.Ordinal);
        Assert.Equal(0, dispatcher.Active.Count);
    }

    [Fact]
    public async Task A_call_that_computes_much_goes_on_a_thread_of_its_own_after_it_had_to_wait()
    {
        TaskCompletionSource gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string?> names = [];
        RpcMethod<RpcCall> list = new("hidden", "wait", "Waits.")
        {
            Results = [Result.None()],
            Lane = RpcLane.Heavy,
            Handler = async (_, _, ct) =>
            {
                await Task.CompletedTask.WaitAsync(ct);
                names.Add(Thread.CurrentThread.Name);
                await gate.Task.WaitAsync(ct);
                names.Add(Thread.CurrentThread.Name);
            },
        };
        var before = SynchronizationContext.Current;
        var answer = ExecuteAsync(Dispatcher(wait: list), "{\"method\":\"wait\"}");
        Assert.Same(before, SynchronizationContext.Current);
        Assert.Equal([Thread.CurrentThread.Name], names);
        gate.SetResult();
        Assert.Equal(200, (await answer).Status);
        Assert.Equal("long call", names[1]);
    }

    [Fact]
    public void A_name_declared_twice_is_found_when_the_table_is_built()
    {
        RpcTable table = new();
        table.Add([Samples.Pay], call => new RpcCall(call));
        Assert.Throws<InvalidOperationException>(() => table.Add([Samples.Pay], call => new RpcCall(call)));
    }

    private static RpcDispatcher Dispatcher(Permissions? permissions = null, RpcMethod<RpcCall>? wait = null)
    {
        RpcTable table = new();
        RpcMethod<RpcCall>[] methods = [Samples.Pay, Samples.List, Samples.Nothing, Samples.Broken];
        table.Add(wait is null ? methods : [.. methods, wait], call => new RpcCall(call));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance)
        {
            Permissions = permissions ?? Permissions.All,
            ChecksResults = true,
            Translate = e => e is NotSupportedException ? new RpcError(RpcErrorCode.WalletNotFound, e.Message) : null,
        };
        dispatcher.Warmup.Finish();
        return dispatcher;
    }

    /// <summary>Serves the same method from the other side of a process line.</summary>
    private sealed class Forwarded(RpcDispatcher other) : IRemoteMethods
    {
        public IReadOnlyList<RemoteCommand> Commands { get; } = [RemoteCommand.Of(Samples.Pay)];

        public async ValueTask<RemoteAnswer> ExecuteAsync(ReadOnlyMemory<byte> request, string uri, string user, CancellationToken ct) =>
            new(null, Encoding.UTF8.GetBytes(await other.ExecuteTextAsync(Encoding.UTF8.GetString(request.Span), uri, user, ct)), null);
    }

    private static async Task<(int Status, string Reply)> ExecuteAsync(
        RpcDispatcher dispatcher, string request, string user = "alice")
    {
        ArrayBufferWriter<byte> reply = new();
        var status = await dispatcher.ExecuteAsync(Encoding.UTF8.GetBytes(request), "/wallet/w", user, reply, Ct);
        return (status, Encoding.UTF8.GetString(reply.WrittenSpan));
    }
}
