using System.Globalization;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Consensus;

public class DifficultyTests
{
    // Heights in the tree below start at zero, so the wave has to as well.
    private static ChainParams FromTheFirstBlock(ChainParams network) => network with { KgwHeight = 0, DgwHeight = 0 };

    [Fact]
    public void The_wave_gives_the_targets_of_five_thousand_mainnet_blocks() =>
        CheckHeaders("mainnet-headers-1886799.bin", FromTheFirstBlock(ChainParams.Main));

    [Fact]
    public void The_wave_and_the_rules_for_slow_blocks_give_the_targets_of_five_thousand_testnet_blocks() =>
        CheckHeaders("testnet-headers-942249.bin", FromTheFirstBlock(ChainParams.Test));

    [Fact]
    public void Regtest_blocks_all_have_the_easiest_target()
    {
        var genesis = ChainParams.Regtest.Genesis.Header;
        var node = new BlockNode(genesis.Hash, genesis, null);

        Assert.Equal(0x207fffffu, Difficulty.NextBits(node, genesis.Time + 150, ChainParams.Regtest));
        Assert.Equal("4.656542373906925E-10", Difficulty.Of(0x207fffff).ToString("G16", CultureInfo.InvariantCulture));
    }

    private static void CheckHeaders(string file, ChainParams network)
    {
        var bytes = File.ReadAllBytes(SharedVectors.Require(file));
        BlockNode? previous = null;
        var count = bytes.Length / BlockHeader.Size;
        for (var i = 0; i < count; i++)
        {
            var header = BlockHeader.Parse(bytes.AsSpan(i * BlockHeader.Size, BlockHeader.Size));
            if (previous is { Height: >= 24 })
            {
                Assert.Equal(header.Bits, Difficulty.NextBits(previous, header.Time, network));
            }

            // The next header says what this one's hash is: no need to compute it.
            var hash = i + 1 < count
                ? new BlockHash(bytes.AsSpan(((i + 1) * BlockHeader.Size) + 4, 32))
                : header.Hash;
            previous = new BlockNode(hash, header, previous);
        }
    }
}
