using Dash.Common.Concurrency;
using Dash.Primitives.Units;

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
}
