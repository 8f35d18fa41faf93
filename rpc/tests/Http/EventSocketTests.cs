using System.Net;
using System.Net.Sockets;
using System.Net.WebSockets;
using System.Runtime.CompilerServices;
using System.Text;
using System.Text.Json;
using System.Threading.Channels;
using Dash.Common.Options;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Http;

/// <summary>Events over WebSockets, by a real client over real sockets, and by one that says what no client should.</summary>
public sealed class EventSocketTests : IAsyncDisposable
{
    private readonly CancellationTokenSource _stop = new();
    private readonly Feed _feed = new();
    private RpcEndpoint? _endpoint;
    private Task _running = Task.CompletedTask;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private int Port => _endpoint!.EndPoints.First(point => point.AddressFamily == AddressFamily.InterNetwork).Port;

    public async ValueTask DisposeAsync()
    {
        _feed.News.Writer.TryComplete();
        await _stop.CancelAsync();
        await _running;
        if (_endpoint is not null)
        {
            await _endpoint.DisposeAsync();
        }

        _stop.Dispose();
    }

    [Fact]
    public void The_answer_to_a_key_is_the_standards() =>
        Assert.Equal("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=", EventSocket.AnswerTo("dGhlIHNhbXBsZSBub25jZQ=="));

    [Fact]
    public async Task An_event_is_a_text_message_and_the_end_of_the_wallet_is_said()
    {
        await StartAsync();
        using var socket = await ConnectAsync("w%20x", since: 7);
        await _feed.News.Writer.WriteAsync(new StreamEvent(8, "added", "{\"seq\":8,\"text\":\"\\\"ä\\\"\"}"), Ct);
        await _feed.News.Writer.WriteAsync(new StreamEvent(9, "block", "{\"seq\":9}"), Ct);
        Assert.Equal("{\"id\":8,\"event\":\"added\",\"data\":{\"seq\":8,\"text\":\"\\\"ä\\\"\"}}", await NextAsync(socket));
        Assert.Equal("{\"id\":9,\"event\":\"block\",\"data\":{\"seq\":9}}", await NextAsync(socket));
        Assert.Equal(("w x", 7L), _feed.Asked);
        _feed.News.Writer.Complete();
        Assert.Equal("", await NextAsync(socket));
        Assert.Equal((WebSocketCloseStatus.NormalClosure, "the wallet was unloaded"), (socket.CloseStatus, socket.CloseStatusDescription));
    }

    [Fact]
    public async Task A_client_that_takes_its_leave_gets_its_farewell_and_its_place_is_free()
    {
        await StartAsync("-rpcstreamlimit=1");
        for (var i = 0; i < 5; i++)
        {
            using var socket = await WhenFreeAsync(() => ConnectAsync("w", 0));
            await _feed.News.Writer.WriteAsync(new StreamEvent(i, "block", "{}"), Ct);
            Assert.StartsWith($"{{\"id\":{i},", await NextAsync(socket), StringComparison.Ordinal);
            Assert.Equal(503, await RefusedAsync());
            await socket.CloseAsync(WebSocketCloseStatus.NormalClosure, "bye", Ct);
            Assert.Equal(WebSocketCloseStatus.NormalClosure, socket.CloseStatus);
        }

        // One that is simply gone leaves its place, too.
        (await WhenFreeAsync(() => ConnectAsync("w", 0))).Abort();
        (await WhenFreeAsync(() => ConnectAsync("w", 0))).Dispose();
    }

    [Fact]
    public async Task What_a_client_says_ends_it_but_for_a_ping()
    {
        await StartAsync();
        using var talker = await ConnectAsync("w", 0);
        await talker.SendAsync(Encoding.UTF8.GetBytes("hello"), WebSocketMessageType.Text, endOfMessage: true, Ct);
        Assert.Equal("", await NextAsync(talker));
        Assert.Equal(WebSocketCloseStatus.PolicyViolation, talker.CloseStatus);

        // By hand: a ping of two bytes is answered with them; what is too long, for a message or for a ping, and bare noise end it.
        foreach (var (frame, expected) in new (byte[], string)[]
        {
            ([0x89, 0x82, 1, 2, 3, 4, (byte)('h' ^ 1), (byte)('i' ^ 2)], "8A026869"),
            ([0x82, 0xFF, 0x7F, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0, 0, 0, 1, 2, 3, 4], ""),
            ([0x89, 0xFE, 0x10, 0x00, 0, 0, 0, 0, 1, 2, 3, 4], ""),
            ([.. Enumerable.Repeat((byte)0xFF, 40)], ""),
        })
        {
            using TcpClient client = new();
            await client.ConnectAsync(IPAddress.Loopback, Port, Ct);
            var stream = client.GetStream();
            await stream.WriteAsync(Handshake("13", "AAAAAAAAAAAAAAAAAAAAAA=="), Ct);
            Assert.StartsWith("HTTP/1.1 101 ", await HeadAsync(stream), StringComparison.Ordinal);
            await stream.WriteAsync(frame, Ct);
            var got = await RestAsync(stream, expected.Length / 2);
            if (expected.Length > 0)
            {
                Assert.Equal(expected, Convert.ToHexString(got));
            }
            else
            {
                // A farewell or none, but no event and no pong.
                Assert.True(got.Length == 0 || got[0] == 0x88, Convert.ToHexString(got));
            }
        }
    }

