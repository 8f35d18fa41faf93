using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Cli.Tests.Connection;

/// <summary>dash-cli over the socket of a process that listens.</summary>
public sealed class IpcCallerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_goes_over_the_socket_without_a_password()
    {
        using CliRun run = new();
        await using Listening server = new(run, "node.sock", """{"result":"yes","error":null,"id":1}""");
        Assert.Equal(0, await run.RunAsync("-regtest", "-ipcconnect=unix", "-rpcwallet=a b", "echo", "x"));
        Assert.Equal("yes\n", run.Output);
        Assert.Equal("""{"method":"echo","params":["x"],"id":1} /wallet/a%20b ()""", server.Asked);
    }

    [Fact]
    public async Task Errors_of_the_server_are_errors_of_the_call()
    {
        using CliRun run = new();
        await using Listening server = new(run, "w.sock", """{"result":null,"error":{"code":-18,"message":"No wallet"},"id":1}""");
        Assert.Equal(18, await run.RunAsync("-regtest", "-ipcconnect=unix:w.sock", "getbalance"));
        Assert.Equal("error code: -18\nerror message:\nNo wallet\n", run.Error);
    }

    [Fact]
    public async Task The_first_address_where_somebody_listens_is_asked()
    {
        using CliRun run = new();
        await using Listening server = new(run, "w.sock", """{"result":7,"error":null,"id":1}""");
        Assert.Equal(0, await run.RunAsync("-regtest", "-ipcconnect=unix", "-ipcconnect=unix:w.sock", "getblockcount"));
        Assert.Equal("7\n", run.Output);
    }

    [Fact]
    public async Task Every_address_where_nobody_listens_is_named()
    {
        using CliRun run = new();
        Directory.CreateDirectory(Path.Combine(run.Directory, "regtest"));
        Assert.Equal(1, await run.RunAsync("-regtest", "-ipcconnect=unix", "-ipcconnect=unix:w.sock", "getblockcount"));
        Assert.Contains($"Could not connect to the server unix:{run.Directory}/regtest/node.sock (no such socket)", run.Error, StringComparison.Ordinal);
        Assert.Contains($"Could not connect to the server unix:{run.Directory}/regtest/w.sock (no such socket)", run.Error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("pipe:x", "Unrecognized address 'pipe:x'")]
    [InlineData("tcp:127.0.0.1:1", "tcp:127.0.0.1:1 needs -ipctrust=")]
    public async Task An_address_that_cannot_be_used_is_refused(string address, string expected)
    {
        using CliRun run = new();
        Directory.CreateDirectory(Path.Combine(run.Directory, "regtest"));
        Assert.Equal(1, await run.RunAsync("-regtest", "-ipcconnect=" + address, "getblockcount"));
        Assert.Contains(expected, run.Error, StringComparison.Ordinal);
    }

    /// <summary>Answers every request with one reply, in the data directory of a run.</summary>
    private sealed class Listening : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Replies _replies;
        private readonly Task _serving;

        public Listening(CliRun run, string name, string reply)
        {
            _replies = new Replies(reply);
            var directory = Path.Combine(run.Directory, "regtest");
            Directory.CreateDirectory(directory);
            var listener = IpcListener.Bind(new UnixAddress(Path.Combine(directory, name)), null);
            _serving = new IpcServer(listener, home => new InitServer(_replies, home), new IpcOptions()).RunAsync(_stop.Token);
        }

        public string Asked => _replies.Asked;

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving.WaitAsync(TimeSpan.FromSeconds(60), Ct);
            _stop.Dispose();
        }
    }

    private sealed class Replies(string reply) : IInit, IRpc
    {
        public string Asked { get; private set; } = "";

        public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => ValueTask.FromResult<IRpc>(this);

        public ValueTask<(int Status, ulong Length, ReadOnlyMemory<byte> Piece, IRpcAnswer? More)> BeginAsync(
            ReadOnlyMemory<byte> request, string uri, string user, uint maxBytes, CancellationToken ct) =>
            throw IpcException.UnknownInterface("rpc.capnp:Rpc", 0);

        public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct)
        {
            Asked = $"{request} {uri} ({user})";
            return ValueTask.FromResult(reply);
        }

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
