using System.Runtime.CompilerServices;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Tests.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

public sealed class UnloadTests
{
    [Fact]
    public async Task A_wallet_that_was_unloaded_does_not_stay_in_memory_though_its_loading_is_remembered()
    {
        await using var host = WalletHost.Attached();
        await using WalletLoads loads = new(host.Wallets, host.Clock, TestContext.Current.CancellationToken);
        var wallet = await LoadAndUnloadAsync(host, loads);
        await host.SyncedAsync();
        for (var i = 0; i < 100 && wallet.TryGetTarget(out _); i++)
        {
            // Whoever worked for it on another thread lets go of it in a moment.
            await Task.Yield();
            GC.Collect();
            GC.WaitForPendingFinalizers();
        }

        Assert.False(wallet.TryGetTarget(out _));
        Assert.Equal(JobState.Done, loads.Of("alice")!.State);
        Assert.Null(loads.Of("alice")!.Error);
    }

    [Fact]
    public async Task One_that_was_unloaded_before_its_loading_was_over_is_let_go_of_too()
    {
        await using var host = WalletHost.Attached();
        await using WalletLoads loads = new(host.Wallets, host.Clock, TestContext.Current.CancellationToken);
        await host.NewWalletAsync("alice");
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);

        var load = loads.Start("alice", size: 0, watch =>
        {
            var opened = host.Wallets.Load("alice", loadOnStart: null, watch);
            host.Wallets.UnloadAsync("alice", loadOnStart: null).Wait(TestContext.Current.CancellationToken);
            return opened;
        });

        await WalletHost.UntilAsync(() => load.Done.IsFaulted);
        Assert.Equal(JobState.Done, load.State);
        Assert.Null(load.Error);
    }

    [MethodImpl(MethodImplOptions.NoInlining)]
    private static async Task<WeakReference<Wallet>> LoadAndUnloadAsync(WalletHost host, WalletLoads loads)
    {
        var ct = TestContext.Current.CancellationToken;
        await host.NewWalletAsync("alice");
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        var wallet = (await loads.Load("alice", loadOnStart: null).Done.WaitAsync(ct)).Wallet;
        await host.Sync.JoinedAsync(wallet, ct);
        host.Chain.MineMany(2);
        await host.Sync.SyncedAsync(wallet, ct);
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        return new WeakReference<Wallet>(wallet);
    }
}
