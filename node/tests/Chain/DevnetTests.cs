using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Node.Tests.Chain;

public class DevnetTests
{
    // Without them the second block pays more than it may, and no devnet gets further than its first block.
    private static readonly ChainParams Network = ChainParams.Devnet("tests") with { HighSubsidyBlocks = 10, HighSubsidyFactor = 2 };

    [Fact]
    public async Task A_devnet_begins_with_two_blocks_and_grows_from_there()
    {
        using var directory = new TempDirectory();
        await using (var node = TestNode.Open(directory.Path, network: Network))
        {
            Assert.Equal(1, node.View.Height);
            Assert.Equal(Network.DevnetGenesis!.Hash, node.View.Tip.Hash);
            Assert.Equal(Network.DevnetGenesis.ToBytes(), node.ReadBlock(1).ToBytes());
            await node.Mine(3);
            Assert.Equal(4, node.View.Height);
        }

        await using var again = TestNode.Open(directory.Path, network: Network);
        Assert.Equal(4, again.View.Height);
    }

    [Fact]
    public async Task A_devnet_of_another_name_does_not_open_the_directory()
    {
        using var directory = new TempDirectory();
        await using (TestNode.Open(directory.Path, network: Network))
        {
            // Writes its second block.
        }

        var error = Assert.Throws<StorageException>(
            () => TestNode.Open(directory.Path, network: ChainParams.Devnet("other") with { HighSubsidyBlocks = 10 }));
        Assert.Equal("Incorrect or no devnet genesis block found. Wrong datadir for devnet specified?", error.Message);
    }

    [Fact]
    public async Task The_index_of_a_devnet_is_built_anew()
    {
        using var directory = new TempDirectory();
        await using (var node = TestNode.Open(directory.Path, network: Network))
        {
            await node.Mine(2);
        }

        await using var again = TestNode.Open(
            new ChainstateOptions(directory.Path) { Reindex = true, ConnectAtOpen = false }, network: Network);
        await new BlockImporter(again.Chainstate, again.Validation, again.Clock, NullLoggerFactory.Instance)
            .RunAsync([], TestNode.Ct);
        Assert.Equal(3, again.View.Height);
    }

    [Fact]
    public void Another_second_block_is_refused()
    {
        var second = Network.DevnetGenesis!.Header;
        var other = ChainParams.Devnet("other").DevnetGenesis!.Header;

        Assert.False(HeaderRules.Check(second, second.Hash, Network).IsInvalid);
        Assert.Equal("devnet-genesis", HeaderRules.Check(other, other.Hash, Network).RejectReason);
        Assert.Equal("devnet-genesis", HeaderRules.Check(other, other.Hash, Network, checkProofOfWork: false).RejectReason);
    }

    [Theory]
    [InlineData(0, 1, 5)]
    [InlineData(0, 7, 5)]
    [InlineData(10, 1, 500)]
    [InlineData(10, 7, 3500)]
    public void The_second_block_may_pay_what_the_options_say(int blocks, int factor, int dash)
    {
        var network = Network with { HighSubsidyBlocks = blocks, HighSubsidyFactor = factor };
        var genesis = network.Genesis.Header;

        Assert.Equal(
            dash * Amount.DuffsPerDash, Subsidy.ForBlock(new BlockNode(genesis.Hash, genesis, null), network).Duffs);
    }
}
