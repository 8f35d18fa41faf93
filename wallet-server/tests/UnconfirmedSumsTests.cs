using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

/// <summary>What transactions outside the chain add to a balance is kept, and is what counting says.</summary>
public sealed class UnconfirmedSumsTests
{
    private static CancellationToken Ct => TestWallets.Ct;

    [Theory]
    [InlineData(21, true)]
    [InlineData(22, true)]
    [InlineData(23, true)]
    [InlineData(24, false)]
    [InlineData(25, false)]
    public async Task After_each_step_of_a_random_life_they_are_what_counting_says(int seed, bool spendsChange)
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 50, SpendZeroConfChange = spendsChange });
        var life = new RandomLife(wallets, seed);
        for (var step = 0; step < 150; step++)
        {
            await (step % 3 == 0 ? life.PayTogether() : life.Step());
            var snapshot = life.Alice.Snapshot;
            var counted = UnconfirmedSums.Of(snapshot);
            Assert.Equal((step, counted.Trusted, counted.Untrusted), (step, snapshot.Unconfirmed.Trusted, snapshot.Unconfirmed.Untrusted));

            // Asked for with the locked ones each transaction is looked at.
            Assert.Equal(Balances.Of(snapshot, addLocked: true), Balances.Of(snapshot));
            Assert.Equal(Balances.Of(snapshot, minDepth: 1, addLocked: true).UntrustedPending, Balances.Of(snapshot, minDepth: 1).UntrustedPending);
        }
    }

    [Fact]
    public async Task What_comes_leaves_or_is_spent_is_added_without_counting_the_others()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, chain.Pay((await alice.NewScript(), Coins(5)))));
        var sent = await alice.Send(TestChain.Stranger, Coins(2));
        var before = alice.Snapshot;
        var received = chain.Pay((await alice.NewScript(), Coins(1)));

        var (withIt, sums) = Add(before, before.Unconfirmed, received);
        Assert.Equal((before.Unconfirmed.Trusted, Coins(1)), (sums.Trusted, sums.Untrusted));
        Assert.True(sums.AreOf(withIt));

        var coin = new OutPoint(received.Txid, 0);
        ChangeSet spent = new() { Coins = [new(coin, null)] };
        Assert.Equal(Amount.Zero, Kept(sums, spent, withIt.Apply(spent)).Untrusted);

        ChangeSet gone = new() { Coins = [new(coin, null)], Pending = [new(received.Txid, null)] };
        var without = Kept(sums, gone, withIt.Apply(gone));
        Assert.Equal((before.Unconfirmed.Trusted, Amount.Zero), (without.Trusted, without.Untrusted));
        Assert.True(before.Pending.ContainsKey(sent.Txid));
    }

    [Fact]
    public async Task Change_of_money_that_is_locked_is_trusted()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"]);
        var received = chain.Pay((await alice.NewScript(), Coins(5)));
        await alice.Mempool(received);
        var own = TestChain.Pay([new OutPoint(received.Txid, 0)], (await alice.NewScript(), Coins(4)));
        await alice.Mempool(own);
        Assert.Equal(new Balance(Amount.Zero, Coins(4), Amount.Zero), alice.Balance());

        await alice.LockAsync([received.Txid], Finality.InstantSend, Ct);
        Assert.Equal(new Balance(Coins(4), Amount.Zero, Amount.Zero), alice.Balance());
    }

    [Fact]
    public async Task Coins_looked_at_otherwise_are_counted_anew()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Mempool(chain.Pay((await alice.NewScript(), Coins(5))));
        Assert.Equal(Coins(5), alice.Snapshot.Unconfirmed.Untrusted);
        Assert.Equal(Amount.Zero, (alice.Snapshot with { Coins = SnapshotMap<OutPoint, Coin>.Empty }).Unconfirmed.Untrusted);
    }

    private static (WalletSnapshot After, UnconfirmedSums Sums) Add(WalletSnapshot before, UnconfirmedSums sums, Transaction tx)
    {
        OutPoint place = new(tx.Txid, 0);
        Coin coin = new(place, tx.Outputs[0].Value, tx.Outputs[0].ScriptPubKey, -1, false, false, 0);
        ChangeSet changes = new()
        {
            Coins = [new(place, coin)], Pending = [new(tx.Txid, new PendingTx(new WalletTx(tx, TxState.InMempool.Value), Amount.Zero, false))],
        };
        var after = before.Apply(changes);
        return (after, Kept(sums, changes, after));
    }

    private static UnconfirmedSums Kept(UnconfirmedSums sums, ChangeSet changes, WalletSnapshot after) =>
        sums.After(changes, after) ?? throw new InvalidOperationException("They were to be counted anew.");
}
