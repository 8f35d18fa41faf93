using Dash.Primitives.Units;

namespace Dash.Node.Mempool.Fees;

/// <summary>What one horizon's statistics say about a target.</summary>
/// <param name="Rate">Duffs per 1,000 bytes; -1 without enough data.</param>
/// <param name="Pass">The lowest range that met the threshold.</param>
/// <param name="Fail">The highest range that did not.</param>
/// <param name="Decay">What is left of a count after a block.</param>
/// <param name="Scale">Blocks of a period.</param>
internal sealed record RawFeeEstimate(double Rate, FeeRange Pass, FeeRange Fail, double Decay, uint Scale)
{
    /// <summary>Nothing known.</summary>
    public static RawFeeEstimate None { get; } = new(-1, FeeRange.None, FeeRange.None, 0, 0);

    /// <summary>The rate; zero without enough data.</summary>
    public FeeRate FeeRate => Rate < 0 ? FeeRate.Zero : new FeeRate((long)Math.Round(Rate, MidpointRounding.AwayFromZero));
}
