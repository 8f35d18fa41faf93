using System.Globalization;
using System.Numerics;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

public sealed class ProofOfWorkTests
{
    [Theory]
    [InlineData("main", "mainnet-headers-1886799.bin", 1886799)]
    [InlineData("test", "testnet-headers-942249.bin", 942249)]
    public void Recomputed_targets_are_those_of_real_headers(string name, string file, int height)
    {
        var network = ChainParams.ByName(name)!;
        var bytes = SharedVectors.Read(file);
        HeaderLink? previous = null;
        var count = bytes.Length / BlockHeader.Size;
        for (var i = 0; i < count; i++)
        {
            var header = BlockHeader.Parse(bytes.AsSpan(i * BlockHeader.Size, BlockHeader.Size));
            if (i >= 24)
            {
                Assert.Equal(header.Bits, ProofOfWork.NextBits(previous!, header.Time, network));
            }

            previous = previous?.Next(header) ?? HeaderLink.First(header, height);
        }

        Assert.True(count >= 5000);
    }

    [Fact]
    public void Every_single_mainnet_header_has_its_proof_of_work()
    {
        var lines = System.Text.Encoding.ASCII.GetString(SharedVectors.Read("mainnet-checkpoint-headers.tsv"))
            .Split('\n', StringSplitOptions.RemoveEmptyEntries)[1..];
        var known = ChainParams.Main.Checkpoints.ToDictionary(each => each.Height, each => each.Hash);
        foreach (var line in lines)
        {
            var parts = line.Split('\t');
            var height = int.Parse(parts[0], CultureInfo.InvariantCulture);
            var header = BlockHeader.Parse(Convert.FromHexString(parts[1].Trim()));
            Assert.Equal(parts[1].Trim(), Convert.ToHexStringLower(header.ToBytes()));
            Assert.True(ProofOfWork.IsMet(header, ChainParams.Main), $"height {height}");
            Assert.False(ProofOfWork.IsMet(header with { Bits = 0x03000001 }, ChainParams.Main));
            if (known.TryGetValue(height, out var hash))
            {
                Assert.Equal(hash, header.Hash);
            }
        }

        Assert.Equal(3997, lines.Length);
    }

    [Fact]
    public void Real_headers_have_their_proof_of_work()
    {
        var main = SharedVectors.Read("mainnet-headers-1886799.bin");
        for (var at = 0; at < main.Length; at += BlockHeader.Size)
        {
            Assert.True(ProofOfWork.IsMet(BlockHeader.Parse(main.AsSpan(at, BlockHeader.Size)), ChainParams.Main));
        }
    }

    [Fact]
    public void The_first_testnet_headers_follow_the_first_rule()
    {
        // Fewer than an interval; two more, marked so, fork off.
        var text = System.Text.Encoding.ASCII.GetString(SharedVectors.Read("blockheader_testnet3.hex"));
        var node = HeaderLink.First(ChainParams.Test.Genesis.Header);
        var followed = 0;
        foreach (var line in text.Split('\n', StringSplitOptions.RemoveEmptyEntries))
        {
            if (line.Contains(':', StringComparison.Ordinal))
            {
                continue;
            }

            var header = BlockHeader.Parse(Convert.FromHexString(line.Trim()));
            Assert.Equal(node.Header.Hash, header.Previous);
            Assert.Equal(header.Bits, ProofOfWork.NextBits(node, header.Time, ChainParams.Test));
            node = node.Next(header);
            followed++;
        }

        Assert.Equal(255, followed);
    }

    [Fact]
    public void The_oldest_rule_moves_by_at_most_four()
    {
        var network = ChainParams.Main;
        var start = HeaderLink.First(new BlockHeader(1, default, default, 1_390_100_000, 0x1c0ffff0, 0));
        var fast = start;
        var slow = start;
        var even = start;
        for (var i = 1; i < 576; i++)
        {
            Assert.Equal(0x1c0ffff0u, ProofOfWork.NextBits(fast, fast.Header.Time, network));
            fast = fast.Mine(0x1c0ffff0, 1);
            slow = slow.Mine(0x1c0ffff0, 10_000);
            even = even.Mine(0x1c0ffff0, 150);
        }

        Assert.Equal(Times(0x1c0ffff0, 1, 4), ProofOfWork.NextBits(fast, fast.Header.Time, network));
        Assert.Equal(Times(0x1c0ffff0, 4, 1), ProofOfWork.NextBits(slow, slow.Header.Time, network));
        Assert.Equal(Times(0x1c0ffff0, 575, 576), ProofOfWork.NextBits(even, even.Header.Time, network));
    }

