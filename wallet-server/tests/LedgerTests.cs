using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

public sealed class LedgerTests
{
    private static CancellationToken Ct => TestWallets.Ct;

    [Fact]
    public async Task A_payment_counts_as_pending_and_then_as_trusted()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var pay = chain.Pay((await alice.NewScript(), Coins(5)));

        await alice.Mempool(pay);
        Assert.Equal(new Balance(Amount.Zero, Coins(5), Amount.Zero), alice.Balance());

        Assert.True(await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, pay)));
        Assert.Equal(new Balance(Coins(5), Amount.Zero, Amount.Zero), alice.Balance());
        Assert.Equal(1, alice.Snapshot.Coins.Values.Single().DepthAt(alice.Snapshot.Tip.Height));
    }

    [Fact]
    public async Task Change_of_an_own_payment_is_trusted_at_once()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, chain.Pay((await alice.NewScript(), Coins(5)))));

        var sent = await alice.Send(TestChain.Stranger, Coins(2));
        var fee = Coins(5) - sent.OutputValue;
        Assert.Equal(Coins(3) - fee, alice.Balance().Trusted);

        await alice.Connect(chain.Mine("a2", "a1", null, sent));
        Assert.Equal(Coins(3) - fee, alice.Balance().Trusted);
        Assert.Empty(alice.Snapshot.Pending);
        using var view = alice.OpenView();
        var amounts = view.AmountsOf(view.Find(sent.Txid)!);
        Assert.Equal(fee, amounts.Fee);
        Assert.Equal(-Coins(2), amounts.Net);
        Assert.Equal(Coins(2), Assert.Single(amounts.Sent).Value);
        Assert.Empty(amounts.Received);
    }

    [Fact]
    public async Task Mined_coins_ripen_at_depth_101()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", await alice.NewScript()));
        Assert.Equal(new Balance(Amount.Zero, Amount.Zero, Coins(500)), alice.Balance());

        var later = chain.MineMany("b", "a1", 100);
        await alice.Connect([.. later.SkipLast(1)]);
        Assert.Equal(Coins(500), alice.Balance().Immature);
        await alice.Connect(later[^1]);
        Assert.Equal(new Balance(Coins(500), Amount.Zero, Amount.Zero), alice.Balance());

        // Going back one block takes the maturity away again.
        await alice.DisconnectToAsync(later[^2].Point, later[^2].Time, Ct);
        Assert.Equal(new Balance(Amount.Zero, Amount.Zero, Coins(500)), alice.Balance());
    }

    // genesis - a1(pay) - a2
    //        \- b1 - b2 - b3(pay)
    [Fact]
    public async Task A_reorganisation_takes_a_payment_out_and_another_block_brings_it_back()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var pay = chain.Pay((await alice.NewScript(), Coins(5)));
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, pay), chain.Mine("a2", "a1"));

        await alice.DisconnectToAsync(chain["genesis"].Point, chain["genesis"].Time, Ct);
        Assert.Equal(Amount.Zero, alice.Balance().Trusted);
        Assert.True(alice.Snapshot.Pending.ContainsKey(pay.Txid));

        await alice.Connect(chain.Mine("b1", "genesis"), chain.Mine("b2", "b1"), chain.Mine("b3", "b2", null, pay));
        Assert.Equal(Coins(5), alice.Balance().Trusted);
        Assert.Equal(3, alice.Snapshot.Tip.Height);
    }

    [Fact]
    public async Task Blocks_that_do_not_follow_are_refused_and_passed_ones_change_nothing()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var pay = chain.Pay((await alice.NewScript(), Coins(5)));
        var (a1, a2, b2) = (chain.Mine("a1", "genesis", null, pay), chain.Mine("a2", "a1"), chain.Mine("b2", "a1"));
        await alice.Connect(chain["genesis"], a1, a2);

        Assert.False(await alice.Connect(b2));
        var before = alice.Describe();
        Assert.True(await alice.Connect(a1, a2));
        Assert.True(await alice.RescanAsync([a1], null, Ct));
        Assert.Equal(before, alice.Describe());
    }

    // Somebody's payment to us is given up; then a block that is none of our business spends its coin, and goes away again.
    [Theory]
    [InlineData(false, false)]
    [InlineData(true, false)]
    [InlineData(true, true)]
    public async Task A_block_contradicts_a_payment_that_was_given_up_too(bool isLoadedAgain, bool isRead)
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var coin = chain.Foreign();
        var pay = TestChain.Pay(coin, (await alice.NewScript(), Coins(5)));
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis"));
        await alice.Mempool(pay);
        await alice.SetMempoolAsync([], Ct);
        await alice.AbandonAsync(pay.Txid, Ct);
        if (isLoadedAgain)
        {
            await wallets.Directory.UnloadAsync("w", null);
            if (isRead)
            {
                ForeignWrites.Touch(Path.Combine(wallets.Root, "w", "wallet.dat"));
            }

            alice = wallets.Directory.Load("w", null).Wallet;
        }

        await alice.Connect(chain.Mine("a2", "a1", null, TestChain.Pay(coin, (TestChain.Stranger, Coins(5)))));
        Assert.Equal(-1, StateOf(alice).DepthAt(alice.Snapshot.Tip.Height));
        Assert.Empty(alice.Snapshot.GivenUp);

        await alice.DisconnectToAsync(chain["a1"].Point, chain["a1"].Time, Ct);
        Assert.Equal(TxState.Inactive.Waiting, StateOf(alice));

        TxState StateOf(Wallet wallet)
        {
            using var view = wallet.OpenView();
            return view.Find(pay.Txid)!.State;
        }
    }

    // A payment of ours waits; a block holds another one of the same coin: ours and its child are out, until the block is.
    [Fact]
    public async Task A_block_that_contradicts_a_payment_takes_its_descendants_along()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var funding = chain.Pay((await alice.NewScript(), Coins(5)));
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, funding));
        var coin = new OutPoint(funding.Txid, 0);
        var parent = TestChain.Pay(coin, (await alice.NewScript(), Coins(4)));
        var child = TestChain.Pay(new OutPoint(parent.Txid, 0), (await alice.NewScript(), Coins(3)));
        await alice.Mempool(parent, child);
        Assert.Equal(Coins(3), alice.Balance().Trusted);

        var rival = TestChain.Pay(coin, (TestChain.Stranger, Coins(4)));
        var a2 = chain.Mine("a2", "a1", null, rival);
        await alice.Connect(a2);
        Assert.Equal(new Balance(Amount.Zero, Amount.Zero, Amount.Zero), alice.Balance());
        using (var view = alice.OpenView())
        {
            Assert.Equal(-1, view.Find(parent.Txid)!.State.DepthAt(alice.Snapshot.Tip.Height));
            Assert.Equal(new TxState.Conflicted(a2.Hash, 2), view.Find(child.Txid)!.State);
            Assert.Equal([parent.Txid], view.ConflictsOf(view.Find(rival.Txid)!));
        }

        await alice.DisconnectToAsync(chain["a1"].Point, chain["a1"].Time, Ct);
        using (var view = alice.OpenView())
        {
            Assert.Equal(TxState.Inactive.Waiting, view.Find(parent.Txid)!.State);
            Assert.Equal(TxState.Inactive.Waiting, view.Find(child.Txid)!.State);
        }
    }

    // Where reuse is avoided: what a block contradicts was spent from if the mempool drops it for that, and not if it was nowhere.
    [Theory]
    [InlineData(true, false)]
    [InlineData(true, true)]
    [InlineData(false, false)]
    public async Task A_block_that_contradicts_a_payment_of_the_mempool_marks_what_it_spent_from(bool isInMempool, bool isDroppedFirst)
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var (first, second) = (await alice.NewScript(), await alice.NewScript());
        var funding = chain.Pay((first, Coins(5)), (second, Coins(3)));
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, funding));
        var both = new Transaction(
            [new TxIn(new OutPoint(funding.Txid, 0), Script.Empty), new TxIn(new OutPoint(funding.Txid, 1), Script.Empty)],
            [new TxOut(Coins(8), TestChain.Stranger)]);
        await alice.Mempool(both);
        if (!isInMempool)
        {
            await alice.SetMempoolAsync([], Ct);
        }

        // Reuse is avoided from now on.
        await alice.ChangeAsync(state => new Decision<bool>(new ChangeSet { Flags = state.Snapshot.Flags | WalletFlags.AvoidReuse }, true), Ct);
        if (isDroppedFirst)
        {
            await alice.RemoveMempoolAsync(both.Txid, isContradicted: true, Ct);
        }

        await alice.Connect(chain.Mine("a2", "a1", null, TestChain.Pay(new OutPoint(funding.Txid, 0), (TestChain.Stranger, Coins(5)))));
        Assert.True(alice.Snapshot.IsUsed(first));
        Assert.Equal(isInMempool, alice.Snapshot.IsUsed(second));
    }

    [Fact]
    public async Task An_abandoned_payment_gives_its_coins_back()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, chain.Pay((await alice.NewScript(), Coins(5)))));
        var sent = await alice.Send(TestChain.Stranger, Coins(2));

        var refusal = await Assert.ThrowsAsync<WalletException>(() => alice.AbandonAsync(sent.Txid, Ct));
        Assert.Equal("Transaction not eligible for abandonment", refusal.Message);
        await alice.RemoveMempoolAsync(sent.Txid, isContradicted: false, Ct);
        await alice.AbandonAsync(sent.Txid, Ct);
        Assert.Equal(Coins(5), alice.Balance().Trusted);

        // Seen again, it is alive again.
        await alice.Mempool(sent);
        Assert.True(alice.Balance().Trusted < Coins(3));
    }

    // A parent with two children, one of which has a child that pays somebody else; and a payment that has nothing to do with them.
    [Fact]
    public async Task Giving_a_payment_up_gives_up_all_that_builds_on_it()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var funding = chain.Pay((await alice.NewScript(), Coins(5)), (await alice.NewScript(), Coins(2)));
        var a1 = chain.Mine("a1", "genesis", null, funding);
        await alice.Connect(chain["genesis"], a1);
        var parent = TestChain.Pay(new OutPoint(funding.Txid, 0), (await alice.NewScript(), Coins(3)), (await alice.NewScript(), Coins(1)));
        var child = TestChain.Pay(new OutPoint(parent.Txid, 0), (await alice.NewScript(), Coins(2)));
        var grandchild = TestChain.Pay(new OutPoint(child.Txid, 0), (TestChain.Stranger, Coins(2)));
        var other = TestChain.Pay(new OutPoint(parent.Txid, 1), (await alice.NewScript(), Coins(1)));
        var bystander = TestChain.Pay(new OutPoint(funding.Txid, 1), (await alice.NewScript(), Coins(1)));
        await alice.Mempool(parent, child, grandchild, other, bystander);
        Assert.Equal(Coins(2), alice.Balance().Trusted);

        // Nothing of it may be given up while the parent is in the mempool; once all have left it, the parent takes the rest along.
        await Assert.ThrowsAsync<WalletException>(() => alice.AbandonAsync(parent.Txid, Ct));
        await alice.SetMempoolAsync([bystander], Ct);
        await alice.AbandonAsync(parent.Txid, Ct);
        ShouldBeGivenUp();
        var before = alice.Describe();
        await alice.AbandonAsync(grandchild.Txid, Ct); // once more is nothing new
        Assert.Equal(before, alice.Describe());

        alice = await wallets.Reload(alice);
        await alice.SetMempoolAsync([bystander], Ct);
        ShouldBeGivenUp();
        await wallets.Directory.UnloadAsync(alice.Name, null);
        ForeignWrites.Touch(Path.Combine(wallets.Root, alice.Name, "wallet.dat"));
        alice = wallets.Directory.Load(alice.Name, null).Wallet;
        await alice.SetMempoolAsync([bystander], Ct);
        ShouldBeGivenUp();

        // A block brings the parent back: what was built on it stays given up, and its own coins are free.
        await alice.Connect(chain.Mine("a2", "a1", null, parent));
        Assert.Equal(Coins(5), alice.Balance().Trusted);
        Assert.Equal([child.Txid, grandchild.Txid, other.Txid], GivenUp([child, grandchild, other]));

        void ShouldBeGivenUp()
        {
            Assert.Equal([parent.Txid, child.Txid, grandchild.Txid, other.Txid], GivenUp([parent, child, grandchild, other, bystander]));
            Assert.Equal(Coins(6), alice.Balance().Trusted);
            Assert.Equal(
                new HashSet<OutPoint> { new(funding.Txid, 0), new(bystander.Txid, 0) },
                alice.Snapshot.Coins.Values.Select(static coin => coin.OutPoint).ToHashSet());
        }

        Txid[] GivenUp(Transaction[] txs)
        {
            using var view = alice.OpenView();
            return [.. txs.Select(static tx => tx.Txid).Where(txid => view.Find(txid)!.State.Equals(TxState.Inactive.GivenUp))];
        }
    }

    [Fact]
    public async Task What_a_restart_reads_is_what_was_live()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var pay = chain.Pay((await alice.NewScript("shop"), Coins(5)), (await alice.NewScript(), Coins(1)));
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", await alice.NewScript(), pay));
        await alice.Send(TestChain.Stranger, Coins(2));
        await alice.Connect([.. chain.MineMany("b", "a1", 5)]);
        var coin = alice.Snapshot.Coins.Values.First(candidate => candidate.IsConfirmed && !candidate.IsCoinBase).OutPoint;
        await alice.LockCoinsAsync([coin], unlock: false, persistent: true, Ct);

        var before = alice.Describe();
        alice = await wallets.Reload(alice);
        Assert.Equal(before, Untrusted(alice.Describe(), before));

        // And once more from Core's records alone.
        await wallets.Directory.UnloadAsync("w", null);
        Assert.Equal(["wallet.dat"], Directory.GetFiles(Path.Combine(wallets.Root, "w")).Select(Path.GetFileName));
        ForeignWrites.Touch(Path.Combine(wallets.Root, "w", "wallet.dat"));
        alice = wallets.Directory.Load("w", null).Wallet;
        Assert.Equal(before, Untrusted(alice.Describe(), before));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task The_order_of_facts_does_not_matter(int seed)
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var scripts = new List<Script>();
        for (var i = 0; i < 6; i++)
        {
            scripts.Add(await alice.NewScript());
        }

        // Payments, each the child of the one before; the last one contradicts the second one.
        var first = chain.Pay((scripts[0], Coins(5)));
        var second = TestChain.Pay(new OutPoint(first.Txid, 0), (scripts[1], Coins(4)));
        var third = TestChain.Pay(new OutPoint(second.Txid, 0), (scripts[2], Coins(3)));
        var rival = TestChain.Pay(new OutPoint(first.Txid, 0), (scripts[3], Coins(2)));
        var other = chain.Pay((scripts[4], Coins(1)));
        var a1 = chain.Mine("a1", "genesis", null, first);
        var a2 = chain.Mine("a2", "a1", null, rival, other);

        var blocks = new Queue<BlockFacts>([chain["genesis"], a1, a2]);
        var news = new List<Func<Task<bool>>>
        {
            () => alice.Mempool(first), () => alice.Mempool(second), () => alice.Mempool(third),
            () => alice.Mempool(other), () => alice.Mempool(first), () => alice.Mempool(third),
            () => alice.Connect(blocks.Dequeue()), () => alice.Connect(blocks.Dequeue()), () => alice.Connect(blocks.Dequeue()),
        };
        var order = news.ToArray();
        new Random(seed).Shuffle(order);
        foreach (var item in order)
        {
            Assert.True(await item());
        }

        // What the node would still have in its mempool after the last block: nothing.
        await alice.SetMempoolAsync([], Ct);
        Assert.Equal(new Balance(Coins(3), Amount.Zero, Amount.Zero), alice.Balance());
        Assert.Equal(2, alice.Snapshot.Coins.Values.Count(coin => coin.IsConfirmed));
    }

    [Fact]
    public async Task A_payment_past_the_given_out_addresses_widens_the_look_ahead_within_the_block()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 2 });
        var (chain, alice) = (new TestChain(), wallets.Create());
        var keychain = alice.Snapshot.Keychains[alice.Snapshot.ActiveExternal].ToppedUp(40, null)!;
        var pays = Enumerable.Range(0, 10).Select(i => chain.Pay((keychain.ScriptAt(i), Coins(1)))).Reverse().ToArray();

        // Only indexes 0 and 1 are watched at first; the block names the highest ones first.
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, pays));
        Assert.Equal(Coins(10), alice.Balance().Trusted);
        Assert.Equal(10, alice.Snapshot.Keychains[alice.Snapshot.ActiveExternal].NextIndex);
        Assert.Equal(10, alice.Snapshot.AddressBook.Entries.Count());
    }

    [Fact]
    public async Task A_wallet_that_no_block_concerns_moves_its_tip_without_writing()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"]);
        var stored = alice.Snapshot.StoredSequence;
        await alice.Connect([.. chain.MineMany("a", "genesis", 50)]);
        Assert.Equal(50, alice.Snapshot.Tip.Height);
        Assert.Equal(stored, alice.Snapshot.StoredSequence);
        await alice.Connect([.. chain.MineMany("b", "a50", 50)]);
        Assert.NotEqual(stored, alice.Snapshot.StoredSequence);

        alice = await wallets.Reload(alice);
        Assert.Equal(chain["b50"].Point, alice.Snapshot.Tip);
    }

    [Fact]
    public async Task Reused_addresses_are_left_out_where_reuse_is_avoided()
    {
        await using var wallets = new TestWallets();
        var chain = new TestChain();
        var alice = wallets.Create(options: new NewWalletOptions { Flags = WalletFlags.Descriptors | WalletFlags.AvoidReuse });
        var script = await alice.NewScript();
        var funding = chain.Pay((script, Coins(5)));
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, funding));
        var sent = TestChain.Pay(new OutPoint(funding.Txid, 0), (TestChain.Stranger, Coins(5)));
        await alice.Connect(chain.Mine("a2", "a1", null, sent, chain.Pay((script, Coins(1)))));

        Assert.Equal(Coins(1), alice.Balance().Trusted);
        Assert.Equal(Amount.Zero, Balances.Of(alice.Snapshot, avoidReuse: true).Trusted);
        Assert.Equal(Coins(1), Balances.Used(alice.Snapshot));
        alice = await wallets.Reload(alice);
        Assert.Equal(Coins(1), Balances.Used(alice.Snapshot));
    }

    // The mempool is not in the file, and with it goes the trust in what waits there.
    private static string Untrusted(string after, string before) =>
        string.Join('\n', after.Split('\n').Select(line =>
            line.StartsWith("balance", StringComparison.Ordinal) ? before.Split('\n')[1] : line));
}
