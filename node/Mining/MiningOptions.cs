using Dash.Primitives.Units;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Mining;

/// <summary>What goes into blocks made here.</summary>
internal sealed record MiningOptions
{
    /// <summary>Bytes a block is filled to, at most.</summary>
    public int MaxBlockSize { get; init; } = 2_000_000;

    /// <summary>Transactions that pay less are left out.</summary>
    public FeeRate MinFeeRate { get; init; } = new(1000);

    /// <summary>Where the fee rate of each transaction that is chosen is logged; null where it is not logged.</summary>
    public ILogger? FeeLog { get; init; }

    /// <summary>A block version to use instead of the right one, to test forks; null for the right one.</summary>
    public int? BlockVersion { get; init; }
}
