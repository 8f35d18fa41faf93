using System.Threading.Channels;
using Dash.Common.Time;
using Dash.Ipc.Connections;
using Dash.Ipc.Interfaces;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;
using Dash.Node.Services;
using Dash.Primitives.Transactions;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Tests.Services;

/// <summary>Listeners of another process, with the real protocol between them: what becomes of one that an event cannot be told.</summary>
public sealed class ChainSubscriptionTests : IAsyncDisposable
{
    private static readonly TimeSpan Deadline = TimeSpan.FromSeconds(60);

    private readonly TempDirectory _directory = new();
    private readonly CountedTimers _timers = new();
    private readonly LogLines _log = new();
    private readonly TestNode _node;
    private readonly ChainSubscribers _subscribers;

    public ChainSubscriptionTests()
    {
        _node = TestNode.Open(_directory);
        _subscribers = new ChainSubscribers(_node.Chainstate.Events, new Clock(_timers), _log);
    }

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task One_whose_process_has_too_many_calls_misses_nothing()
    {
        await using var wallet = await ConnectAsync(maxCalls: 1);
        Listener busy = new(), other = new();
        await wallet.Feed.SubscribeAsync(busy, Ct);
        busy.Gate = new TaskCompletionSource();
        await _node.Mine(1);
        Assert.Equal("connected 1", await NextAsync(busy)); // and has not answered: that is the one call
        await wallet.Feed.SubscribeAsync(other, Ct);
        _timers.Made = new TaskCompletionSource();

        await _node.Mine(3);
        await _timers.Made.Task.WaitAsync(Deadline, Ct); // it was refused, and waits
        Assert.False(other.News.Reader.TryPeek(out _));
        busy.Gate.SetResult();

        foreach (var height in (int[])[2, 3, 4])
        {
            Assert.Equal($"connected {height}", await NextAsync(busy));
            Assert.Equal($"connected {height}", await NextAsync(other));
        }

        Assert.False(busy.IsDisposed || other.IsDisposed);
        Assert.Empty(_log.Warnings);
    }

    [Fact]
    public async Task One_that_fails_hears_that_it_is_let_go_and_the_log_says_so()
    {
        await using var wallet = await ConnectAsync(maxCalls: 10);
        Listener failing = new() { Failure = "no room" };
        await wallet.Feed.SubscribeAsync(failing, Ct);

        await _node.Mine(2);

        Assert.Equal("connected 1", await NextAsync(failing));
        Assert.Equal("disposed", await NextAsync(failing));
        Assert.EndsWith("is told nothing more until it subscribes again: remote exception: std::exception: no room", Assert.Single(_log.Warnings), StringComparison.Ordinal);
    }

    public async ValueTask DisposeAsync()
    {
        await _subscribers.DisposeAsync();
        await _node.DisposeAsync();
        _directory.Dispose();
    }

    private static async Task<string> NextAsync(Listener listener) =>
        await listener.News.Reader.ReadAsync(Ct).AsTask().WaitAsync(Deadline, Ct);

    private async Task<Attached> ConnectAsync(int maxCalls)
    {
        var (ours, theirs) = MemoryTransport.CreatePair();
        NodeInit init = new(() => new ChainFeedService(_node.Chainstate, _node.Mempool, _subscribers), host: null);
        var nodesEnd = ProxyConnection.Open(theirs, home => new NodeInitServer(init, home), new IpcOptions());
        var connected = await IpcConnector.OverAsync<INodeInit>(
            ours,
            null,
            static (target, connection) => new NodeInitClient(target, connection),
            new IpcOptions { Limits = IpcLimits.Default with { MaxRunningCalls = maxCalls } },
            Ct);
        return new Attached(nodesEnd, connected, await connected.Init.MakeChainFeedAsync(Ct));
    }

    private sealed record Attached(IAsyncDisposable NodesEnd, IAsyncDisposable OwnEnd, IChainFeed Feed) : IAsyncDisposable
    {
        public async ValueTask DisposeAsync()
        {
            await OwnEnd.DisposeAsync();
            await NodesEnd.DisposeAsync();
        }
    }

    /// <summary>Real time that says when somebody begins to wait.</summary>
    private sealed class CountedTimers : TimeProvider
    {
        public TaskCompletionSource Made { get; set; } = new();

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Made.TrySetResult();
            return base.CreateTimer(callback, state, dueTime, period);
        }
    }

    private sealed class LogLines : ILoggerFactory, ILogger
    {
        private readonly Lock _gate = new(); // protects the list
        private readonly List<string> _warnings = [];

        public IReadOnlyList<string> Warnings
        {
            get
            {
                lock (_gate) return [.. _warnings];
            }
        }

        public void AddProvider(ILoggerProvider provider) => throw new NotSupportedException();

        public ILogger CreateLogger(string categoryName) => this;

        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
        {
            if (logLevel < LogLevel.Warning) return;
            lock (_gate) _warnings.Add(formatter(state, exception));
        }

        public void Dispose()
        {
        }
    }

    private sealed class Listener : IChainListener
    {
        public Channel<string> News { get; } = Channel.CreateUnbounded<string>();

        public TaskCompletionSource? Gate { get; set; }

        public string? Failure { get; init; }

        public bool IsDisposed { get; private set; }

        public ValueTask BlockConnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) => HearAsync($"connected {block.Ref.Height}");

        public ValueTask BlockDisconnectedAsync(ulong sequence, FeedBlock block, CancellationToken ct) => HearAsync($"disconnected {block.Ref.Height}");

        public ValueTask TransactionAddedAsync(ulong sequence, ReadOnlyMemory<byte> tx, CancellationToken ct) => HearAsync("added");

        public ValueTask TransactionRemovedAsync(ulong sequence, Txid txid, string reason, CancellationToken ct) => HearAsync("removed");

        public ValueTask TransactionLockedAsync(ulong sequence, Txid txid, CancellationToken ct) => HearAsync("locked");

        public ValueTask ChainLockedAsync(ulong sequence, BlockRef block, CancellationToken ct) => HearAsync("chain locked");

        public ValueTask BehindAsync(ulong sequence, CancellationToken ct) => HearAsync("behind");

        public ValueTask MockTimeChangedAsync(long time, CancellationToken ct) => HearAsync("time");

        public ValueTask SchedulerAdvancedAsync(long seconds, CancellationToken ct) => HearAsync("scheduler");

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            News.Writer.TryWrite("disposed");
            return ValueTask.CompletedTask;
        }

        private async ValueTask HearAsync(string what)
        {
            News.Writer.TryWrite(what);
            if (Failure is not null) throw new InvalidOperationException(Failure);
            if (Gate is { } gate) await gate.Task;
        }
    }
}