    [Theory]
    [InlineData("8", "AAAAAAAAAAAAAAAAAAAAAA==", "426")]
    [InlineData("", "AAAAAAAAAAAAAAAAAAAAAA==", "426")]
    [InlineData("13", "", "400")]
    [InlineData("13", "AAAA", "400")]
    [InlineData("13", "no base64 at all", "400")]
    [InlineData("13", "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", "400")]
    public async Task A_handshake_that_is_none_is_refused(string version, string key, string status)
    {
        await StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, Port, Ct);
        await client.GetStream().WriteAsync(Handshake(version, key), Ct);
        var head = await HeadAsync(client.GetStream());
        Assert.StartsWith($"HTTP/1.1 {status} ", head, StringComparison.Ordinal);
        Assert.Equal(status == "426", head.Contains("Sec-WebSocket-Version: 13", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Passwords_hosts_origins_permissions_and_wallets_are_those_of_other_requests()
    {
        await StartAsync();
        Assert.Equal(401, await RefusedAsync(password: "wrong"));
        Assert.Equal(403, await RefusedAsync(origin: "http://evil.example"));
        Assert.Equal(403, await RefusedAsync(host: "evil.example"));
        Assert.Equal(404, await RefusedAsync(wallet: "none"));
        Assert.Equal(403, await RefusedAsync(user: "reader"));
    }

    [Fact]
    public async Task A_daemon_that_stops_says_so_and_does_not_wait_for_clients()
    {
        await StartAsync();
        using var socket = await ConnectAsync("w", 0);
        using var deaf = await ConnectAsync("w", 0);
        await _feed.News.Writer.WriteAsync(new StreamEvent(1, "block", "{}"), Ct);
        var next = NextAsync(socket);
        await _stop.CancelAsync();
        await _running.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Ct);
        while (await next.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Ct) != "")
        {
            next = NextAsync(socket);
        }

        Assert.Equal((WebSocketCloseStatus.EndpointUnavailable, "shutting down"), (socket.CloseStatus, socket.CloseStatusDescription));
    }

    [Fact]
    public async Task A_client_that_does_not_read_is_cut_off()
    {
        ManualPatience time = new();
        await StartAsync(time);
        using var deaf = await ConnectAsync("w", 0);
        StreamEvent large = new(1, "block", $"\"{new string('x', 1 << 16)}\"");
        _feed.Endless = large;
        await _feed.News.Writer.WriteAsync(large, Ct);

        // Once all buffers are full nothing more is taken from the log; then its time runs out.
        var seen = -1;
        while (seen != Volatile.Read(ref _feed.Given) || time.Waits == 0)
        {
            seen = Volatile.Read(ref _feed.Given);
            await Task.Delay(TimeSpan.FromMilliseconds(200), TimeProvider.System, Ct);
        }

        Assert.False(_feed.Ended.Task.IsCompleted);
        time.RunOut();
        await _feed.Ended.Task.WaitAsync(TimeSpan.FromSeconds(30), TimeProvider.System, Ct);
        Assert.InRange(seen, 1, 2000);
        await _stop.CancelAsync();
        while (!_running.IsCompleted)
        {
            time.RunOut();
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
        }
    }

    private Task StartAsync(params string[] args) => StartAsync(TimeProvider.System, args);

