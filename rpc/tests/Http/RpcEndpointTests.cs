using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Http;

/// <summary>The server in this process, asked by a real client over real sockets.</summary>
public sealed class RpcEndpointTests : IAsyncDisposable
{
    private readonly TaskCompletionSource _gate = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private readonly SemaphoreSlim _started = new(0);
    private readonly CancellationTokenSource _stop = new();
    private readonly RpcTable _table = new();
    private RpcEndpoint? _endpoint;
    private Task _running = Task.CompletedTask;
    private HttpClient? _client;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private Uri Address => new($"http://{_endpoint!.EndPoints.First(point => point.AddressFamily == AddressFamily.InterNetwork)}/");

    public async ValueTask DisposeAsync()
    {
        _gate.TrySetResult();
        await _stop.CancelAsync();
        await _running;
        _client?.Dispose();
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
        }

        _stop.Dispose();
        _started.Dispose();
    }

    [Fact]
    public async Task A_call_is_answered_byte_for_byte_as_Core_does()
    {
        await StartAsync();
        using var reply = await PostAsync("{\"method\":\"nothing\",\"id\":1}");
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        Assert.Equal("application/json", string.Join(';', reply.Content.Headers.GetValues("Content-Type")));
        Assert.Equal("{\"result\":null,\"error\":null,\"id\":1}\n", await reply.Content.ReadAsStringAsync(Ct));
        Assert.False(reply.Headers.Contains("Server"));
    }

    [Theory]
    [InlineData(4_000)]
    [InlineData(5_000)]
    [InlineData(20_000)]
    [InlineData(65_536)]
    [InlineData(70_000)]
    [InlineData(3_000_000)]
    public async Task Answers_of_all_lengths_are_whole(int length)
    {
        await StartAsync();
        var id = new string('x', length);
        for (var i = 0; i < 3; i++)
        {
            using var reply = await PostAsync($"{{\"method\":\"nothing\",\"id\":\"{id}\"}}");
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            Assert.Equal($"{{\"result\":null,\"error\":null,\"id\":\"{id}\"}}\n", await reply.Content.ReadAsStringAsync(Ct));
        }
    }

    [Theory]
    [InlineData("post / HTTP/1.1", "Content-Length: 2\r\n\r\n{}", 501)]
    [InlineData("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\nContent-Length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n", 400)]
    [InlineData("POST / HTTP/1.1", "Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\n{}", 413)]
    [InlineData("POST / HTTP/1.1", "Expect: foo\r\nContent-Length: 2\r\n\r\n{}", 417)]
    [InlineData("POST / HTTP/1.1", "Authorization: Basic xxx\r\nContent-Length: 20\r\n\r\n{\"method\":\"nothing\"}", 200)]
    [InlineData("POST / HTTP/1.1", "Sec-Fetch-Site: cross-site\r\nContent-Length: 20\r\n\r\n{\"method\":\"nothing\"}", 403)]
    [InlineData("POST / HTTP/1.1", "Origin: http://8.8.8.8\r\nContent-Length: 20\r\n\r\n{\"method\":\"nothing\"}", 403)]
    [InlineData("POST / HTTP/1.1", "Request-Timeout: -Infinity\r\nContent-Length: 20\r\n\r\n{\"method\":\"nothing\"}", 500, "\"code\":-8")]
    [InlineData("POST / HTTP/1.1", "Request-Timeout: NaN\r\nContent-Length: 20\r\n\r\n{\"method\":\"nothing\"}", 500, "\"code\":-8")]
    public async Task Odd_requests_have_a_status_that_fits(string line, string rest, int status, string part = "")
    {
        await StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port, Ct);
        var text = $"{line}\r\nHost: 127.0.0.1\r\nAuthorization: Basic dTpw\r\nConnection: close\r\n{rest}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(text), Ct);
        using StreamReader reader = new(client.GetStream());
        Assert.StartsWith($"HTTP/1.1 {status} ", await reader.ReadLineAsync(Ct), StringComparison.Ordinal);
        Assert.Contains(part, await reader.ReadToEndAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Many_short_headers_are_taken()
    {
        await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, Address) { Content = new StringContent("{\"method\":\"nothing\"}") };
        for (var i = 0; i < 200; i++)
        {
            request.Headers.Add($"X-{i}", "a");
        }

        using var reply = await _client!.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
    }

    [Theory]
    [InlineData("{", HttpStatusCode.InternalServerError, "Parse error")]
    [InlineData("", HttpStatusCode.InternalServerError, "Parse error")]
    [InlineData("{}", HttpStatusCode.BadRequest, "Missing method")]
    [InlineData("{\"method\":\"x\"}", HttpStatusCode.NotFound, "Method not found")]
    [InlineData("[{\"method\":\"x\"}]", HttpStatusCode.OK, "Method not found")]
    public async Task Refusals_have_Cores_status(string request, HttpStatusCode status, string part)
    {
        await StartAsync();
        using var reply = await PostAsync(request);
        Assert.Equal(status, reply.StatusCode);
        Assert.Equal("application/json", reply.Content.Headers.ContentType!.ToString());
        Assert.Contains(part, await reply.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task The_path_reaches_the_method_as_it_was_sent()
    {
        await StartAsync();
        Assert.Contains("\"/wallet/a%2Fb%20c\"", await TextAsync("/wallet/a%2Fb%20c"), StringComparison.Ordinal);
        Assert.Contains("\"/wallet/\"", await TextAsync("/wallet/"), StringComparison.Ordinal);

        async Task<string> TextAsync(string path)
        {
            using var reply = await PostAsync("{\"method\":\"where\"}", path);
            return await reply.Content.ReadAsStringAsync(Ct);
        }
    }

    [Fact]
    public async Task Other_paths_and_verbs_are_refused_without_asking_who_it_is()
    {
        await StartAsStrangerAsync();
        using var other = await PostAsync("{}", "/wallets/x");
        Assert.Equal(HttpStatusCode.NotFound, other.StatusCode);
        using var get = await _client!.GetAsync(Address, Ct);
        Assert.Equal(HttpStatusCode.MethodNotAllowed, get.StatusCode);
        Assert.Equal("JSONRPC server handles only POST requests", await get.Content.ReadAsStringAsync(Ct));
        foreach (var (verb, status) in new[] { (HttpMethod.Delete, HttpStatusCode.MethodNotAllowed), (HttpMethod.Options, HttpStatusCode.NotImplemented) })
        {
            using HttpRequestMessage request = new(verb, Address);
            using var refused = await _client.SendAsync(request, Ct);
            Assert.Equal(status, refused.StatusCode);
            Assert.Equal("", await refused.Content.ReadAsStringAsync(Ct));
        }

        using var overlong = await _client.GetAsync(new Uri(Address, new string('x', 10_000)), Ct);
        Assert.Equal(HttpStatusCode.BadRequest, overlong.StatusCode);
    }

    [Fact]
    public async Task Without_or_with_a_wrong_password_the_answer_is_401_and_nobody_else_waits()
    {
        await StartAsync("-rpcthreads=1");
        using HttpClient stranger = new();
        using var none = await stranger.PostAsync(Address, new StringContent("{}"), Ct);
        Assert.Equal(HttpStatusCode.Unauthorized, none.StatusCode);
        Assert.Equal("Basic realm=\"jsonrpc\"", none.Headers.WwwAuthenticate.ToString());
        Assert.Equal(0, none.Content.Headers.ContentLength);

        stranger.DefaultRequestHeaders.Authorization = Basic("u:wrong");
        var wrong = Enumerable.Range(0, 8).Select(_ => stranger.PostAsync(Address, new StringContent("{}"), Ct)).ToList();
        using var served = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        foreach (var reply in await Task.WhenAll(wrong))
        {
            Assert.Equal(HttpStatusCode.Unauthorized, reply.StatusCode);
            reply.Dispose();
        }
    }

    [Fact]
    public async Task A_connection_too_many_is_told_to_come_back_and_the_others_stay()
    {
        await StartAsync("-rpcmaxconnections=1");
        (await PostAsync("{\"method\":\"nothing\"}")).Dispose(); // a kept connection
        using HttpClient second = new();
        second.DefaultRequestHeaders.Authorization = Basic("u:p");
        using var refused = await second.PostAsync(Address, new StringContent("{\"method\":\"nothing\"}"), Ct);
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("1", refused.Headers.GetValues("Retry-After").Single());
        Assert.True(refused.Headers.ConnectionClose);
        Assert.Equal("Work queue depth exceeded", await refused.Content.ReadAsStringAsync(Ct));
        using var served = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        // There is room again once the first has gone.
        _client!.Dispose();
        HttpStatusCode? status = null;
        while (status != HttpStatusCode.OK)
        {
            using var reply = await second.PostAsync(Address, new StringContent("{\"method\":\"nothing\"}"), Ct);
            status = reply.StatusCode;
        }
    }

    [Fact]
    public async Task A_user_who_has_all_places_and_the_queue_keeps_no_other_from_being_served()
    {
        // "p" with the salt "00".
        const string hash = "c8329e31612d33f8b7633213f70804763499feec86bfb28912fe92c9e7fdb980";
        await StartAsync("-rpcthreads=1", "-rpcworkqueue=2", "-rpcauth=other:00$" + hash);
        var greedy = Enumerable.Range(0, 3).Select(_ => PostAsync("{\"method\":\"wait\"}")).ToList();
        await _started.WaitAsync(Ct);
        await Wait.UntilAsync("two wait", () => _endpoint!.Waiting == 2, Ct);
        using var refused = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);

        using HttpClient other = new();
        other.DefaultRequestHeaders.Authorization = Basic("other:p");
        using var served = await other.PostAsync(Address, new StringContent("{\"method\":\"nothing\"}"), Ct);
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);
        Assert.All(greedy, static call => Assert.False(call.IsCompleted));
        _gate.SetResult();
        foreach (var call in greedy)
        {
            using var reply = await call;
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
        }
    }

    [Fact]
    public async Task A_full_queue_refuses_while_control_calls_are_still_served()
    {
        await StartAsync("-rpcthreads=1", "-rpcworkqueue=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        var waiting = PostAsync("{\"method\":\"wait\"}");
        await Wait.UntilAsync("the second call waits", () => _endpoint!.Waiting == 1, Ct);

        using var refused = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        Assert.Equal("Work queue depth exceeded", await refused.Content.ReadAsStringAsync(Ct));
        _client!.DefaultRequestHeaders.Accept.Add(new("application/json"));
        using var readable = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal("1", readable.Headers.GetValues("Retry-After").Single());
        Assert.Equal("{\"result\":null,\"error\":{\"code\":-1,\"message\":\"Work queue depth exceeded\"},\"id\":null}\n", await readable.Content.ReadAsStringAsync(Ct));
        using var control = await PostAsync("{\"method\":\"control\"}");
        Assert.Equal(HttpStatusCode.OK, control.StatusCode);

        _gate.SetResult();
        foreach (var reply in await Task.WhenAll(running, waiting))
        {
            Assert.Equal(HttpStatusCode.OK, reply.StatusCode);
            reply.Dispose();
        }
    }

    [Fact]
    public async Task A_user_of_his_own_queue_does_not_take_places_of_others()
    {
        await StartAsync("-rpcthreads=1", "-rpcworkqueue=1", "-rpcexternaluser=u", "-rpcexternalworkqueue=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        var waiting = PostAsync("{\"method\":\"wait\"}");
        await Wait.UntilAsync("the second call waits", () => _endpoint!.Waiting == 1, Ct);
        using var refused = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal("Work queue depth of externals exceeded", await refused.Content.ReadAsStringAsync(Ct));
        _gate.SetResult();
        (await running).Dispose();
        (await waiting).Dispose();
    }

    [Fact]
    public async Task A_body_beyond_the_limit_is_refused_and_one_below_is_not()
    {
        await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, Address)
        {
            Content = new ByteArrayContent(new byte[0x02000001]),
        };
        request.Headers.ExpectContinue = true;
        using var reply = await _client!.SendAsync(request, Ct);
        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, reply.StatusCode);

        var big = new string('x', 5_000_000);
        using var fine = await PostAsync($"{{\"method\":\"nothing\",\"id\":\"{big}\"}}");
        Assert.Equal(HttpStatusCode.OK, fine.StatusCode);
        Assert.Contains(big, await fine.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Half_open_and_silent_connections_do_not_keep_others_from_being_served()
    {
        await StartAsync("-rpcthreads=1", "-rpcworkqueue=1", "-rpcservertimeout=3");
        List<TcpClient> silent = [];
        foreach (var start in new[] { "", "POST / HT", "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\nAuthorization: Basic dTpw\r\n\r\n{" })
        {
            TcpClient connection = new();
            silent.Add(connection);
            await connection.ConnectAsync(Address.Host, Address.Port, Ct);
            await connection.GetStream().WriteAsync(Encoding.ASCII.GetBytes(start), Ct);
        }

        using var served = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal(HttpStatusCode.OK, served.StatusCode);

        // The one that never finished its headers is closed.
        try
        {
            // What it is told first does not matter.
            await silent[1].GetStream().CopyToAsync(Stream.Null, Ct);
        }
        catch (IOException reset) when (reset.InnerException is SocketException { SocketErrorCode: SocketError.ConnectionReset })
        {
            // Closed as well.
        }

        silent.ForEach(connection => connection.Dispose());
    }

    [Fact]
    public async Task Pages_of_other_names_are_refused()
    {
        await StartAsync();
        foreach (var (name, value) in new[] { ("Host", "evil.example"), ("Origin", "https://evil.example") })
        {
            using HttpRequestMessage request = new(HttpMethod.Post, Address)
            {
                Content = new StringContent("{\"method\":\"nothing\"}"),
            };
            request.Headers.TryAddWithoutValidation(name, value);
            using var reply = await _client!.SendAsync(request, Ct);
            Assert.Equal(HttpStatusCode.Forbidden, reply.StatusCode);
        }
    }

    [Fact]
    public async Task A_whitelisted_user_gets_403_for_other_methods()
    {
        await StartAsync(Permissions.Parse(["u:nothing"], null));
        using var allowed = await PostAsync("{\"method\":\"nothing\"}");
        Assert.Equal(HttpStatusCode.OK, allowed.StatusCode);
        using var refused = await PostAsync("{\"method\":\"where\"}");
        Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
        Assert.Equal(0, refused.Content.Headers.ContentLength);
    }

    [Fact]
    public async Task A_call_under_way_is_answered_when_the_server_stops()
    {
        await StartAsync();
        var waiting = PostAsync("{\"method\":\"wait\",\"id\":1}");
        await _started.WaitAsync(Ct);
        await _stop.CancelAsync();
        using var reply = await waiting;
        Assert.Contains("{\"code\":-9,\"message\":\"Shutting down\"}", await reply.Content.ReadAsStringAsync(Ct), StringComparison.Ordinal);
        await _running;
        await Assert.ThrowsAsync<HttpRequestException>(() => PostAsync("{\"method\":\"nothing\"}"));
    }

    [Fact]
    public async Task A_call_that_waits_for_its_turn_is_refused_when_the_server_stops()
    {
        await StartAsync("-rpcthreads=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        var waiting = PostAsync("{\"method\":\"wait\"}");
        await Wait.UntilAsync("the second call waits", () => _endpoint!.Waiting == 1, Ct);
        await _stop.CancelAsync();
        using var first = await running;
        using var second = await waiting;
        Assert.Equal(HttpStatusCode.InternalServerError, first.StatusCode);
        Assert.Contains(second.StatusCode, new[] { HttpStatusCode.ServiceUnavailable, HttpStatusCode.InternalServerError });
    }

    [Fact]
    public async Task Requests_that_come_together_are_answered_in_their_order_on_more_connections_than_threads()
    {
        await StartAsync("-rpcworkqueue=1000");
        var one = "POST /wallet/{0} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic dTpw\r\nContent-Length: 18\r\n\r\n{{\"method\":\"where\"}}";
        var both = Encoding.ASCII.GetBytes(string.Format(null, one, "first") + string.Format(null, one, "second"));
        List<TcpClient> clients = [];
        try
        {
            for (var i = 0; i < 70; i++)
            {
                TcpClient client = new();
                clients.Add(client);
                await client.ConnectAsync(IPAddress.Loopback, Address.Port, Ct);
                await client.GetStream().WriteAsync(both, Ct);
            }

            foreach (var client in clients)
            {
                var text = "";
                var buffer = new byte[4096];
                while (!text.Contains("/wallet/second", StringComparison.Ordinal))
                {
                    var count = await client.GetStream().ReadAsync(buffer, Ct);
                    Assert.NotEqual(0, count);
                    text += Encoding.ASCII.GetString(buffer, 0, count);
                }

                Assert.Contains("/wallet/first", text.Split("HTTP/1.1 200 OK")[1], StringComparison.Ordinal);
            }
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }
    }

    [Fact]
    public async Task What_a_caller_who_hung_up_had_waiting_is_not_begun()
    {
        await StartAsync("-rpcthreads=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        using CancellationTokenSource patience = new();
        using StringContent body = new("{\"method\":\"wait\"}");
        var waiting = _client!.PostAsync(Address, body, patience.Token);
        await Wait.UntilAsync("the second call waits", () => _endpoint!.Waiting == 1, Ct);

        await patience.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await Wait.UntilAsync("it waits no more", () => _endpoint!.Waiting == 0, Ct);
        _gate.SetResult();
        (await running).Dispose();
        (await PostAsync("{\"method\":\"nothing\"}")).Dispose();
        Assert.Equal(0, _started.CurrentCount);
    }

    [Fact]
    public async Task Who_sends_no_more_is_answered_what_he_asked_before()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Elsewhere nobody knows whether he still waits.");
        await StartAsync("-rpcthreads=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        List<TcpClient> clients = [];
        List<NetworkStream> answers = [];
        try
        {
            for (var i = 0; i < 12; i++)
            {
                clients.Add(await AskAsync("{\"method\":\"nothing\",\"id\":1}", times: 1 + (i & 1)));
                answers.Add(clients[i].GetStream());
                clients[i].Client.Shutdown(SocketShutdown.Send);
            }

            await Wait.UntilAsync("all wait", () => _endpoint!.Waiting == clients.Count, Ct);
            _gate.SetResult();
            for (var i = 0; i < clients.Count; i++)
            {
                using StreamReader reader = new(answers[i]);
                var text = await reader.ReadToEndAsync(Ct);
                Assert.Equal(1 + (i & 1), text.Split("{\"result\":null,\"error\":null,\"id\":1}\n").Length - 1);
            }
        }
        finally
        {
            clients.ForEach(static client => client.Dispose());
        }

        (await running).Dispose();
    }

    [Fact]
    public async Task What_one_who_sent_no_more_and_then_hung_up_had_waiting_is_not_begun()
    {
        await StartAsync("-rpcthreads=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        using (var client = await AskAsync("{\"method\":\"wait\"}", times: 1))
        {
            await Wait.UntilAsync("the second call waits", () => _endpoint!.Waiting == 1, Ct);
            client.Client.Shutdown(SocketShutdown.Send);
        }

        await Wait.UntilAsync("it waits no more", () => _endpoint!.Waiting == 0, Ct);
        _gate.SetResult();
        (await running).Dispose();
        (await PostAsync("{\"method\":\"nothing\"}")).Dispose();
        Assert.Equal(0, _started.CurrentCount);
    }

    [Theory]
    [InlineData("{\"method\":\"wait\",\"id\":1}", true, 1)]
    [InlineData("{\"method\":\"wait\",\"id\":1,\"deadline\":$}", false, 1)]
    [InlineData("[{\"method\":\"wait\",\"id\":1,\"deadline\":$},{\"method\":\"wait\",\"id\":2}]", true, 2)]
    public async Task What_waits_past_its_deadline_is_told_so_then_and_is_not_begun(string body, bool hasHeader, int refusals)
    {
        await StartAsync("-rpcthreads=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        var deadline = (TimeProvider.System.GetUtcNow() - DateTimeOffset.UnixEpoch).TotalSeconds + 0.05;
        body = body.Replace("$", deadline.ToString("F3", CultureInfo.InvariantCulture), StringComparison.Ordinal);
        using HttpRequestMessage request = new(HttpMethod.Post, Address) { Content = new StringContent(body) };
        if (hasHeader) request.Headers.Add("Request-Timeout", "0.05");

        // While the one before it goes on.
        using var refused = await _client!.SendAsync(request, Ct);
        var answer = await refused.Content.ReadAsStringAsync(Ct);
        Assert.Equal(refusals, answer.Split("\"code\":-60").Length - 1);
        Assert.Contains("\"id\":1", answer, StringComparison.Ordinal);
        Assert.Equal(0, _endpoint!.Waiting);
        Assert.False(running.IsCompleted);

        _gate.SetResult();
        (await running).Dispose();
        Assert.Equal(0, _started.CurrentCount);
    }

    [Fact]
    public async Task A_batch_waits_for_its_turn_as_long_as_one_of_it_has_time()
    {
        await StartAsync("-rpcthreads=1");
        var running = PostAsync("{\"method\":\"wait\"}");
        await _started.WaitAsync(Ct);
        var waiting = PostAsync("[{\"method\":\"wait\",\"id\":1,\"deadline\":1},{\"method\":\"wait\",\"id\":2}]");
        await Wait.UntilAsync("the second call waits", () => _endpoint!.Waiting == 1, Ct);

        _gate.SetResult();
        (await running).Dispose();
        using var answered = await waiting;
        var answer = await answered.Content.ReadAsStringAsync(Ct);
        Assert.Equal(2, answer.Split("\"code\":-60").Length);
        Assert.Equal(1, _started.CurrentCount);
    }

    [Fact]
    public async Task A_port_that_is_taken_keeps_the_server_from_starting()
    {
        using TcpListener taken = new(IPAddress.Loopback, 0);
        taken.Start();
        var port = ((IPEndPoint)taken.LocalEndpoint).Port;
        var error = await Assert.ThrowsAsync<StartupException>(() => StartAsync(
            $"-rpcport={port}", "-rpcallowip=127.0.0.1", "-rpcbind=127.0.0.1"));
        Assert.Equal("Unable to start HTTP server. See debug log for details.", error.Message);
    }

    // So many requests in one piece.
    private async Task<TcpClient> AskAsync(string body, int times)
    {
        var one = $"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic dTpw\r\nContent-Length: {body.Length}\r\n\r\n{body}";
        TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Address.Port, Ct);
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(string.Concat(Enumerable.Repeat(one, times))), Ct);
        return client;
    }

    private Task StartAsync(params string[] args) => StartAsync(Permissions.All, "u:p", args);

    private Task StartAsStrangerAsync() => StartAsync(Permissions.All, user: null);

    private Task StartAsync(Permissions permissions) => StartAsync(permissions, "u:p");

    private async Task StartAsync(Permissions permissions, string? user, params string[] args)
    {
        var options = Options.ParseCommandLine(
            [.. BaseOptions.All, .. HttpOptions.All], ["-rpcport=0", "-rpcuser=u", "-rpcpassword=p", .. args]);
        RpcMethod<RpcCall> where = new("test", "where", "")
        {
            Results = [Result.Str("", "")],
            Handler = (call, result, _) =>
            {
                result.WriteStringValue(call.Uri);
                return ValueTask.CompletedTask;
            },
        };
        RpcMethod<RpcCall> control = new("test", "control", "")
        {
            Results = [Result.None()],
            Lane = RpcLane.Control,
            Handler = (_, _, _) => ValueTask.CompletedTask,
        };
        _table.Add([Samples.Nothing, Samples.Wait(_gate.Task, () => _started.Release()), where, control], call => new RpcCall(call));
        RpcDispatcher dispatcher = new(_table, NullLoggerFactory.Instance) { Permissions = permissions };
        dispatcher.Warmup.Finish();
        _endpoint = await RpcEndpoint.StartAsync(
            options, dispatcher, RpcEndpointDefaults.Node(options.Chain), TimeProvider.System, NullLoggerFactory.Instance, Ct);
        _running = _endpoint.RunAsync(_stop.Token);
        _client = new HttpClient();
        _client.DefaultRequestHeaders.Authorization = user is null ? null : Basic(user);
    }

    private Task<HttpResponseMessage> PostAsync(string body, string path = "/")
    {
        // The path must go out as it is written.
        Uri uri = new(Address.GetLeftPart(UriPartial.Authority) + path, new UriCreationOptions
        {
            DangerousDisablePathAndQueryCanonicalization = true,
        });
        return _client!.PostAsync(uri, new StringContent(body), Ct);
    }

    private static AuthenticationHeaderValue Basic(string pair) =>
        new("Basic", Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
}
