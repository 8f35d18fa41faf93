using System.Text;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Node.Services;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Services;

/// <summary>A node that passes wallet calls on to wallet processes that listen, over real sockets.</summary>
public sealed class WalletConnectorTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();
    private readonly RpcTable _table = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _directory.Dispose();

    [Fact]
    public async Task The_first_wallet_process_of_the_list_has_the_calls_and_the_next_one_when_it_is_gone()
    {
        await using var first = Wallet("first");
        await using var second = Wallet("second");
        await using Running running = new(Connector("first", "second"));

        await UntilAsync(() => _table.Remote is not null);
        Assert.Equal("first: {} at /wallet/w by me", await AnswerAsync("/wallet/w"));
        Assert.True(_table.Route("getbalance", null).Exists);

        await first.DisposeAsync();
        await UntilAsync(async () => await AnswerAsync() == "second: {} at / by me");
    }

    [Fact]
    public async Task While_no_wallet_process_is_there_callers_are_told_and_one_that_comes_back_is_found()
    {
        await using Running running = new(Connector("only"));
        Assert.False(_table.Route("getbalance", null).Exists);
        var wallet = Wallet("only");
        await UntilAsync(() => _table.Remote is not null);

        await wallet.DisposeAsync();
        await UntilAsync(async () => await AnswerAsync() == "-4: The wallet process is gone; waiting for one");
        await using var again = Wallet("only");
        await UntilAsync(async () => await AnswerAsync() == "only: {} at / by me");
    }

    [Fact]
    public async Task A_peer_that_is_no_wallet_process_is_passed_over()
    {
        var path = Path.Combine(_directory.Path, "node");
        await using Listening stranger = new(path, home => new NodeInitServer(new NodeInit(() => throw new InvalidOperationException(), null), home));
        await using var second = Wallet("second");
        await using Running running = new(Connector("node", "second"));

        await UntilAsync(() => _table.Remote is not null);
        Assert.Equal("second: {} at / by me", await AnswerAsync());
    }

    [Fact]
    public async Task A_peer_that_says_nothing_holds_nobody_up_and_neither_does_one_that_hangs_later()
    {
        // The first takes connections and is silent, the second is there later: both are tried all the time.
        using var silent = IpcListener.Bind(new UnixAddress(Path.Combine(_directory.Path, "silent")), null);
        await using Running running = new(Connector("silent", "second", "third"));
        await using var second = Wallet("second");
        await UntilAsync(() => _table.Remote is not null);
        Assert.Equal("second: {} at / by me", await AnswerAsync());

        await second.DisposeAsync();
        await using var third = Wallet("third");
        await UntilAsync(async () => await AnswerAsync() == "third: {} at / by me");
    }

    private Listening Wallet(string name) =>
        new(Path.Combine(_directory.Path, name), home => new WalletInitServer(new FakeWallet(name), home));

    private WalletConnector Connector(params string[] names) => new(
        [.. names.Select(name => new UnixAddress(Path.Combine(_directory.Path, name)))], _table, new IpcOptions(), NullLogger.Instance);

    private async Task<string> AnswerAsync(string uri = "/")
    {
        try
        {
            var answer = await _table.Remote!.ExecuteAsync("{}"u8.ToArray(), uri, "me", Ct);
            return Encoding.UTF8.GetString(await answer.ReadAsync(Ct));
        }
        catch (RpcError e)
        {
            return $"{(int)e.Code}: {e.Message}";
        }
    }

    private static Task UntilAsync(Func<bool> condition) => UntilAsync(() => Task.FromResult(condition()));

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var deadline = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        deadline.CancelAfter(Deadline);
        while (!await condition())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(10), TimeProvider.System, deadline.Token);
        }
    }

    private sealed class Running : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _running;

        public Running(WalletConnector connector) => _running = connector.RunAsync(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => _running.WaitAsync(Deadline, CancellationToken.None));
            _stop.Dispose();
        }
    }

    private sealed class Listening : IAsyncDisposable
    {
        private readonly CancellationTokenSource _stop = new();
        private readonly Task _serving;

        public Listening(string path, Func<ProxyConnection, ProxyServer> serve) =>
            _serving = new IpcServer(IpcListener.Bind(new UnixAddress(path), null), serve, new IpcOptions()).RunAsync(_stop.Token);

        public async ValueTask DisposeAsync()
        {
            await _stop.CancelAsync();
            await _serving.WaitAsync(Deadline, CancellationToken.None);
        }
    }

    private sealed class FakeWallet(string name) : IWalletInit, IRpc
    {
        public ValueTask<IReadOnlyList<Command>> CommandsAsync(CancellationToken ct) =>
            ValueTask.FromResult<IReadOnlyList<Command>>([new Command("wallet", "getbalance", [])]);

        public ValueTask<IEcho> MakeEchoAsync(CancellationToken ct) => throw new NotSupportedException();

        public ValueTask<IRpc> MakeRpcAsync(CancellationToken ct) => ValueTask.FromResult<IRpc>(this);

        public ValueTask<(int Status, ulong Length, ReadOnlyMemory<byte> Piece, IRpcAnswer? More)> BeginAsync(
            ReadOnlyMemory<byte> request, string uri, string user, uint maxBytes, CancellationToken ct) =>
            throw IpcException.UnknownInterface("rpc.capnp:Rpc", 0);

        public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct) =>
            ValueTask.FromResult($"{name}: {request} at {uri} by {user}");

        public ValueTask DisposeAsync() => ValueTask.CompletedTask;
    }
}