    private async Task StartAsync(TimeProvider time, params string[] args)
    {
        var options = Options.ParseCommandLine(
            [.. BaseOptions.All, .. HttpOptions.All],
            ["-rpcport=0", "-rpcuser=u", "-rpcpassword=p",
                "-rpcauth=reader:00$" + Convert.ToHexStringLower(System.Security.Cryptography.HMACSHA256.HashData("00"u8, "p"u8)),
                "-rpcwhitelist=reader:nothing", "-rpcwhitelistdefault=0", .. args]);
        RpcTable table = new();
        table.Add([Samples.Nothing], call => new RpcCall(call));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance) { Permissions = HttpOptions.ReadPermissions(options) };
        dispatcher.Warmup.Finish();
        _endpoint = await RpcEndpoint.StartAsync(
            options, dispatcher, RpcEndpointDefaults.Node(options.Chain), time, NullLoggerFactory.Instance, Ct, _feed);
        _running = _endpoint.RunAsync(_stop.Token);
    }

    private async Task<ClientWebSocket> ConnectAsync(string wallet, long since, Action<ClientWebSocketOptions>? more = null, string pair = "u:p")
    {
        ClientWebSocket socket = new();
        socket.Options.SetRequestHeader("Authorization", "Basic " + Convert.ToBase64String(Encoding.UTF8.GetBytes(pair)));
        socket.Options.CollectHttpResponseDetails = true;
        more?.Invoke(socket.Options);
        try
        {
            await socket.ConnectAsync(new Uri($"ws://127.0.0.1:{Port}/wallet/{wallet}/events?since={since}"), Ct);
            return socket;
        }
        catch (WebSocketException refused)
        {
            refused.Data["status"] = (int)socket.HttpStatusCode;
            socket.Dispose();
            throw;
        }
    }

    private async Task<int> RefusedAsync(
        string wallet = "w", string user = "u", string password = "p", string? host = null, string? origin = null)
    {
        var refused = await Assert.ThrowsAsync<WebSocketException>(() => ConnectAsync(wallet, 0, options =>
        {
            if (host is not null) options.SetRequestHeader("Host", host);
            if (origin is not null) options.SetRequestHeader("Origin", origin);
        }, $"{user}:{password}"));
        return (int)refused.Data["status"]!;
    }

    // The server notices a moment later that a client has gone.
    private static async Task<ClientWebSocket> WhenFreeAsync(Func<Task<ClientWebSocket>> connect)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(30));
        while (true)
        {
            try
            {
                return await connect();
            }
            catch (WebSocketException refused) when (refused.Data["status"] is 503 && !patience.IsCancellationRequested)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, Ct);
            }
        }
    }

    // Empty for the end.
    private static async Task<string> NextAsync(WebSocket socket)
    {
        using MemoryStream whole = new();
        var buffer = new byte[4096];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer.AsMemory(), Ct);
            if (part.MessageType == WebSocketMessageType.Close)
            {
                return "";
            }

            Assert.Equal(WebSocketMessageType.Text, part.MessageType);
            whole.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
            {
                using var json = JsonDocument.Parse(whole.ToArray());
                return Encoding.UTF8.GetString(whole.ToArray());
            }
        }
    }

    private static byte[] Handshake(string version, string key) => Encoding.ASCII.GetBytes(
        "GET /wallet/w/events HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic dTpw\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        + $"Sec-WebSocket-Version: {version}\r\nSec-WebSocket-Key: {key}\r\n\r\n");

    private static async Task<string> HeadAsync(NetworkStream stream)
    {
        StringBuilder head = new();
        var one = new byte[1];
        while (!head.ToString().EndsWith("\r\n\r\n", StringComparison.Ordinal) && await stream.ReadAsync(one, Ct) > 0)
        {
            head.Append((char)one[0]);
        }

        return head.ToString();
    }

    // So many bytes; with 0 all until the server closes.
    private static async Task<byte[]> RestAsync(NetworkStream stream, int count)
    {
        using MemoryStream got = new();
        var buffer = new byte[256];
        using CancellationTokenSource patience = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        patience.CancelAfter(TimeSpan.FromSeconds(30));
        try
        {
            while ((count == 0 || got.Length < count) && await stream.ReadAsync(buffer, patience.Token) is > 0 and var read)
            {
                got.Write(buffer, 0, read);
            }
        }
        catch (IOException)
        {
            // Cut off.
        }

        return got.ToArray();
    }

    private sealed class Feed : IEventStreams
    {
        public Channel<StreamEvent> News { get; } = Channel.CreateUnbounded<StreamEvent>();

        public (string Wallet, long Since) Asked { get; private set; }

        public StreamEvent? Endless { get; set; }

        public TaskCompletionSource Ended { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public int Given;

        public string Method => "waitforwalletevent";

        public IAsyncEnumerable<StreamEvent>? Follow(string wallet, long since, CancellationToken ct)
        {
            Asked = (wallet, since);
            return wallet == "none" ? null : FollowAsync(ct);
        }

        private async IAsyncEnumerable<StreamEvent> FollowAsync([EnumeratorCancellation] CancellationToken ct)
        {
            try
            {
                await foreach (var line in News.Reader.ReadAllAsync(ct))
                {
                    do
                    {
                        Interlocked.Increment(ref Given);
                        yield return line;
                    }
                    while (ReferenceEquals(line, Endless));
                }
            }
            finally
            {
                Ended.TrySetResult();
            }
        }
    }

    /// <summary>Real time, but that what is waited for with patience runs out when the test says so.</summary>
    private sealed class ManualPatience : TimeProvider
    {
        private readonly Lock _gate = new(); // protects the list
        private readonly List<(TimerCallback Callback, object? State)> _due = [];

        public int Waits
        {
            get
            {
                lock (_gate) return _due.Count;
            }
        }

        public void RunOut()
        {
            (TimerCallback, object?)[] due;
            lock (_gate) due = [.. _due];
            foreach (var (callback, state) in due) callback(state);
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            (TimerCallback, object?) timer = (callback, state);
            lock (_gate) _due.Add(timer);
            return new Waiting(() =>
            {
                lock (_gate) _due.Remove(timer);
            });
        }

        private sealed class Waiting(Action end) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => end();

            public ValueTask DisposeAsync()
            {
                end();
                return ValueTask.CompletedTask;
            }
        }
    }
}
