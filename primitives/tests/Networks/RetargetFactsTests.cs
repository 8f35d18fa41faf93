using System.Numerics;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

/// <summary>Targets of real blocks, written down here so that they hold without any file.</summary>
public sealed class RetargetFactsTests
{
    private const int Day = 24 * 60 * 60;

    // Time and target of mainnet's blocks 576, 1152, …, 14976: each has the first target of its interval.
    private static readonly (uint Time, uint Bits)[] Early =
    [
        (1390104650, 0x1e03fffc),
        (1390107278, 0x1e00ffff),
        (1390110693, 0x1d3fffc0),
        (1390114958, 0x1d0ffff0),
        (1390121148, 0x1d03fffc),
        (1390133232, 0x1d00ffff),
        (1390158352, 0x1c4a47c4),
        (1390235598, 0x1c426980),
        (1390290385, 0x1c29ec00),
        (1390784924, 0x1d00a7b0),
        (1390907599, 0x1d00ee54),
        (1390958024, 0x1d008b3c),
        (1391077836, 0x1d00c122),
        (1391114011, 0x1c50c4f1),
        (1391246442, 0x1c7bb818),
        (1391322075, 0x1c6c7c77),
        (1391374554, 0x1c41cc20),
        (1391436445, 0x1c2f09cb),
        (1391509410, 0x1c27bb69),
        (1391589617, 0x1c24f077),
        (1391642920, 0x1c16c5bc),
        (1391699973, 0x1c0f0290),
        (1391783476, 0x1c0e8208),
        (1391865623, 0x1c0dd308),
        (1391905210, 0x1c064e65),
        (1391941888, 0x1c02b074),
    ];

    // Time and target of mainnet's blocks from 1886799 on.
    private static readonly (uint Time, uint Bits)[] Wave =
    [
        (1686661478, 0x192cde40), (1686661504, 0x192c0482), (1686661677, 0x192868e7), (1686661704, 0x192aa50f),
        (1686661842, 0x1929414f), (1686662081, 0x192aca61), (1686662412, 0x192a3e5d), (1686662515, 0x192e300d),
        (1686662548, 0x192f43f7), (1686662586, 0x192ec81b), (1686662585, 0x192b8fc2), (1686662643, 0x192b7b9a),
        (1686662884, 0x19227c6b), (1686662928, 0x192282d5), (1686663552, 0x1921db06), (1686663585, 0x1925e0d4),
        (1686664358, 0x1926057a), (1686664508, 0x19266d2b), (1686664521, 0x19270310), (1686664758, 0x1926dad3),
        (1686665016, 0x19297ed6), (1686665020, 0x192bae2f), (1686665945, 0x19299522), (1686665966, 0x193365f5),
        (1686665984, 0x19345d8d), (1686666119, 0x1934b185),
    ];

    /// <summary>
    /// A target is the one before times the seconds an interval took by those it should take. The last block of an interval
    /// stands just before the next one's first: from both targets follows when it was found, to the second.
    /// </summary>
    [Fact]
    public void All_early_targets_of_mainnet_follow_from_the_interval_before()
    {
        var network = ChainParams.Main;
        var interval = network.DifficultyInterval;
        Assert.Equal((576, Day, 15200), (interval, network.TargetTimespan, network.KgwHeight));
        Assert.Equal(26 * interval, interval * ((network.KgwHeight - 1) / interval));
        var (time, bits) = (network.Genesis.Header.Time, network.Genesis.Header.Bits);
        var clamped = 0;
        for (var i = 0; i < Early.Length; i++)
        {
            var next = Early[i];
            var seconds = (long)(((Target(next.Bits) * Day) + Target(bits) - 1) / Target(bits));
            var passed = (long)next.Time - time;
            if (seconds is Day / 4 or Day * 4)
            {
                // The bound was reached, so only the real time says on which side.
                Assert.True(seconds == Day / 4 ? passed < seconds : passed > seconds, $"interval {i}");
                seconds = passed;
                clamped++;
            }
            else
            {
                Assert.InRange(passed - seconds, -400, 400);
            }

            Assert.Equal(next.Bits, ProofOfWork.NextBits(Interval(i * interval, time, bits, seconds), next.Time, network));
            (time, bits) = next;
        }

        Assert.Equal(7, clamped);

        HeaderLink Interval(int height, uint start, uint target, long seconds)
        {
            var node = HeaderLink.First(new BlockHeader(2, default, default, start, target, 0), height);
            for (var i = 1; i < interval; i++)
            {
                // In between there is nothing to change.
                Assert.Equal(target, ProofOfWork.NextBits(node, start, network));
                node = node.Next(new BlockHeader(2, default, default, i + 1 < interval ? start : (uint)(start + seconds), target, 0));
            }

            return node;
        }
    }

    [Fact]
    public void The_wave_gives_mainnets_targets()
    {
        var node = HeaderLink.First(Header(Wave[0]), 1886799);
        for (var i = 1; i < Wave.Length; i++)
        {
            if (i >= 24)
            {
                Assert.Equal(Wave[i].Bits, ProofOfWork.NextBits(node, Wave[i].Time, ChainParams.Main));
            }

            node = node.Next(Header(Wave[i]));
        }
    }

    // Testnet's block 942353 came 611 seconds after the one before.
    [Fact]
    public void A_slow_block_of_testnet_was_ten_times_easier()
    {
        var last = HeaderLink.First(Header((1_693_000_000, 0x1e00afeb)), 942352);

        Assert.Equal(0x1e06df2eu, ProofOfWork.NextBits(last, last.Header.Time + 611, ChainParams.Test));
    }

    [Theory]
    [InlineData(576,
        "02000000151fa9c002c35efca8758a18beaac3724612b3e50194032c9ba54ff52902000032846019"
        + "d710d8a116f38400752ccada5b4097fb405193437a455568871de4274a50db52fcff031ee7400200")]
    [InlineData(15552,
        "02000000dc99f9fce94300983563092f19803b770fabf70acc428d702da0690300000000914c35e5"
        + "02c3ee6a344264b12960b4f562c10a9b8d4ad77c6182562cb21c9c7b7f25fa52075b061cb55ab6d6")]
    [InlineData(34560,
        "02000000c8e1751a4d22af437fa5503b04f3bf2a3b89c502cb6f310b51c9720000000000bce4ccfe"
        + "37747108dd15c26edaecc709b84cdf0d1a0ca17a45d47577eafe3187bca02553ceaf001cd25d6500")]
    [InlineData(2302272,
        "00000020d47476cdf50cb0b1ad1ba530b422e837441d86170d4a409b2a0000000000000087cebb46"
        + "77ca2467de34145c26a022f9e9c105a7d088b7fd6a4b23fe3af5d2150d516f681a404b19753c7615")]
    public void A_real_header_has_its_proof_of_work(int height, string hex)
    {
        var header = BlockHeader.Parse(Convert.FromHexString(hex));

        Assert.Equal(hex, Convert.ToHexStringLower(header.ToBytes()));
        Assert.True(ProofOfWork.IsMet(header, ChainParams.Main), $"height {height}");
        Assert.False(ProofOfWork.IsMet(header with { Nonce = header.Nonce + 1 }, ChainParams.Main));
    }

    private static BlockHeader Header((uint Time, uint Bits) block) => new(0x20000000, default, default, block.Time, block.Bits, 0);

    private static BigInteger Target(uint bits) =>
        CompactTarget.TryDecode(bits, out var target) ? target : throw new ArgumentOutOfRangeException(nameof(bits));
}
