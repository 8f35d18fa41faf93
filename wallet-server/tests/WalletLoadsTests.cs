using Dash.Common.Concurrency;
using Dash.WalletServer.Tests.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

public sealed class WalletLoadsTests
{
    private const long Large = 1L << 30;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task While_calls_come_in_a_small_wallet_is_loaded_in_spare_time_only()
    {
        ThreadTurns.NoteCall();
        var isPossible = false;
        await WorkThread.RunAsync("possible", () => isPossible = SpareTime.IsWanted && SpareTime.Enter());
        Assert.SkipUnless(isPossible, "the system or its guard of calls refuses");
        await using var host = WalletHost.Attached();
        await using WalletLoads loads = new(host.Wallets, host.Clock, Ct);
        await host.NewWalletAsync("alice");
        var isSpare = false;
        host.Wallets.Loaded += _ => isSpare = SpareTime.IsHere;
        for (var i = 0; i < 100 && !isSpare; i++) // not in a moment when the machine is too busy for that
        {
            await host.Wallets.UnloadAsync("alice", loadOnStart: null);
            ThreadTurns.NoteCall();
            await loads.Load("alice", loadOnStart: null).Done.WaitAsync(Ct);
        }

        Assert.True(isSpare);
    }

    [Fact]
    public async Task A_large_one_is_loaded_in_usual_turns_though_calls_come_in()
    {
        await using var host = WalletHost.Attached();
        await using WalletLoads loads = new(host.Wallets, host.Clock, Ct);
        await host.NewWalletAsync("alice");
        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        bool? isSpare = null;
        ThreadTurns.NoteCall();
        await loads.Start("alice", Large, watch =>
        {
            isSpare = SpareTime.IsHere;
            return host.Wallets.Load("alice", loadOnStart: null, watch);
        }).Done.WaitAsync(Ct);
        Assert.False(isSpare);
    }
}