    [Fact]
    public void The_well_keeps_an_even_pace_and_follows_an_uneven_one()
    {
        var network = ChainParams.Main;
        var even = Target(0x1b0ffff0);

        // Measured over one gap less than blocks, of which it takes hundreds while the pace is even.
        Assert.InRange(Target(After(150, 300)), even * 99 / 100, even - 1);

        // Faster than planned by more than the horizon after 14 blocks: harder by the ratio of times.
        Assert.Equal(Times(0x1b0ffff0, 13 * 15, 14 * 150), After(15, 300));
        Assert.True(Target(After(1500, 300)) > even);
        Assert.Equal(network.PowLimitBits, After(150, 13));

        uint After(uint seconds, int blocks)
        {
            var well = network with { KgwHeight = 0, DgwHeight = int.MaxValue };
            var node = HeaderLink.First(new BlockHeader(2, default, default, 1_392_000_000, 0x1b0ffff0, 0));
            for (var i = 0; i < blocks; i++)
            {
                node = node.Mine(0x1b0ffff0, seconds);
            }

            return ProofOfWork.NextBits(node, node.Header.Time + 150, well);
        }
    }

    [Theory]
    [InlineData(600, 0x1d00ffffu)]
    [InlineData(601, 0x1d09fff6u)]
    [InlineData(7200, 0x1d09fff6u)]
    [InlineData(7201, 0x1e0fffffu)]
    public void Testnet_lets_slow_blocks_be_easier(uint seconds, uint expected)
    {
        var node = HeaderLink.First(new BlockHeader(2, default, default, 1_600_000_000, 0x1d00ffff, 0), 5000);
        for (var i = 0; i < 30; i++)
        {
            // The last gap is twice as long: 23 gaps in the time of 24, for which the wave keeps the target.
            node = node.Mine(0x1d00ffff, i == 29 ? 300u : 150u);
        }

        var bits = ProofOfWork.NextBits(node, node.Header.Time + seconds, ChainParams.Test);

        Assert.Equal(expected, bits);
    }

    [Fact]
    public void Devnets_count_near_the_limit_as_everybody_does()
    {
        // 24 blocks of the easiest target: twice it is 2^256 less two, so nothing is lost; three times it is.
        var network = ChainParams.Devnet("pace");
        var node = HeaderLink.First(network.Genesis.Header, 5000);
        for (var i = 0; i < 30; i++)
        {
            node = node.Mine(network.PowLimitBits, 150);
        }

        var bits = ProofOfWork.NextBits(node, node.Header.Time + 150, network);

        Assert.Equal(Wave(), bits);
        Assert.NotEqual(network.PowLimitBits, bits);
        Assert.Equal(
            network.PowLimitBits,
            ProofOfWork.NextBits(node, node.Header.Time + 150, network with { MinimumDifficultyBlocks = 6000 }));

        uint Wave()
        {
            var mask = (BigInteger.One << 256) - 1;
            var target = Target(network.PowLimitBits);
            var average = target;
            for (var count = 2; count <= 24; count++)
            {
                average = ((((average * count) & mask) + target) & mask) / (count + 1);
            }

            return CompactTarget.Encode(BigInteger.Min(((average * (23 * 150)) & mask) / (24 * 150), network.PowLimit));
        }
    }

    [Fact]
    public void Regtest_blocks_all_have_the_easiest_target()
    {
        var node = HeaderLink.First(ChainParams.Regtest.Genesis.Header);

        Assert.Equal(0x207fffffu, ProofOfWork.NextBits(node, node.Header.Time + 150, ChainParams.Regtest));
        Assert.Equal(
            "4.656542373906925E-10", ProofOfWork.Difficulty(0x207fffff).ToString("G16", CultureInfo.InvariantCulture));
    }

    private static BigInteger Target(uint bits) =>
        CompactTarget.TryDecode(bits, out var target) ? target : throw new ArgumentOutOfRangeException(nameof(bits));

    private static uint Times(uint bits, int numerator, int denominator) =>
        CompactTarget.Encode(Target(bits) * numerator / denominator);
}
