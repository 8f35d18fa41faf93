using System.Collections.Immutable;

namespace Dash.Primitives.Units;

/// <summary>The amounts that CoinJoin mixes: those of one give nothing away, as all take part with the same.</summary>
public static class MixingDenominations
{
    /// <summary>Largest first: 10, 1, 0.1, 0.01, 0.001 and a hundred-thousandth each.</summary>
    public static ImmutableArray<Amount> All { get; } =
        [new(1_000_010_000), new(100_001_000), new(10_000_100), new(1_000_010), new(100_001)];

    /// <summary>Whether an amount is exactly one of them.</summary>
    public static bool Contains(Amount amount) => All.Contains(amount);
}
