using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

public sealed class EventFollowerTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Over_restarts_nothing_is_left_out_and_nothing_comes_twice()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(1))));
        List<long> told = [];

        // What was before anybody followed is nobody's news.
        var first = wallet.Snapshot.NextEvent;
        await FollowAsync(wallets, told, 0);
        for (var round = 1; round <= 3; round++)
        {
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(round))));
            wallet = await wallets.Reload(wallet);
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(10 * round))));
            await FollowAsync(wallets, told, round * 2);
        }

        Assert.Equal([.. Enumerable.Range(0, 6).Select(i => first + i)], told);
    }

    [Fact]
    public async Task What_was_under_way_is_due_again_and_what_came_after_it_too()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        await FollowAsync(wallets, [], 0);
        var first = wallet.Snapshot.NextEvent;
        for (var i = 0; i < 3; i++)
        {
            await wallet.Mempool(chain.Pay((await wallet.NewScript(), Scenarios.Coins(1 + i))));
        }

        // The second never ends, and the wallet goes.
        TaskCompletionSource never = new();
        var begun = 0;
        using (var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct))
        {
            var running = new EventFollower(
                "test",
                4,
                (_, lines) => lines.Select(line => (line.Sequence, (Func<CancellationToken, Task>)(_ =>
                {
                    Interlocked.Increment(ref begun);
                    return line.Sequence == first + 1 ? never.Task : Task.CompletedTask;
                }))),
                wallets.Clock).RunAsync(wallets.Directory, stop.Token);
            await UntilAsync(() => Volatile.Read(ref begun) == 3);
            wallet = await wallets.Reload(wallet);
            never.SetResult();
            await stop.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
        }

        wallet = await wallets.Reload(wallet);
        Assert.InRange(wallet.Snapshot.Followed["test"], first, first + 2);
    }

    [Fact]
    public async Task Keys_of_payments_are_forgotten_after_their_time_and_not_because_a_clock_jumps()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var chain = new TestChain();
        await wallet.Connect(chain["genesis"]);
        await StoreAsync(wallet, "old");
        var time = wallet.FindRequest("old")!.Time;
        Assert.True(time >= wallet.Snapshot.TipTime);

        wallets.Clock.SetMockTime(time + SpendRequest.Lifetime + 10);
        await StoreAsync(wallet, "second");
        Assert.NotNull(wallet.FindRequest("old"));

        await wallet.ChangeAsync(
            _ => new Decision<bool>(new ChangeSet { TipTime = time + SpendRequest.Lifetime + 10 }, true), Ct);
        await StoreAsync(wallet, "third");
        Assert.Null(wallet.FindRequest("old"));
        Assert.NotNull(wallet.FindRequest("second"));
        Assert.NotNull(wallet.FindRequest("third"));
    }

    private static Task<bool> StoreAsync(Wallet wallet, string key) => wallet.ChangeAsync(
        _ => new Decision<bool>(
            new ChangeSet { Request = new SpendRequest(key, Hashes.Sha256([1]), new Txid(Hashes.Sha256([2])), wallet.Clock.UnixSeconds) }, true),
        Ct);

    // Until so many lines were told in all.
    private static async Task FollowAsync(TestWallets wallets, List<long> told, int count)
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        EventFollower follower = new(
            "test",
            1,
            (_, lines) => lines.Select(line => (line.Sequence, (Func<CancellationToken, Task>)(_ =>
            {
                lock (told) told.Add(line.Sequence);
                return Task.CompletedTask;
            }))),
            wallets.Clock);
        var running = follower.RunAsync(wallets.Directory, stop.Token);
        await UntilAsync(() =>
        {
            lock (told) return told.Count >= count && wallets.Directory.All.TrueForAll(static wallet => wallet.Snapshot.Followed.ContainsKey("test"));
        });
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running);
    }

    private static async Task UntilAsync(Func<bool> isTrue)
    {
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        while (!isTrue())
        {
            await Task.Delay(TimeSpan.FromMilliseconds(5), TimeProvider.System, patience.Token);
        }
    }
}
