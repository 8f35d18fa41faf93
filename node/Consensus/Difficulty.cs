using System.Numerics;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Node.Consensus;

/// <summary>
/// The target a block has to meet: Bitcoin's rule at first, then Kimoto's Gravity Well, then Dark Gravity Wave.
/// </summary>
internal static class Difficulty
{
    private const int WaveBlocks = 24;

    /// <summary>The compact target of the block after <paramref name="last"/> with the given time.</summary>
    public static uint NextBits(BlockNode last, uint time, ChainParams network)
    {
        var height = last.Height + 1;
        if (height < network.KgwHeight)
        {
            return NextBitsByInterval(last, time, network);
        }

        if (network.NoRetargeting)
        {
            return network.PowLimitBits;
        }

        if (network.AllowMinDifficulty)
        {
            if (time > last.Header.Time + (2L * 60 * 60))
            {
                return network.PowLimitBits;
            }

            if (time > last.Header.Time + (network.TargetSpacing * 4L))
            {
                return CompactTarget.Encode(BigInteger.Min(TargetOf(last) * 10, network.PowLimit));
            }
        }

        return height < network.DgwHeight ? GravityWell(last, network) : GravityWave(last, network);
    }

    /// <summary>How many times harder than the easiest target of the old scale: what RPC calls difficulty.</summary>
    public static double Of(uint bits)
    {
        var shift = (int)((bits >> 24) & 0xff);
        var difficulty = 0x0000ffff / (double)(bits & 0x00ffffff);
        for (; shift < 29; shift++)
        {
            difficulty *= 256.0;
        }

        for (; shift > 29; shift--)
        {
            difficulty /= 256.0;
        }

        return difficulty;
    }

    private static uint LimitBits(ChainParams network) => CompactTarget.Encode(network.PowLimit);

    private static BigInteger TargetOf(BlockNode node) =>
        CompactTarget.TryDecode(node.Header.Bits, out var target) ? target : BigInteger.Zero;

    // Bitcoin's rule: once an interval of a day's blocks, by at most a factor of four.
    private static uint NextBitsByInterval(BlockNode last, uint time, ChainParams network)
    {
        var interval = network.DifficultyInterval;
        var limit = network.PowLimitBits;
        if ((last.Height + 1) % interval != 0)
        {
            if (!network.AllowMinDifficulty)
            {
                return last.Header.Bits;
            }

            if (time > last.Header.Time + (network.TargetSpacing * 2L))
            {
                return limit;
            }

            var node = last;
            while (node.Previous is not null && node.Height % interval != 0 && node.Header.Bits == limit)
            {
                node = node.Previous;
            }

            return node.Header.Bits;
        }

        if (network.NoRetargeting)
        {
            return last.Header.Bits;
        }

        var first = last.Ancestor(last.Height - (interval - 1))!; // an interval has passed since genesis
        var timespan = Math.Clamp(
            (long)last.Header.Time - first.Header.Time, network.TargetTimespan / 4, network.TargetTimespan * 4L);
        var target = TargetOf(last) * timespan / network.TargetTimespan;
        return CompactTarget.Encode(BigInteger.Min(target, network.PowLimit));
    }

    private static uint GravityWell(BlockNode last, ChainParams network)
    {
        var minBlocks = (long)(ulong)(network.TargetTimespan * 0.025) / network.TargetSpacing;
        var maxBlocks = (long)network.TargetTimespan * 7 / network.TargetSpacing;
        if (last.Height == 0 || last.Height < minBlocks)
        {
            return network.PowLimitBits;
        }

        var average = BigInteger.Zero;
        long actual = 0;
        long planned = 0;
        var reading = last;
        for (var mass = 1; reading.Height > 0 && mass <= maxBlocks; mass++)
        {
            var target = TargetOf(reading);
            average = mass == 1 ? target
                : target >= average ? ((target - average) / mass) + average
                : average - ((average - target) / mass);

            actual = Math.Max((long)last.Header.Time - reading.Header.Time, 0);
            planned = (long)network.TargetSpacing * mass;
            var ratio = actual != 0 && planned != 0 ? planned / (double)actual : 1.0;
            var horizon = 1 + (0.7084 * Math.Pow(mass / 28.2, -1.228));
            if (mass >= minBlocks && (ratio <= 1 / horizon || ratio >= horizon))
            {
                break;
            }

            if (reading.Previous is null)
            {
                break;
            }

            reading = reading.Previous;
        }

        if (actual != 0 && planned != 0)
        {
            average = average * actual / planned;
        }

        return CompactTarget.Encode(BigInteger.Min(average, network.PowLimit));
    }

    private static uint GravityWave(BlockNode last, ChainParams network)
    {
        if (last.Height < WaveBlocks)
        {
            return network.PowLimitBits;
        }

        var node = last;
        var average = TargetOf(node);
        for (var count = 2; count <= WaveBlocks; count++)
        {
            node = node.Previous!; // last.Height >= 24
            // Not an average really: the first target counts twice, and every later one a little less.
            average = ((average * count) + TargetOf(node)) / (count + 1);
        }

        // Measured over 23 gaps, compared with the time of 24: part of the rule.
        var planned = (long)WaveBlocks * network.TargetSpacing;
        var actual = Math.Clamp((long)last.Header.Time - node.Header.Time, planned / 3, planned * 3);
        return CompactTarget.Encode(BigInteger.Min(average * actual / planned, network.PowLimit));
    }
}
