using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Indexes;
using Dash.Node.Storage;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Indexes;

public class ChainIndexesTests
{
    private static readonly Amount Fee = new(1000);
    private static readonly IndexSettings All = IndexSettings.None with
    {
        Transactions = true,
        BlockFilters = true,
        CoinStats = true,
        Addresses = new AddressIndexSettings(true, true, true),
    };

    [Fact]
    public async Task Transactions_are_found_wherever_they_are_in_the_chain()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory, indexes: All);
        await node.Mine(101);
        var spend = node.Wallet.Spend(node.Coinbase(1), Fee);
        await node.Send(spend);
        await node.Mine(1);
        var index = node.Indexes.Transactions!;
        await CaughtUp(index);

        Assert.Equal(spend, index.Find(spend.Txid)!.Value.Transaction);
        Assert.Equal(node.Tip.Hash, index.Find(spend.Txid)!.Value.Block);
        Assert.Equal(node.View.At(50), index.FindBlock(node.ReadBlock(50).Transactions[0].Txid));
        Assert.Null(index.Find(default));
        Assert.False(index.Contains(node.ReadBlock(0).Transactions[0].Txid));
    }

    [Fact]
    public async Task Filters_and_their_headers_follow_a_reorganisation_and_keep_those_that_left()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory, indexes: All);
        await node.Mine(5);
        var index = node.Indexes.BlockFilters!;
        await CaughtUp(index);
        var left = node.View.At(4)!;
        var header = index.FindHeader(left);
        await node.Validation.InvalidateAsync(left, TestNode.Ct);
        await node.Mine(3, ScriptTemplates.PayToScriptHash(new Hash160(new byte[20])));
        await CaughtUp(index);

        Assert.Equal(header, index.FindHeader(left));
        Assert.True(index.Find(left)!.Matches(node.Wallet.Script.Memory));
        var previous = Uint256.Zero;
        for (var height = 0; height <= node.View.Height; height++)
        {
            var at = node.View.At(height)!;
            var filter = index.Find(at)!;
            Assert.Equal(height is > 0 and < 4, filter.Matches(node.Wallet.Script.Memory));
            previous = filter.ComputeHeader(previous);
            Assert.Equal(previous, index.FindHeader(at));
            Assert.Equal(filter.Hash, index.FindHash(at));
        }
    }

    [Fact]
    public async Task Sums_of_coins_are_those_that_counting_gives_also_after_a_reorganisation_and_a_restart()
    {
        using var directory = new TempDirectory();
        var time = 0L;
        CoinTotals totals;
        await using (var node = TestNode.Open(directory, indexes: All))
        {
            await node.Mine(102);
            await node.Send(node.Wallet.Spend(node.Coinbase(1), Fee, outputs: 3));
            await node.Mine(1);
            await AssertCounted(node);
            var first = node.View.At(103)!;
            await node.Send(node.Wallet.Spend(node.Coinbase(2), Fee));
            await node.Mine(2);
            await AssertCounted(node);
            await node.Validation.InvalidateAsync(first, TestNode.Ct);
            await node.Mine(4);
            totals = await AssertCounted(node);
            Assert.NotNull(node.Indexes.CoinStats!.Find(first));
            time = node.Clock.MockTime;
        }

        await using (var node = TestNode.Open(directory, time: time, indexes: All))
        {
            Assert.Equal(totals, node.Indexes.CoinStats!.Find(node.Tip));
            await node.Mine(1);
            await AssertCounted(node);
        }
    }

    [Fact]
    public async Task An_index_that_is_kept_later_reads_the_whole_chain()
    {
        using var directory = new TempDirectory();
        var time = 0L;
        await using (var node = TestNode.Open(directory))
        {
            await node.Mine(120);
            time = node.Clock.MockTime;
        }

        await using (var node = TestNode.Open(directory, time: time, indexes: All with { Addresses = IndexSettings.None.Addresses }))
        {
            foreach (var index in node.Indexes.Running)
            {
                await CaughtUp(index);
                Assert.Equal(node.Tip, index.Best);
            }

            await AssertCounted(node);
        }

        var refusal = Assert.Throws<StorageException>(() => TestNode.Open(directory, time: time, indexes: All));
        Assert.Equal("You need to rebuild the database using -reindex to enable -addressindex", refusal.Message);
    }

    [Fact]
    public async Task Addresses_spenders_and_times_follow_the_chain_there_and_back()
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory, indexes: All);
        await node.Mine(102);
        var index = node.Indexes.Addresses;
        var address = IndexedAddress.Of(node.Wallet.Script);
        var before = index.Deltas(address, 0, 0).ToArray();
        var coin = node.Coinbase(1);
        var spend = node.Wallet.Spend(coin, Fee, outputs: 2);
        var chained = node.Wallet.Spend(TestWallet.Output(spend), Fee);
        await node.Send(spend);
        await node.Send(chained);
        await node.Mine(1);

        Assert.Equal(102, before.Length);
        Assert.Equal(6, index.Deltas(address, 103, 103).Count());
        Assert.Equal(
            index.Deltas(address, 0, 0).Sum(delta => delta.Duffs), index.Coins(address).Sum(unspent => unspent.Duffs));
        Assert.Equal(spend.Txid, index.FindSpender(coin.OutPoint)!.Value.Txid);
        Assert.Equal(103, index.FindSpender(coin.OutPoint)!.Value.Height);
        Assert.DoesNotContain(index.Coins(address), unspent => unspent.OutPoint == coin.OutPoint);
        Assert.Equal([node.Tip.Hash], index.BlocksBetween(node.Tip.Header.Time, uint.MaxValue));

        var tip = node.Tip;
        await node.Validation.InvalidateAsync(tip, TestNode.Ct);

        Assert.Equal(before, index.Deltas(address, 0, 0));
        Assert.Equal(102, index.Coins(address).Count());
        Assert.Null(index.FindSpender(coin.OutPoint));
        Assert.Empty(index.BlocksBetween(tip.Header.Time, uint.MaxValue));
        Assert.Equal(101, index.BlocksBetween(node.View.At(1)!.Header.Time, tip.Header.Time - 151).Count());
    }

    [Fact]
    public void Of_scripts_those_that_pay_a_key_or_a_hash_have_an_address()
    {
        var key = new byte[33];
        key[0] = 2;
        Assert.Equal(new IndexedAddress(AddressType.PubKeyHash, Hashes.Hash160(key)), IndexedAddress.Of(ScriptTemplates.PayToPubKey(key)));
        Assert.Equal(AddressType.ScriptHash, IndexedAddress.Of(ScriptTemplates.PayToScriptHash(new Hash160(new byte[20]))).Type);
        Assert.Equal(default, IndexedAddress.Of(ScriptTemplates.NullData([1])));
    }

    // One that has only just begun says so at once and does not wait.
    private static async Task CaughtUp(ChainIndex index)
    {
        while (!await index.CaughtUpAsync(TestNode.Ct))
        {
            await Task.Yield();
        }
    }

    private static async Task<CoinTotals> AssertCounted(TestNode node)
    {
        var index = node.Indexes.CoinStats!;
        await CaughtUp(index);
        var counted = await node.Validation.PostAsync((chain, ct) => chain.CountCoins(CoinHash.MuHash, ct), TestNode.Ct);
        var totals = index.Find(node.Tip)!;
        Assert.Equal(counted.SerializedHash, totals.MuHash);
        Assert.Equal(counted.Outputs, totals.Outputs);
        Assert.Equal(counted.BogoSize, totals.BogoSize);
        Assert.Equal(counted.TotalAmount, totals.Amount);
        Assert.Equal(totals.Subsidy, totals.Amount + totals.Unspendable);
        return totals;
    }
}
