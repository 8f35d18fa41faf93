using System.Collections.Immutable;
using Dash.Node.Masternodes;
using Dash.Node.Quorums;

namespace Dash.Node.Chain;

/// <summary>
/// What the special transactions up to a block add up to: masternodes, quorums, what is locked for the platform, and rules
/// masternodes signalled. Immutable.
/// </summary>
internal sealed record EvoState
{
    /// <summary>Before the first special transaction.</summary>
    public static readonly EvoState Empty = new();

    /// <summary>The masternodes.</summary>
    public MasternodeList Masternodes { get; init; } = MasternodeList.Empty;

    /// <summary>The quorums.</summary>
    public ActiveQuorums Quorums { get; init; } = ActiveQuorums.Empty;

    /// <summary>What is locked for the platform.</summary>
    public CreditPool CreditPool { get; init; } = CreditPool.Empty;

    /// <summary>Heights of blocks that hold signals, by the rule's bit.</summary>
    public ImmutableSortedDictionary<byte, int> Signals { get; init; } = ImmutableSortedDictionary<byte, int>.Empty;
}
