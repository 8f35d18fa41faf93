using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Text;
using Dash.Common.Options;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Node.Services;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Http;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Services;

/// <summary>Calls at a node's port that another process answers, over a real socket between the two.</summary>
public sealed class LongAnswerTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(120);

    private static readonly RpcArg<int> Length = Arg.Int("length", fallback: 1, "How long.");

    private readonly TempDirectory _directory = new();
    private readonly CancellationTokenSource _stop = new();
    private readonly LongAnswers _kept = new(TimeProvider.System);
    private readonly RpcDispatcher _wallet = Dispatcher(Wallet());
    private readonly List<IAsyncDisposable> _owned = [];
    private readonly HttpClient _client = new();
    private Watched? _rpc;
    private IpcServer? _server;
    private Task _serving = Task.CompletedTask;
    private Uri? _address;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        _client.Dispose();
        _owned.Reverse();
        foreach (var one in _owned)
        {
            await one.DisposeAsync();
        }

        await _stop.CancelAsync();
        await _serving.WaitAsync(Deadline, CancellationToken.None);
        _stop.Dispose();
        _directory.Dispose();
    }

    [Theory]
    [InlineData(0)]
    [InlineData((1 << 18) - 40)]
    [InlineData((1 << 18) - 34)] // the first piece's length, and some more or less
    [InlineData((1 << 18) - 33)]
    [InlineData((1 << 18) - 32)]
    [InlineData(1 << 20)]
    [InlineData(90_000_000)] // more than a message holds
    public async Task Answers_of_all_lengths_are_those_of_the_process_itself(int length)
    {
        await StartAsync();
        await ShouldBeTheSameAsync($"{{\"method\":\"long\",\"params\":[{length}],\"id\":\"\u00e9\"}}");
        await UntilAsync(() => _kept.Count == 0);
    }

    [Theory]
    [InlineData("{\"method\":\"long\",\"params\":[-1]}", 500)]
    [InlineData("{\"method\":\"long\",\"params\":[\"x\"],\"id\":4}", 500)]
    [InlineData("{\"method\":\"long\",\"params\":[1,2,3],\"id\":null}", 500)]
    [InlineData("[{\"method\":\"long\",\"params\":[3]},{\"method\":\"long\",\"params\":[-1]}]", 200)]
    [InlineData("[{\"method\":\"long\",\"params\":[700000]},{\"method\":\"long\",\"params\":[-1]},{\"method\":\"long\",\"params\":[800000]}]", 200)]
    [InlineData("[{\"method\":\"long\",\"params\":[700000],\"snapshot\":true},{\"method\":\"long\",\"params\":[800000],\"snapshot\":true}]", 200)]
    public async Task Statuses_and_batches_are_those_of_the_process_itself(string request, int status)
    {
        await StartAsync();
        Assert.Equal(status, await ShouldBeTheSameAsync(request));
    }

    [Fact]
    public async Task A_request_as_long_as_the_port_takes_comes_through()
    {
        await StartAsync();
        var id = new string('x', (32 << 20) - 200);
        await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => ShouldBeTheSameAsync($"{{\"method\":\"long\",\"id\":\"{id}\"}}")));
    }

    [Fact]
    public async Task A_short_answer_is_one_call()
    {
        await StartAsync();
        await ShouldBeTheSameAsync("{\"method\":\"long\",\"params\":[200000]}");
        Assert.Equal((1, 0), (_rpc!.Begun, _rpc.Texts));
        Assert.Equal(0, _rpc.Rests);
    }

    [Fact]
    public async Task Who_hangs_up_in_the_middle_has_the_answer_freed()
    {
        await StartAsync();
        using TcpClient client = new();
        await client.ConnectAsync(IPAddress.Loopback, _address!.Port, Ct);
        const string body = "{\"method\":\"long\",\"params\":[50000000]}";
        await client.GetStream().WriteAsync(Encoding.ASCII.GetBytes(
            $"POST / HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Basic dTpw\r\nContent-Length: {body.Length}\r\n\r\n{body}"), Ct);
        await client.GetStream().ReadExactlyAsync(new byte[100_000], Ct);
        Assert.Equal(1, _kept.Count); // nobody reads ahead so far
        client.Close();
        await UntilAsync(() => _kept.Count == 0);
    }

    [Fact]
    public async Task An_answer_whose_process_goes_ends_before_its_announced_length()
    {
        await StartAsync();
        using HttpRequestMessage request = new(HttpMethod.Post, _address) { Content = new StringContent("{\"method\":\"long\",\"params\":[50000000]}") };
        using var reply = await _client.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Ct);
        Assert.True(reply.Content.Headers.ContentLength > 50_000_000);
        foreach (var connection in _server!.Connections)
        {
            await connection.DisposeAsync();
        }

        await Assert.ThrowsAnyAsync<Exception>(() => reply.Content.ReadAsByteArrayAsync(Ct));
        Assert.False(Ct.IsCancellationRequested);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_process_that_knows_no_pieces_answers_as_ever_and_what_is_too_long_is_an_error(bool tellsItself)
    {
        await StartAsync(rpc => rpc.Old = tellsItself ? Watched.Age.Previous : Watched.Age.Before);
        await ShouldBeTheSameAsync("{\"method\":\"long\",\"params\":[1000000],\"id\":3}");
        await ShouldBeTheSameAsync("{\"method\":\"long\",\"params\":[-1],\"id\":3}");
        Assert.Equal((1, 2), (_rpc!.Begun, _rpc.Texts)); // asked once

        var (status, bytes) = await PostAsync("{\"method\":\"long\",\"params\":[70000000],\"id\":\"me\"}");
        Assert.Equal(500, status);
        Assert.Equal(
            $"{{\"result\":null,\"error\":{{\"code\":-1,\"message\":\"{RpcDispatcher.TooLongForText}\"}},\"id\":\"me\"}}\n", Encoding.UTF8.GetString(bytes));
    }

    [Fact]
    public async Task Long_requests_wait_for_each_other_and_short_ones_do_not()
    {
        RequestRoom room = new();
        List<RequestRoom.Place> places = [];
        for (var i = 0; i < 3; i++)
        {
            places.Add(await room.EnterAsync(32 << 20, Ct));
        }

        var waiting = room.EnterAsync(32 << 20, Ct).AsTask();
        using var middling = await room.EnterAsync(1 << 20, Ct);
        using var small = await room.EnterAsync(100, Ct);
        Assert.False(waiting.IsCompleted);
        places[0].Dispose();
        using var last = await waiting;
    }

    private static RpcDispatcher Dispatcher(RpcTable table)
    {
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance);
        dispatcher.Warmup.Finish();
        return dispatcher;
    }

    private static RpcTable Wallet()
    {
        RpcTable table = new();
        RpcMethod<RpcCall> method = new("wallet", "long", "Answers a text of two bytes a character, and one.")
        {
            Args = [Length],
            Results = [Result.Str("", "")],
            Handler = static (call, result, _) =>
            {
                var length = call.Get(Length);
                result.WriteStringValue(length >= 0
                    ? (length % 2 == 0 ? "" : "x") + new string('\u00e9', length / 2)
                    : throw new RpcError(RpcErrorCode.InvalidParameter, "Less than nothing"));
                return ValueTask.CompletedTask;
            },
        };
        table.Add([method], static call => new RpcCall(call));
        return table;
    }

    private async Task StartAsync(Action<Watched>? prepare = null)
    {
        _rpc = new Watched(new NodeRpc(_wallet, _kept));
        prepare?.Invoke(_rpc);
        UnixAddress address = new(Path.Combine(_directory.Path, "w"));
        _server = new IpcServer(IpcListener.Bind(address, null), home => new InitServer(_rpc, home), new IpcOptions());
        _serving = _server.RunAsync(_stop.Token);
        var session = await IpcConnector.ConnectAsync<IInit>(
            address, static (target, connection) => new InitClient(target, connection), new IpcOptions(), Ct);
        _owned.Add(session);

        RpcTable table = new();
        RpcProxy proxy = new([new Command("wallet", "long", ["length"])], await session.Init.MakeRpcAsync(Ct), "gone");
        _owned.Add(proxy);
        table.Attach(proxy);
        var options = Options.ParseCommandLine(
            [.. BaseOptions.All, .. HttpOptions.All], ["-rpcport=0", "-rpcuser=u", "-rpcpassword=p", "-rpcbind=127.0.0.1", "-rpcallowip=127.0.0.1"]);
        var endpoint = await RpcEndpoint.StartAsync(
            options, Dispatcher(table), RpcEndpointDefaults.Node(options.Chain), TimeProvider.System, NullLoggerFactory.Instance, Ct);
        _owned.Add(endpoint);
        _address = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{endpoint.EndPoints[0].Port}/"));
        _client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Basic", "dTpw");
    }

    private async Task<int> ShouldBeTheSameAsync(string request)
    {
        using var expected = ReplyBuffer.Rent();
        var status = await _wallet.ExecuteAsync(Encoding.UTF8.GetBytes(request), "/", "u", CallOptions.None, expected, Ct);
        var actual = await PostAsync(request);
        Assert.Equal(status, actual.Status);
        Assert.True(expected.ToArray().AsSpan().SequenceEqual(actual.Body), $"{expected.Length} bytes, and {actual.Body.Length}: {Encoding.UTF8.GetString(actual.Body, 0, Math.Min(300, actual.Body.Length))}");
        return status;
    }

    private async Task<(int Status, byte[] Body)> PostAsync(string request)
    {
        using var reply = await _client.PostAsync(_address, new StringContent(request), Ct);
        return ((int)reply.StatusCode, await reply.Content.ReadAsByteArrayAsync(Ct));
    }

    private static async Task UntilAsync(Func<bool> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(Deadline);
        while (!condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
        }
    }

    /// <summary>The wallet's side, which counts, and can be of another version.</summary>
    private sealed class Watched(NodeRpc rpc) : IInit, IRpc
    {
        private int _begun;

        public enum Age
        {
            Today,
            Previous, // knows no pieces, and says what is too long
            Before, // and does not
        }

        public Age Old { get; set; }

        public int Begun => _begun;

        public int Texts { get; private set; }

        public int Rests { get; private set; }

        public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => ValueTask.FromResult<IRpc>(this);

        public async ValueTask<(int Status, ulong Length, ReadOnlyMemory<byte> Piece, IRpcAnswer? More)> BeginAsync(
            ReadOnlyMemory<byte> request, string uri, string user, uint maxBytes, CancellationToken ct)
        {
            Interlocked.Increment(ref _begun);
            if (Old != Age.Today)
            {
                throw IpcException.UnknownInterface("rpc.capnp:Rpc", 0);
            }

            var answer = await rpc.BeginAsync(request, uri, user, maxBytes, ct);
            Rests += answer.More is null ? 0 : 1;
            return answer;
        }

        public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct)
        {
            Texts++;
            return Old == Age.Before && request.Contains("70000000", StringComparison.Ordinal)
                ? ValueTask.FromResult(new string('x', 70_000_000))
                : rpc.ExecuteRpcAsync(request, uri, user, ct);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
