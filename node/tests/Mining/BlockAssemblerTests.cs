using Dash.Node.Mining;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Mining;

public class BlockAssemblerTests
{
    [Fact]
    public async Task A_child_pays_for_its_parent_and_both_come_before_poorer_ones()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(103);
        var poor = node.Wallet.Spend(node.Coinbase(1), new Amount(400));
        var middling = node.Wallet.Spend(node.Coinbase(2), new Amount(2_000));
        var rich = node.Wallet.Spend(TestWallet.Output(poor), new Amount(100_000));
        foreach (var transaction in (Transaction[])[poor, middling, rich])
        {
            Assert.True((await node.Send(transaction)).IsAccepted);
        }

        var template = await Create(node);

        Assert.Equal([poor, rich, middling], template.Block.Transactions.Skip(1));
        Assert.Equal([-102_400L, 400, 100_000, 2_000], template.Fees.Select(fee => fee.Duffs));
        Assert.Equal(500_00000000 + 102_400, template.Block.Transactions[0].OutputValue.Duffs);
    }

    [Fact]
    public async Task A_full_block_leaves_the_poorest_for_the_next()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory, mining: new MiningOptions { MaxBlockSize = 2_000 });
        await node.Mine(110);
        for (var height = 1; height <= 8; height++)
        {
            await node.Send(node.Wallet.Spend(node.Coinbase(height), new Amount(1_000 * height)));
        }

        var template = await Create(node);

        Assert.True(template.Block.Size < 2_000);
        Assert.Equal([8_000L, 7_000, 6_000, 5_000, 4_000], template.Fees.Skip(1).Select(fee => fee.Duffs));
    }

    [Fact]
    public async Task A_block_of_given_transactions_is_checked_before_it_is_mined()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(101);
        var spend = node.Wallet.Spend(node.Coinbase(1), new Amount(1_000));

        var (hash, _) = await node.Generator.GenerateAsync(node.Wallet.Script, [spend], TestNode.Ct);
        Assert.Equal(hash, node.Tip.Hash);
        Assert.Equal([spend], node.ReadBlock(102).Transactions.Skip(1));

        var (none, state) = await node.Generator.GenerateAsync(node.Wallet.Script, [spend], TestNode.Ct);
        Assert.Null(none);
        Assert.Equal("bad-txns-BIP30", state.RejectReason);
    }

    [Fact]
    public async Task Generating_stops_when_the_tries_run_out()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);

        Assert.Empty(await node.Generator.GenerateAsync(1, node.Wallet.Script, 0, TestNode.Ct));
        Assert.Equal(0, node.View.Height);
    }

    private static Task<BlockTemplate> Create(TestNode node) =>
        node.Validation.PostAsync((_, _) => node.Assembler.Create(node.Wallet.Script), TestNode.Ct);
}
