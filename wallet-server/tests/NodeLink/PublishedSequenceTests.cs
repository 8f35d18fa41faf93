using Dash.Common.Concurrency;
using Dash.Primitives.Scripts;
using Dash.Primitives.Units;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

public sealed class PublishedSequenceTests : IDisposable
{
    private static readonly Amount Five = new(500_000_000);
    private readonly PublishedNumber _number = PublishedNumber.Create(Path.GetTempFileName());

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => _number.Dispose();

    [Fact]
    public async Task Reads_see_what_the_node_has_done_without_asking_it()
    {
        await using WalletHost host = new();
        host.Chain.Published = _number;
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        await host.SyncedAsync();
        var asked = host.Chain.PositionsAsked;

        for (var i = 1; i <= 20; i++)
        {
            host.Chain.Mine(host.Chain.Pay(script, Five));
            await host.SyncedAsync();
            Assert.Equal(new Amount(i * Five.Duffs), WalletHost.Trusted(wallet));
            Assert.True(host.Sync.SyncedAsync(wallet, Ct).AsTask().IsCompletedSuccessfully);
        }

        Assert.Equal(asked, host.Chain.PositionsAsked);
    }

    [Fact]
    public async Task A_number_that_stands_still_is_not_believed_any_more()
    {
        await using WalletHost host = new();
        host.Chain.Published = _number;
        host.Attach();
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        await WalletHost.UntilAsync(() => host.Node.Require().TryReadSequence(out _));
        host.Chain.Published = null; // its disk takes nothing any more
        host.Chain.Mine(host.Chain.Pay(script, Five));
        await WalletHost.UntilAsync(() => !host.Node.Require().TryReadSequence(out _));
        Assert.Equal(host.Chain.Tip.Hash, wallet.Snapshot.Tip.Hash);

        var asked = host.Chain.PositionsAsked;
        host.Chain.Mine(host.Chain.Pay(script, Five));
        await host.SyncedAsync();

        Assert.True(host.Chain.PositionsAsked > asked);
        Assert.Equal(new Amount(2 * Five.Duffs), WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task Who_does_not_get_a_payment_of_this_process_does_not_wait_for_the_news_of_it()
    {
        await using WalletHost host = new();
        host.Chain.Published = _number;
        host.Attach();
        var (alice, bob, carol) = (await host.NewWalletAsync("alice"), await host.NewWalletAsync("bob"), await host.NewWalletAsync("carol"));
        var (toAlice, toBob) = (await WalletHost.NewScriptAsync(alice), await WalletHost.NewScriptAsync(bob));
        for (var i = 0; i < 8; i++) host.Chain.Mine(host.Chain.Pay(toAlice, Five));
        host.Chain.MineMany(101);
        await host.SyncedAsync();

        host.Chain.IsMute = true; // what the node did is in its file, and no event has come yet
        await host.SendAsync(alice, toBob, new Amount(1_000_000));
        Assert.Equal((true, false, true), (IsSynced(alice), IsSynced(bob), IsSynced(carol)));
        await host.SendAsync(alice, toAlice, new Amount(1_000_000));
        Assert.Equal((true, false, true), (IsSynced(alice), IsSynced(bob), IsSynced(carol)));

        for (var i = 0; i < 2; i++) await host.SendAsync(alice, toAlice, new Amount(1_000_000));
        Assert.True(IsSynced(carol)); // four are told apart
        await host.SendAsync(alice, toAlice, new Amount(1_000_000));
        Assert.Equal((false, false), (IsSynced(alice), IsSynced(carol)));

        bool IsSynced(Wallet wallet) => PublishedSequenceTests.IsSynced(host, wallet);
    }

    [Fact]
    public async Task What_else_the_node_does_is_waited_for()
    {
        await using WalletHost host = new();
        host.Chain.Published = _number;
        host.Attach();
        var alice = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(alice);
        host.Chain.Mine(host.Chain.Pay(script, Five));
        await host.SyncedAsync();

        host.Chain.IsMute = true;
        host.Chain.Receive(host.Chain.Pay(Script.Empty, Five)); // nobody knows yet that it is a stranger's
        Assert.False(IsSynced(host, alice));
        host.Chain.SayBehind();
        await host.SyncedAsync();
        Assert.True(IsSynced(host, alice));

        host.Chain.IsMute = true;
        host.Chain.MineMany(1);
        Assert.False(IsSynced(host, alice));
    }

    private static bool IsSynced(WalletHost host, Wallet wallet) => host.Sync.SyncedAsync(wallet, Ct).AsTask().IsCompleted;
}
