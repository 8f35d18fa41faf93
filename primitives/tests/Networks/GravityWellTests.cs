using System.Numerics;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

/// <summary>
/// Kimoto's Gravity Well beside the words that describe it: the mean target of the blocks looked back at, times the
/// seconds they took by those they should take; looked back at are at least 14 blocks, until their pace leaves the
/// horizon, and a week's at most. Reckoned with whole sums here, and block by block with a running mean in the rule.
/// </summary>
public sealed class GravityWellTests
{
    private const int Spacing = 150;
    private const int Least = 14; // a fortieth of a day
    private const int Most = 7 * 24 * 60 * 60 / Spacing;

    private static readonly ChainParams Network = ChainParams.Main with { KgwHeight = 0, DgwHeight = int.MaxValue };

    // The running mean loses less than one in its last place for each block; the compact form has at least 15 bits.
    [Theory]
    [InlineData(0, 400, 2, 2)]
    [InlineData(1, 200, 40, 10)]
    [InlineData(2, 40, 600, 10)]
    [InlineData(3, 4, 4500, 1)]
    public void Random_chains_have_the_targets_the_words_give(int seed, int chains, int longest, int leastWindows)
    {
        var random = new Random(seed);
        var ends = new HashSet<int>();
        for (var i = 0; i < chains; i++)
        {
            var headers = Chain(random, longest == 4500 ? longest : random.Next(2, longest + 15));
            HeaderLink? node = null;
            foreach (var header in headers)
            {
                node = node?.Next(header) ?? HeaderLink.First(header);
            }

            var bits = ProofOfWork.NextBits(node!, node!.Header.Time + Spacing, Network);

            var (expected, window) = InWords(headers);
            ends.Add(window);
            var unit = BigInteger.One << (8 * ((int)(bits >> 24) - 3));
            Assert.True(
                BigInteger.Abs(Target(bits) - expected) < 2 * unit,
                $"seed {seed}, chain {i} of {headers.Count} blocks, {window} looked at: {bits:x8} instead of {CompactTarget.Encode(expected):x8}");
        }

        Assert.True(ends.Count >= leastWindows, $"{ends.Count} kinds of windows");
    }

    [Fact]
    public void A_week_is_the_furthest_it_looks_back()
    {
        // An even pace never leaves the horizon. One block of a target a thousand times easier counts until it is a week old.
        const uint usual = 0x1b0ffff0;
        const uint easy = 0x1c3fffc0;
        var without = After(Most + 1);
        var last = After(Most);

        Assert.Equal(InWords([.. Even(Most + 2, -1)]).Target, Target(without), new Near());
        Assert.True(Target(last) > Target(without));
        Assert.True(Target(without) < Target(usual));

        uint After(int age)
        {
            HeaderLink? node = null;
            foreach (var header in Even(Most + 2, Most + 2 - age))
            {
                node = node?.Next(header) ?? HeaderLink.First(header);
            }

            return ProofOfWork.NextBits(node!, node!.Header.Time + Spacing, Network);
        }

        static IEnumerable<BlockHeader> Even(int count, int easyAt) => Enumerable.Range(0, count)
            .Select(i => new BlockHeader(2, default, default, (uint)(1_392_000_000 + (i * Spacing)), i == easyAt ? easy : usual, 0));
    }

    [Fact]
    public void It_holds_from_15200_up_to_34139_on_mainnet()
    {
        Assert.Equal(0x1b0ffff0u, Next(15_199)); // the early rule keeps the target within an interval
        Assert.NotEqual(0x1b0ffff0u, Next(15_200));
        Assert.Equal(Next(15_200), Next(34_139));
        Assert.NotEqual(Next(34_139), Next(34_140));

        static uint Next(int height)
        {
            var node = HeaderLink.First(new BlockHeader(2, default, default, 1_392_000_000, 0x1b0ffff0, 0), height - 101);
            for (var i = 0; i < 100; i++)
            {
                node = node.Mine(0x1b0ffff0, 100);
            }

            return ProofOfWork.NextBits(node, node.Header.Time + 100, ChainParams.Main);
        }
    }

    // Paces that change, times that go back a little, targets that wander.
    private static List<BlockHeader> Chain(Random random, int count)
    {
        List<BlockHeader> headers = [];
        var time = 1_392_000_000L;
        var target = new BigInteger(random.Next(1 << 10, 1 << 20)) << random.Next(150, 190);
        var pace = random.Next(20, 600);
        for (var i = 0; i < count; i++)
        {
            headers.Add(new BlockHeader(2, default, default, (uint)time, CompactTarget.Encode(target), 0));
            pace = count == 4500 ? Spacing : random.Next(50) == 0 ? random.Next(20, 600) : pace;
            time += count == 4500 ? Spacing : random.Next(-pace / 4, pace * 2);
            target = target * random.Next(90, 111) / 100;
        }

        return headers;
    }

    private static (BigInteger Target, int Window) InWords(List<BlockHeader> headers)
    {
        var last = headers.Count - 1;
        if (last < Least)
        {
            return (Network.PowLimit, 0);
        }

        // The first block of a chain is not looked at.
        var window = Enumerable.Range(1, Math.Min(last, Most)).First(count => count == Math.Min(last, Most) || LeavesHorizon(count));
        var mean = headers.TakeLast(window).Aggregate(BigInteger.Zero, static (sum, header) => sum + Target(header.Bits)) / window;
        var seconds = Seconds(window);
        var target = seconds == 0 ? mean : mean * seconds / (window * Spacing);
        return (BigInteger.Min(target, Network.PowLimit), window);

        long Seconds(int count) => Math.Max(0, (long)headers[^1].Time - headers[^count].Time);

        bool LeavesHorizon(int count)
        {
            var factor = 1 + (0.7084 * Math.Exp(-1.228 * Math.Log(count / 28.2)));
            var (planned, actual) = ((double)count * Spacing, (double)Seconds(count));
            return count >= Least && actual != 0 && (planned * factor <= actual || planned >= actual * factor);
        }
    }

    private static BigInteger Target(uint bits) =>
        CompactTarget.TryDecode(bits, out var target) ? target : throw new ArgumentOutOfRangeException(nameof(bits));

    /// <summary>Equal but for what the compact form cannot say.</summary>
    private sealed class Near : IEqualityComparer<BigInteger>
    {
        public bool Equals(BigInteger x, BigInteger y) => BigInteger.Abs(x - y) < (BigInteger.Max(x, y) >> 14);

        public int GetHashCode(BigInteger obj) => 0;
    }
}
