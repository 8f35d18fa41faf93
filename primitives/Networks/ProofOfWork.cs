using System.Numerics;
using Dash.Primitives.Blocks;

namespace Dash.Primitives.Networks;

/// <summary>
/// The target a block has to meet: Bitcoin's rule at first, then Kimoto's Gravity Well, then Dark Gravity Wave. Pure;
/// any thread.
/// </summary>
public static class ProofOfWork
{
    private const int WaveBlocks = 24;

    // Targets are counted modulo 2^256, which shows where the limit is near it (devnets).
    private static readonly BigInteger Mask = (BigInteger.One << 256) - 1;

    /// <summary>The compact target of the block after <paramref name="last"/> with the given time.</summary>
    /// <param name="last">The parent.</param>
    /// <param name="time">Time of the block, Unix seconds.</param>
    /// <param name="network">The network.</param>
    public static uint NextBits<TNode>(TNode last, uint time, ChainParams network)
        where TNode : class, IHeaderNode<TNode>
    {
        ArgumentNullException.ThrowIfNull(last);
        ArgumentNullException.ThrowIfNull(network);
        if (last.Height < network.MinimumDifficultyBlocks)
        {
            return network.PowLimitBits;
        }

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
                return Encode(TargetOf(last) * 10, network);
            }
        }

        return height < network.DgwHeight ? GravityWell(last, network) : GravityWave(last, network);
    }

    /// <summary>Whether the header's own hash meets its target, and that the network's limit.</summary>
    public static bool IsMet(BlockHeader header, ChainParams network)
    {
        ArgumentNullException.ThrowIfNull(header);
        ArgumentNullException.ThrowIfNull(network);
        return CompactTarget.CheckProofOfWork(header.Hash, header.Bits, network.PowLimit);
    }

    /// <summary>How many times harder than the easiest target of the old scale: what RPC calls difficulty.</summary>
    public static double Difficulty(uint bits)
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

    private static BigInteger TargetOf<TNode>(TNode node)
        where TNode : class, IHeaderNode<TNode>
    {
        _ = CompactTarget.TryDecode(node.Header.Bits, out var target); // what is longer is cut, as everything here
        return target & Mask;
    }

    private static uint Encode(BigInteger target, ChainParams network) =>
        CompactTarget.Encode(BigInteger.Min(target & Mask, network.PowLimit));

    // Bitcoin's rule: once an interval of a day's blocks, by at most a factor of four.
    private static uint NextBitsByInterval<TNode>(TNode last, uint time, ChainParams network)
        where TNode : class, IHeaderNode<TNode>
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

        var first = last.Ancestor(last.Height - (interval - 1))!; // an interval has passed since the first block
        var timespan = Math.Clamp(
            (long)last.Header.Time - first.Header.Time, network.TargetTimespan / 4, network.TargetTimespan * 4L);
        return Encode(((TargetOf(last) * timespan) & Mask) / network.TargetTimespan, network);
    }

    private static uint GravityWell<TNode>(TNode last, ChainParams network)
        where TNode : class, IHeaderNode<TNode>
    {
        // At 150 seconds a block: from 14 blocks, a fortieth of a day, to 4032, seven days.
        var minBlocks = (long)(network.TargetTimespan * 0.025) / network.TargetSpacing;
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
            average = ((average * actual) & Mask) / planned;
        }

        return Encode(average, network);
    }

    private static uint GravityWave<TNode>(TNode last, ChainParams network)
        where TNode : class, IHeaderNode<TNode>
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
            average = (((average * count) + TargetOf(node)) & Mask) / (count + 1);
        }

        // Measured over 23 gaps, compared with the time of 24: part of the rule.
        var planned = (long)WaveBlocks * network.TargetSpacing;
        var actual = Math.Clamp((long)last.Header.Time - node.Header.Time, planned / 3, planned * 3);
        return Encode(((average * actual) & Mask) / planned, network);
    }
}
