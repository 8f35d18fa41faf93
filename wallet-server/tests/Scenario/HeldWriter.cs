using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Dash.WalletServer.Storage;
using Dash.WalletServer.Tests.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.Scenario;

/// <summary>The writer of a wallet, stopped within a decision: what is asked for meanwhile becomes one batch.</summary>
internal sealed class HeldWriter : IDisposable
{
    private readonly ManualResetEventSlim _goOn = new();
    private readonly CountedRequests _requests;
    private Task _held = Task.CompletedTask;

    // The wallet's queue cannot say how many are in it.
    private HeldWriter(Wallet wallet)
    {
        ref var requests = ref RequestsOf(wallet);
        requests = _requests = new CountedRequests(requests);
    }

    /// <summary>Returns when the writer stands still.</summary>
    public static async Task<HeldWriter> HoldAsync(Wallet wallet)
    {
        HeldWriter held = new(wallet);
        TaskCompletionSource stands = new(TaskCreationOptions.RunContinuationsAsynchronously);
        held._held = wallet.ChangeAsync(
            _ =>
            {
                stands.SetResult();
                held._goOn.Wait();
                return Decision<bool>.Of(true);
            },
            TestWallets.Ct);
        await stands.Task;
        return held;
    }

    /// <summary>Returns when so many changes were asked for since it stands still.</summary>
    public Task QueuedAsync(int count) => WalletHost.UntilAsync(() => _requests.Count > count);

    /// <summary>How many changes were asked for since it stood still.</summary>
    public int Queued => _requests.Count - 1;

    /// <summary>Lets it go on.</summary>
    public async Task ReleaseAsync()
    {
        _goOn.Set();
        await _held;
    }

    public void Dispose()
    {
        _goOn.Set();
        _held.GetAwaiter().GetResult();
        _goOn.Dispose();
    }

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_requests")]
    private static extern ref Channel<WriteRequest> RequestsOf(Wallet wallet);

    private sealed class CountedRequests : Channel<WriteRequest>
    {
        private readonly Counter _counter;

        public CountedRequests(Channel<WriteRequest> requests)
        {
            Reader = requests.Reader;
            Writer = _counter = new Counter(requests.Writer);
        }

        public int Count => Volatile.Read(ref _counter.Count);
    }

    private sealed class Counter(ChannelWriter<WriteRequest> requests) : ChannelWriter<WriteRequest>
    {
        public int Count;

        public override bool TryWrite(WriteRequest item)
        {
            var isWritten = requests.TryWrite(item);
            Interlocked.Increment(ref Count);
            return isWritten;
        }

        public override bool TryComplete(Exception? error = null) => requests.TryComplete(error);

        public override ValueTask<bool> WaitToWriteAsync(CancellationToken ct = default) => requests.WaitToWriteAsync(ct);
    }
}

/// <summary>The writer's connection, for statements a disk or another program would cause.</summary>
internal static class WriterStatements
{
    /// <summary>Runs a statement on the writer's connection, within a decision.</summary>
    public static Task RunOnWriterAsync(this Wallet wallet, string sql) => wallet.ChangeAsync(
        _ =>
        {
            wallet.RunInDecision(sql);
            return Decision<bool>.Of(true);
        },
        TestWallets.Ct);

    /// <summary>The same for who is within a decision.</summary>
    public static void RunInDecision(this Wallet wallet, string sql) => DatabaseOf(wallet).Execute(sql);

    /// <summary>From now on the file cannot grow.</summary>
    public static Task FillDiskAsync(this Wallet wallet) => wallet.RunOnWriterAsync("PRAGMA max_page_count = 1");

    /// <summary>It can again.</summary>
    public static Task GiveRoomAsync(this Wallet wallet) => wallet.RunOnWriterAsync("PRAGMA max_page_count = 1000000");

    [UnsafeAccessor(UnsafeAccessorKind.Field, Name = "_database")]
    private static extern ref WalletDatabase DatabaseOf(Wallet wallet);
}
