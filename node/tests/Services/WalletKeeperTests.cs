using System.Text;
using Dash.Common.Hosting;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.Node.Services;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Services;

/// <summary>A wallet process that ends is started again, and its methods stay meanwhile.</summary>
public sealed class WalletKeeperTests : IDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly SkippedTime _time = new();
    private readonly List<FakeProcess> _started = [];
    private readonly List<bool> _again = [];
    private readonly SemaphoreSlim _starts = new(0);

    private int _refusals;

    public void Dispose() => _starts.Dispose();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_that_ends_is_started_again_after_a_pause_that_grows_until_one_lasts()
    {
        await using var keeper = await StartAsync();
        foreach (var pause in (double[])[0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4, 12.8, 25.6, 30, 30])
        {
            await EndAsync();
            Assert.Equal(pause, _time.LastPause.TotalSeconds);
        }

        _time.Advance(TimeSpan.FromMinutes(1));
        await EndAsync();
        Assert.Equal(0.1, _time.LastPause.TotalSeconds);
        Assert.Equal(13, _started.Count);
        Assert.Equal(12, _started.Count(static process => process.IsDisposed));
    }

    [Fact]
    public async Task One_that_cannot_be_started_is_tried_until_it_can()
    {
        await using var keeper = await StartAsync();
        _refusals = 4;
        await EndAsync();
        Assert.Equal(0, _refusals);
        Assert.Equal(2, _started.Count);
        Assert.Equal([false, true, true, true, true, true], _again);
        Assert.Equal(1.6, _time.LastPause.TotalSeconds);
    }

    [Fact]
    public async Task The_first_one_that_cannot_be_started_ends_the_node()
    {
        _refusals = 1;
        Assert.Equal("not now", (await Assert.ThrowsAsync<StartupException>(StartAsync)).Message);
    }

    [Fact]
    public async Task A_node_that_ends_ends_the_process_and_starts_none()
    {
        using CancellationTokenSource stopping = new();
        var keeper = await StartAsync(stopping.Token);
        await stopping.CancelAsync();
        _started[0].End();
        await keeper.DisposeAsync();
        Assert.True(Assert.Single(_started).IsDisposed);
    }

    [Fact]
    public async Task Methods_of_a_process_that_went_say_so_until_the_next_has_them()
    {
        RpcTable table = new();
        await using (WalletPlace place = new(table, "it went"))
        {
            FakeRpc first = new("first"), second = new("second");
            var proxy = await place.TakeAsync([new Command("wallet", "getbalance", [])], first);
            var routed = table.Route("getbalance", null).Remote!;
            Assert.True(routed.IsThere);
            Assert.Equal("first", await AnswerOfAsync(routed));

            proxy.Leave();
            Assert.False(table.Remote!.IsThere);
            Assert.Equal("it went", (await Assert.ThrowsAsync<RpcError>(() => routed.ExecuteAsync("{}"u8.ToArray(), "/", "me", Ct).AsTask())).Message);

            await place.TakeAsync([new Command("wallet", "getbalance", []), new Command("wallet", "send", [])], second);
            Assert.True(first.IsDisposed);
            Assert.Equal("second", await AnswerOfAsync(table.Route("send", null).Remote!));
            Assert.Equal("it went", (await Assert.ThrowsAsync<RpcError>(() => routed.ExecuteAsync("{}"u8.ToArray(), "/", "me", Ct).AsTask())).Message);
        }

        Assert.False(table.Route("send", null).Exists);
    }

    private static async Task<string> AnswerOfAsync(IRemoteMethods remote) =>
        Encoding.UTF8.GetString(await (await remote.ExecuteAsync("{}"u8.ToArray(), "/", "me", Ct)).ReadAsync(Ct));

    private Task<WalletKeeper> StartAsync() => StartAsync(CancellationToken.None);

    private async Task<WalletKeeper> StartAsync(CancellationToken stopping)
    {
        var keeper = await WalletKeeper.StartAsync(StartOneAsync, _time, NullLogger.Instance, stopping);
        await _starts.WaitAsync(Deadline, Ct);
        return keeper;
    }

    private Task<IKeptProcess> StartOneAsync(bool isAgain, CancellationToken ct)
    {
        _again.Add(isAgain);
        if (_refusals > 0)
        {
            _refusals--;
            throw new StartupException("not now");
        }

        _started.Add(new FakeProcess());
        _starts.Release();
        return Task.FromResult<IKeptProcess>(_started[^1]);
    }

    // Returns when the next one has been started.
    private async Task EndAsync()
    {
        _started[^1].End();
        Assert.True(await _starts.WaitAsync(Deadline, Ct));
    }

    private sealed class FakeProcess : IKeptProcess
    {
        private readonly TaskCompletionSource<string> _ended = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsDisposed { get; private set; }

        public Task<string> Ended => _ended.Task;

        public void End() => _ended.TrySetResult("was ended by signal 9");

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }

    private sealed class FakeRpc(string answer) : IRpc
    {
        public bool IsDisposed { get; private set; }

        public ValueTask<(int Status, ulong Length, ReadOnlyMemory<byte> Piece, IRpcAnswer? More)> BeginAsync(
            ReadOnlyMemory<byte> request, string uri, string user, uint maxBytes, CancellationToken ct) =>
            throw IpcException.UnknownInterface("rpc.capnp:Rpc", 0);

        public ValueTask<string> ExecuteRpcAsync(string request, string uri, string user, CancellationToken ct) =>
            IsDisposed ? throw new ObjectDisposedException(answer) : ValueTask.FromResult(answer);

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Whoever waits is woken at once; how long was to be waited is kept.</summary>
    private sealed class SkippedTime : TimeProvider
    {
        private long _now;

        public TimeSpan LastPause { get; private set; }

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => Volatile.Read(ref _now);

        public void Advance(TimeSpan span) => Interlocked.Add(ref _now, span.Ticks);

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            LastPause = dueTime;
            return System.CreateTimer(callback, state, TimeSpan.Zero, period);
        }
    }
}
