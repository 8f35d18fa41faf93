using Dash.Primitives.Networks;
using Dash.Primitives.Units;

namespace Dash.Node.Consensus;

/// <summary>What a block may create, and how it is shared between miner, masternodes, platform and treasury.</summary>
internal static class Subsidy
{
    // Per mille of the block's value that masternodes get, by realloc period, up to V20.
    private static readonly int[] ReallocPerMille =
        [513, 526, 533, 540, 546, 552, 557, 562, 567, 572, 577, 582, 585, 588, 591, 594, 597, 599, 600];

    /// <summary>What the block after a parent may create for its miner and masternode, without fees.</summary>
    public static Amount ForBlock(BlockNode? previous, ChainParams network) =>
        previous is null
            ? network.Genesis.Transactions[0].OutputValue
            : Compute(previous.Header.Bits, previous.Height, network).Block;

    /// <summary>What the block after a parent sets aside for the treasury.</summary>
    public static Amount SuperblockPart(uint previousBits, int previousHeight, ChainParams network) =>
        Compute(previousBits, previousHeight, network).Superblock;

    /// <summary>The masternode's part of a block's value (subsidy, or subsidy and fees).</summary>
    public static Amount MasternodePayment(int height, Amount value, ChainParams network)
    {
        var duffs = value.Duffs;
        var increase = network.Payments.MasternodePaymentsIncreaseStart;
        var period = network.Payments.MasternodePaymentsIncreasePeriod;

        var share = duffs / 5;
        share += height > increase ? duffs / 20 : 0;
        share += height > increase + period ? duffs / 20 : 0;
        share += height > increase + (period * 2) ? duffs / 20 : 0;
        foreach (var step in (ReadOnlySpan<int>)[3, 4, 5, 6, 7, 9])
        {
            share += height > increase + (period * step) ? duffs / 40 : 0;
        }

        if (height < network.Heights.Brr)
        {
            return new Amount(share);
        }

        // The reallocation starts with the superblock cycle after the one in which it was activated.
        var cycle = network.Payments.SuperblockCycle;
        var start = network.Heights.Brr - (network.Heights.Brr % cycle) + cycle;
        if (height < start)
        {
            return new Amount(share);
        }

        if (height >= network.Heights.V20)
        {
            return new Amount(duffs * 3 / 4);
        }

        var current = Math.Min((height - start) / (cycle * 3), ReallocPerMille.Length - 1);
        return new Amount(duffs * ReallocPerMille[current] / 1000);
    }

    /// <summary>Platform's 37.5% of the masternode's part of the subsidy, from MN_RR on.</summary>
    public static Amount PlatformShare(int height, Amount subsidy, ChainParams network) =>
        height >= network.Heights.V20 && height >= network.Heights.MnRr
            ? new Amount(MasternodePayment(height, subsidy, network).Duffs * 375 / 1000)
            : Amount.Zero;

    /// <summary>What a superblock at a height may pay, or nothing when there is none at that height.</summary>
    public static Amount SuperblockBudget(int height, ChainParams network)
    {
        if (height < network.Payments.SuperblockStart || height % network.Payments.SuperblockCycle != 0)
        {
            return Amount.Zero;
        }

        // The bits only matter before V20, where difficulty sets the subsidy.
        var bits = network.AllowMinDifficulty
            ? network.PowLimitBits
            : 1u;
        return Compute(bits, height - 1, network).Superblock * network.Payments.SuperblockCycle;
    }

    private static (Amount Block, Amount Superblock) Compute(uint bits, int previousHeight, ChainParams network)
    {
        // A devnet has the base of V20 from its beginning, but for the blocks that shall pay more.
        var isV20 = previousHeight + 1 >= network.Heights.V20;
        var isFixed = isV20 || (network.DevnetGenesis is not null && previousHeight >= network.HighSubsidyBlocks);
        var subsidy = isFixed ? 5 : BaseByDifficulty(bits, previousHeight, network);
        subsidy *= Amount.DuffsPerDash;
        for (var i = network.Payments.HalvingInterval; i <= previousHeight; i += network.Payments.HalvingInterval)
        {
            subsidy -= subsidy / 14;
        }

        if (previousHeight < network.HighSubsidyBlocks)
        {
            subsidy *= network.HighSubsidyFactor;
        }

        var superblock = previousHeight > network.Payments.BudgetStart ? subsidy / (isV20 ? 5 : 10) : 0;
        return (new Amount(subsidy - superblock), new Amount(superblock));
    }

    // Whole Dash. Three ages of mining, each a curve over difficulty within bounds.
    private static long BaseByDifficulty(uint bits, int height, ChainParams network)
    {
        // Mainnet's first blocks forgot the exponent, and so it stays.
        var difficulty = height <= 4500 && network.Name == ChainParams.Main.Name
            ? 0x0000ffff / (double)(bits & 0x00ffffff)
            : Difficulty.Of(bits);
        if (height < 5465)
        {
            return Math.Clamp((long)(1111.0 / Math.Pow(difficulty + 1.0, 2.0)), 1, 500);
        }

        return height < 17000 || (difficulty <= 75 && height < 24000)
            ? Math.Clamp((long)(11111.0 / Math.Pow((difficulty + 51.0) / 6.0, 2.0)), 25, 500)
            : Math.Clamp((long)(2222222.0 / Math.Pow((difficulty + 2600.0) / 9.0, 2.0)), 5, 25);
    }
}
