using Dash.Primitives.Units;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Tests.Scenario;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>A wallet that could not take in what the node sent does not look as if it followed.</summary>
public sealed class LeftOutTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wallet_that_is_not_fed_any_more_says_so_until_it_is_loaded_again()
    {
        await using var host = WalletHost.Attached();
        var alice = await host.NewWalletAsync("alice");
        var bob = await host.NewWalletAsync("bob");
        Assert.Equal(NodeState.Connected, host.Sync.StatusOf(null).State);

        // The transaction is gone when it is to be committed: nobody knows what the file holds then.
        await Record.ExceptionAsync(() => alice.RunOnWriterAsync("ROLLBACK"));
        host.Chain.Mine();
        await WalletHost.UntilAsync(() =>
            host.Sync.StatusOf(alice).Reason?.Contains("could not be stored", StringComparison.Ordinal) == true
            && bob.Snapshot.Tip.Hash == host.Chain.Tip.Hash);
        Assert.Equal(NodeState.CatchingUp, host.Sync.StatusOf(alice).State);
        Assert.StartsWith("[alice] ", host.Sync.StatusOf(null).Reason, StringComparison.Ordinal);
        Assert.Equal(NodeState.CatchingUp, host.Sync.StatusOf(null).State);
        Assert.Equal(NodeState.Connected, host.Sync.StatusOf(bob).State);
        Assert.False(host.Sync.AcceptChain(alice));

        // Nobody waits for it.
        await host.Sync.SyncedAsync(alice, Ct);
        await host.Sync.SyncedAsync(bob, Ct);

        await host.Wallets.UnloadAsync("alice", loadOnStart: null);
        await WalletHost.UntilAsync(() => host.Sync.StatusOf(null).State == NodeState.Connected);
        alice = await host.LoadAsync("alice");
        host.Chain.Mine(await host.PayAsync(alice, Amount.FromDash(5)));
        await host.SyncedAsync();
        Assert.Equal(Amount.FromDash(5), WalletHost.Trusted(alice));
        Assert.Equal(NodeState.Connected, host.Sync.StatusOf(alice).State);
    }
}
