using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Chain;

public class ChainTests
{
    private static readonly Amount Fee = new(1000);

    [Fact]
    public async Task Blocks_are_mined_and_announced_in_order()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        var reader = node.Chainstate.Events.Subscribe();

        var hashes = await node.Mine(110);

        Assert.Equal(110, node.View.Height);
        Assert.Equal(hashes, Enumerable.Range(1, 110).Select(height => node.View.At(height)!.Hash));
        Assert.Equal(110ul, node.Chainstate.Events.Position.Sequence);
        for (var i = 0; i < 110; i++)
        {
            Assert.True(reader.TryRead(out var item));
            var connected = Assert.IsType<ChainEvent.BlockConnected>(item.Event);
            Assert.Equal(hashes[i], connected.Node.Hash);
            Assert.Equal((ulong)i + 1, item.Sequence);
        }
    }

    [Fact]
    public async Task A_matured_coinbase_is_spent_once()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var coin = node.Coinbase(1);
        var spend = node.Wallet.Spend(coin, Fee);

        Assert.True((await node.Send(spend)).IsAccepted);
        await node.Mine(1);

        Assert.Contains(spend, node.ReadBlock(102).Transactions);
        Assert.Equal(500_00000000 + Fee.Duffs, node.ReadBlock(102).Transactions[0].OutputValue.Duffs);
        Assert.Null(await node.FindCoin(coin.OutPoint));
        Assert.NotNull(await node.FindCoin(TestWallet.Output(spend).OutPoint));

        var again = node.Wallet.Spend(coin, new Amount(2000));
        Assert.Equal("bad-txns-inputs-missingorspent", (await node.Send(again)).State.RejectReason);
        var verdict = await node.Submit(await node.Build([again]));
        Assert.Equal("bad-txns-inputs-missingorspent", verdict.State!.Value.RejectReason);
        Assert.Equal(102, node.View.Height);
    }

    [Fact]
    public async Task An_immature_coinbase_is_not_spent()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(100);

        // Block 101 may spend the coinbase of block 1, not of block 2.
        var early = node.Wallet.Spend(node.Coinbase(2), Fee);

        Assert.Equal("bad-txns-premature-spend-of-coinbase", (await node.Send(early)).State.RejectReason);
        var verdict = await node.Submit(await node.Build([early]));
        Assert.Equal("bad-txns-premature-spend-of-coinbase", verdict.State!.Value.RejectReason);
        Assert.True((await node.Send(node.Wallet.Spend(node.Coinbase(1), Fee))).IsAccepted);
    }

    [Fact]
    public async Task Invalidating_and_reconsidering_a_block_goes_there_and_back()
    {
        // 1 - ... - 103 - 104 - 105        (invalidated from 103 on, then reconsidered)
        //               \ 103b - 104b      (mined in between)
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(102);
        var spend = node.Wallet.Spend(node.Coinbase(1), Fee);
        await node.Send(spend);
        await node.Mine(3);
        var oldTip = node.Tip;
        var coins = await node.CountCoins();
        var first = node.View.At(103)!;
        var reader = node.Chainstate.Events.Subscribe();

        await node.Validation.InvalidateAsync(first, TestNode.Ct);

        Assert.Equal(102, node.View.Height);
        Assert.True(node.Mempool.View.Graph.Contains(spend.Txid));
        Assert.True(first.IsFailed && oldTip.IsFailed);
        Assert.Equal(
            [105, 104, 103],
            Read(reader).OfType<ChainEvent.BlockDisconnected>().Select(gone => gone.Node.Height));

        await node.Mine(2);
        Assert.Contains(spend, node.ReadBlock(103).Transactions);

        await node.Validation.ReconsiderAsync(first, TestNode.Ct);

        Assert.Equal(oldTip, node.Tip);
        Assert.False(node.Mempool.View.Graph.Contains(spend.Txid));
        var now = await node.CountCoins();
        Assert.Equal(coins.SerializedHash, now.SerializedHash);
        Assert.Equal(coins.TotalAmount, now.TotalAmount);
    }

    [Fact]
    public async Task What_stands_on_an_invalidated_block_is_marked_when_it_is_tried()
    {
        // 1 - ... - 102 - 103 - 104 - 105                   (a)
        //               \ 103b - 104b - 105b - 106b         (b, invalidated from 103b on: a is the chain again)
        //                     \ 104c                        (c, which a outweighs)
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(105);
        var tip = node.Tip;
        await node.Validation.InvalidateAsync(node.View.At(103)!, TestNode.Ct);
        await node.Mine(4);
        var (root, left) = (node.View.At(103)!, node.Tip);
        await node.Validation.InvalidateAsync(node.View.At(104)!, TestNode.Ct);
        await node.Mine(1);
        var side = node.Tip;
        await node.Validation.ReconsiderAsync(left, TestNode.Ct);
        await node.Validation.ReconsiderAsync(tip, TestNode.Ct);
        Assert.Equal(left, node.Tip);

        await node.Validation.InvalidateAsync(root, TestNode.Ct);

        Assert.Equal(tip, node.Tip);
        Assert.True(root.IsFailed && left.IsFailed && left.Previous!.IsFailed);
        Assert.Equal(root, side.Previous);
        Assert.False(side.IsFailed);

        await node.Validation.InvalidateAsync(tip.Previous!, TestNode.Ct); // now c would be the best

        Assert.Equal(103, node.Tip.Height);
        Assert.True(side.IsFailed);
    }

    [Fact]
    public async Task The_longer_branch_wins_when_it_arrives()
    {
        using var directoryA = new TempDirectory();
        using var directoryB = new TempDirectory();
        await using var a = TestNode.Open(directoryA);
        await using var b = TestNode.Open(directoryB, time: 1_700_000_007);
        await a.Mine(3);
        await b.Mine(5);

        for (var height = 1; height <= 5; height++)
        {
            a.Clock.SetMockTime(b.Clock.MockTime);
            var verdict = await a.Submit(b.ReadBlock(height));
            Assert.False(verdict.IsRefused);
            Assert.True(verdict.IsNew);
            Assert.Equal(height < 4 ? 3 : height, a.View.Height);
        }

        Assert.Equal(b.Tip.Hash, a.Tip.Hash);
        Assert.Equal((await b.CountCoins()).SerializedHash, (await a.CountCoins()).SerializedHash);
        Assert.False((await a.Submit(b.ReadBlock(5))).IsNew);
        Assert.Equal(2, (await a.Validation.PostAsync((chain, _) => chain.Tips(), TestNode.Ct)).Count);
    }

    [Fact]
    public async Task A_block_that_breaks_a_rule_on_a_longer_branch_leaves_the_tip_where_it_was()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(2);
        var tip = node.Tip;
        var greedy = await node.Build(coinbase: static coinbase => coinbase with
        {
            Outputs = [coinbase.Outputs[0] with { Value = coinbase.Outputs[0].Value + new Amount(1) }],
        });

        var verdict = await node.Submit(greedy);

        Assert.Equal("bad-cb-amount", verdict.State!.Value.RejectReason);
        Assert.Equal(tip, node.Tip);
        Assert.Equal("duplicate", (await node.Submit(greedy)).State!.Value.RejectReason);
        await node.Mine(1);
        Assert.Equal(3, node.View.Height);
    }

    [Fact]
    public async Task A_stopped_node_goes_on_where_it_was()
    {
        using var directory = new TempDirectory();
        Dash.Primitives.Hashing.Uint256 hash;
        BlockNode tip;
        await using (var node = TestNode.Open(directory))
        {
            await node.Mine(105);
            tip = node.Tip;
            hash = (await node.CountCoins()).SerializedHash;
        }

        await using var again = TestNode.Open(directory, time: 1_700_100_000);
        Assert.Equal(tip.Hash, again.Tip.Hash);
        Assert.Equal(tip.ChainTransactionCount, again.Tip.ChainTransactionCount);
        Assert.Equal(hash, (await again.CountCoins()).SerializedHash);
        await again.Mine(1);
        Assert.Equal(106, again.View.Height);
    }

    [Fact]
    public async Task A_killed_node_loses_no_acknowledged_block()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        await node.Validation.FlushAsync(TestNode.Ct);
        await node.Send(node.Wallet.Spend(node.Coinbase(1), Fee));
        await node.Mine(4);

        // Coins are not written since block 101, blocks are.
        using var left = directory.CopyAsIs();
        await using var again = TestNode.Open(left, time: 1_700_100_000);

        Assert.Equal(node.Tip.Hash, again.Tip.Hash);
        Assert.Equal((await node.CountCoins()).SerializedHash, (await again.CountCoins()).SerializedHash);
    }

    [Fact]
    public async Task A_node_killed_after_a_reorganisation_finds_the_right_branch()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(105);
        await node.Validation.FlushAsync(TestNode.Ct);
        await node.Validation.InvalidateAsync(node.View.At(103)!, TestNode.Ct);
        await node.Mine(1);

        using var left = directory.CopyAsIs();
        await using var again = TestNode.Open(left, time: 1_700_100_000);

        Assert.Equal(node.Tip.Hash, again.Tip.Hash);
        Assert.Equal((await node.CountCoins()).SerializedHash, (await again.CountCoins()).SerializedHash);
    }

    [Fact]
    public async Task A_locator_finds_the_fork()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(30);
        var old = node.View;
        await node.Validation.InvalidateAsync(node.View.At(21)!, TestNode.Ct);
        await node.Mine(3);

        Assert.Equal(20, node.View.FindFork(old.Locator(), node.Chainstate.Index.Find)!.Height);
        Assert.Equal(23, node.View.FindFork(node.View.Locator(), node.Chainstate.Index.Find)!.Height);
        Assert.Equal(20, node.View.FindFork(old.Tip).Height);
        Assert.Null(node.View.FindFork(Dash.Primitives.Blocks.BlockLocator.Empty, node.Chainstate.Index.Find));
    }

    [Fact]
    public async Task Relative_lock_times_hold_in_blocks_and_mempool()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var parent = node.Wallet.Spend(node.Coinbase(1), Fee);
        await node.Send(parent);
        await node.Mine(1);

        // Five blocks after its coin's block.
        var child = node.Wallet.Spend(TestWallet.Output(parent), Fee, sequence: 5);

        await node.Mine(3);
        Assert.Equal("non-BIP68-final", (await node.Send(child)).State.RejectReason);
        Assert.Equal("bad-txns-nonfinal", (await node.Submit(await node.Build([child]))).State!.Value.RejectReason);
        await node.Mine(1);
        Assert.True((await node.Send(child)).IsAccepted);
    }

    private static List<ChainEvent> Read(Dash.Common.Concurrency.EventStream<ChainEvent>.Reader reader)
    {
        var events = new List<ChainEvent>();
        while (reader.TryRead(out var item))
        {
            events.Add(item.Event!);
        }

        return events;
    }
}
