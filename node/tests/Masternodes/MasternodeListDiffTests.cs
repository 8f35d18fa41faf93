using Dash.Node.Chain;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Masternodes;

/// <summary>What light clients are told about masternodes, checked as they check it: by the roots of a proved coinbase.</summary>
public class MasternodeListDiffTests
{
    private const int Newest = 70240;
    private static readonly BlockHash Genesis = new(Uint256.Zero);

    [Fact]
    public async Task From_the_genesis_block_on_it_is_the_whole_list_with_a_proof()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var registrations = new[] { ProTxSamples.Register(node, 0), ProTxSamples.Register(node, 1) };
        foreach (var registration in registrations)
        {
            await node.Send(registration);
        }

        await node.Mine(3);
        var (diff, fault) = await BetweenAsync(node, Genesis, node.Tip.Hash);

        Assert.Null(fault);
        Assert.NotNull(diff);
        Assert.True(diff.Proof.TryExtract(out var root, out var matches));
        Assert.Equal(node.Tip.Header.MerkleRoot, root);
        Assert.Equal([(diff.Coinbase.Txid, 0)], matches);
        Assert.True(CbTx.TryParse(diff.Coinbase.ExtraPayload.Span, out var payload));
        Assert.Equal(payload.MerkleRootMasternodeList, MerkleTree.Root([.. diff.Changed.Select(static entry => entry.ListHash)], out _));
        Assert.Equal(registrations.Select(static registration => registration.Txid).ToHashSet(), diff.Changed.Select(static entry => entry.ProTxHash).ToHashSet());
        Assert.Empty(diff.Gone);
        Assert.Empty(diff.NewQuorums);
        Assert.Empty(diff.ChainLocks);
    }

    [Fact]
    public async Task Only_what_changed_between_the_blocks_is_in_it()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var first = ProTxSamples.Register(node, 0);
        await node.Send(first);
        await node.Mine(3); // confirmed, so that its entry stays
        var start = node.Tip.Hash;
        var second = ProTxSamples.Register(node, 1);
        await node.Send(second);
        await node.Mine(1);
        var middle = node.Tip.Hash;
        await node.Send(node.Wallet.Spend(TestWallet.Output(first), Amount.FromDash(1)));
        await node.Mine(1);

        var (one, _) = await BetweenAsync(node, start, middle);
        Assert.Equal([second.Txid], one!.Changed.Select(static entry => entry.ProTxHash));
        Assert.Empty(one.Gone);
        var (two, _) = await BetweenAsync(node, start, node.Tip.Hash);
        Assert.Equal([first.Txid], two!.Gone);
        Assert.Equal([second.Txid], two.Changed.Select(static entry => entry.ProTxHash));
        Assert.Equal(middle, one.To);
        var (none, _) = await BetweenAsync(node, Genesis, node.View.At(ProTxSamples.Network.Heights.Dip0003 - 1)!.Hash);
        Assert.Equal(Genesis, none!.To);
        var (same, _) = await BetweenAsync(node, node.Tip.Hash, node.Tip.Hash);
        Assert.Empty(same!.Gone);
        Assert.Empty(same.Changed);
    }

    [Fact]
    public async Task Wrong_questions_have_dashds_reasons()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var unknown = new BlockHash(Hashes.Sha256d([1]));
        var (early, late) = (node.View.At(3)!.Hash, node.View.At(9)!.Hash);
        Assert.Equal((null, $"block {unknown} not found"), await BetweenAsync(node, unknown, late));
        Assert.Equal((null, $"block {unknown} not found"), await BetweenAsync(node, early, unknown));
        Assert.Equal((null, $"base block {late} is higher then block {early}"), await BetweenAsync(node, late, early));
    }

    [Theory] // with every entry what is new in its version
    [InlineData(70221, 0)]
    [InlineData(70225, 2)]
    [InlineData(70227, 2 + 2)]
    [InlineData(70228, 2 + 2 + 2)]
    [InlineData(70229, 2 + 2 + 2)]
    [InlineData(Newest, 2 + 2 + 2 + 1)]
    public async Task Peers_of_old_get_what_they_can_read(int protocol, int more)
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        await node.Send(ProTxSamples.Register(node, 0));
        await node.Mine(1);
        var (diff, _) = await BetweenAsync(node, Genesis, node.Tip.Hash);
        Assert.Equal(SizeFor(70221) + more, SizeFor(protocol));

        int SizeFor(int version)
        {
            ByteWriter writer = new();
            diff!.Write(writer, version);
            return writer.WrittenSpan.Length;
        }
    }

    private static async Task<TestNode> OpenAsync(TempDirectory directory)
    {
        var node = TestNode.Open(directory.Path, network: ProTxSamples.Network);
        await node.Mine(140);
        return node;
    }

    private static Task<(MasternodeListDiff? Diff, string? Fault)> BetweenAsync(TestNode node, BlockHash from, BlockHash to) =>
        node.Validation.PostAsync((chainstate, _) => (new MasternodeListDiffs(chainstate).Between(from, to, out var fault), fault), TestNode.Ct);
}
