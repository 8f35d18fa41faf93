using Dash.Node.Chain;
using Dash.Node.Quorums;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Masternodes;

/// <summary>What light clients are told about rotated quorums.</summary>
public class QuorumRotationTests
{
    private const int Newest = 70240;
    private const int CycleLength = 24;
    private const int WorkDepth = 8;

    private static ChainParams Network { get; } = ProTxSamples.Network with
    {
        Heights = ProTxSamples.Network.Heights with { Dip0024 = 120 },
    };

    // A bit each, the lowest first; places that were passed over as they are kept.
    [Theory]
    [InlineData(new bool[0], new int[0], "00000000" + "00" + "00")]
    [InlineData(new[] { true, true, false, true, true, false, false, false, true }, new int[0], "00000000" + "091b01" + "00")]
    [InlineData(new[] { true, true, false, true, true }, new[] { 2, 2 }, "01000000" + "051b" + "020200000002000000")]
    public void How_a_quarter_was_drawn_is_told_in_bits(bool[] used, int[] skipped, string message)
    {
        ByteWriter writer = new(1);
        new QuorumSnapshot(used, skipped).WriteMessage(writer);
        Assert.Equal(message, Hex.Encode(writer.WrittenSpan));
    }

    [Fact]
    public async Task The_cycles_before_a_block_are_told_each_from_what_is_known_by_then()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var genesis = node.View.At(0)!.Hash;
        var cycle = node.Tip.Height - (node.Tip.Height % CycleLength);
        BlockHash[] works = [.. Enumerable.Range(0, 5).Select(back => WorkOf(node, cycle - (back * CycleLength)))];

        // Each begins where the one below it ends.
        var (rotation, fault) = await AskAsync(node, isChained: true, [], node.Tip.Hash, withFourth: true);
        Assert.Null(fault);
        Assert.NotNull(rotation);
        Assert.Equal(works[1..], rotation.Earlier.Select(static one => one.Diff.To));
        Assert.Equal([works[2], works[3], works[4], genesis], rotation.Earlier.Select(static one => one.Diff.From));
        Assert.Equal((works[1], works[0]), (rotation.Cycle.From, rotation.Cycle.To));
        Assert.Equal((works[0], node.Tip.Hash), (rotation.Tip.From, rotation.Tip.To));
        Assert.Equal(2, rotation.Earlier[^1].Diff.Changed.Count);
        Assert.Empty(rotation.Cycle.Changed);
        Assert.All(rotation.Earlier, static one => Assert.Equal(2, one.Snapshot.IsUsed.Count));
        Assert.Empty(rotation.Commitments);
        Assert.Empty(rotation.Further);

        // Older peers: each from the newest block they named.
        var (old, _) = await AskAsync(node, isChained: false, [works[3], works[2]], node.Tip.Hash, withFourth: false);
        Assert.Equal(3, old!.Earlier.Count);
        Assert.Equal([works[2], works[2], works[3]], old.Earlier.Select(static one => one.Diff.From));
        Assert.Equal(works[2], old.Tip.From);
        Assert.Equal(works[2], old.Cycle.From);

        // A byte says whether there is a fourth cycle, which then follows.
        Assert.True(SizeOf(rotation, Newest) > SizeOf(rotation with { Earlier = [.. rotation.Earlier.Take(3)] }, Newest));
        Assert.True(SizeOf(rotation, 70221) < SizeOf(rotation, Newest));
    }

    [Fact]
    public async Task Wrong_questions_have_dashds_reasons()
    {
        using var directory = new TempDirectory();
        await using var node = await OpenAsync(directory);
        var unknown = new BlockHash(Hashes.Sha256d([1]));
        var tip = node.Tip.Hash;
        Assert.Equal($"block {unknown} not found", await FaultAsync(true, [unknown], tip));
        Assert.Equal("block not found", await FaultAsync(true, [], unknown));
        Assert.Equal("Cannot find work block", await FaultAsync(true, [], node.View.At(3)!.Hash));
        Assert.Equal("Cannot find quorum snapshot", await FaultAsync(true, [], node.View.At(100)!.Hash));

        async Task<string?> FaultAsync(bool isChained, BlockHash[] known, BlockHash wanted)
        {
            var (rotation, fault) = await AskAsync(node, isChained, known, wanted, withFourth: true);
            Assert.Null(rotation);
            return fault;
        }
    }

    private static int SizeOf(QuorumRotation rotation, int protocol)
    {
        ByteWriter writer = new();
        rotation.Write(writer, protocol);
        return writer.Length;
    }

    private static BlockHash WorkOf(TestNode node, int cycle) => node.View.At(cycle - WorkDepth)!.Hash;

    private static async Task<TestNode> OpenAsync(TempDirectory directory)
    {
        var node = TestNode.Open(directory.Path, network: Network);
        await node.Mine(120);
        await node.Send(ProTxSamples.Register(node, 0));
        await node.Send(ProTxSamples.Register(node, 1));
        await node.Mine(8 * CycleLength);
        return node;
    }

    private static Task<(QuorumRotation? Rotation, string? Fault)> AskAsync(
        TestNode node, bool isChained, BlockHash[] known, BlockHash wanted, bool withFourth) =>
        node.Validation.PostAsync(
            (chainstate, _) => (new QuorumRotations(chainstate, isChained).For(known, wanted, withFourth, out var fault), fault), TestNode.Ct);
}
