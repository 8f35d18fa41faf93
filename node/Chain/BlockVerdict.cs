using Dash.Node.Consensus;

namespace Dash.Node.Chain;

/// <summary>What became of a block that was submitted.</summary>
/// <param name="Node">Its place in the tree; null when the header was refused.</param>
/// <param name="IsNew">Whether its data was not stored before.</param>
/// <param name="State">
/// Valid when it was connected now, the reason when it was refused; null when it is stored and was not tried, because
/// it is not on the best chain or was known before.
/// </param>
internal sealed record BlockVerdict(BlockNode? Node, bool IsNew, ValidationState? State)
{
    /// <summary>What connecting blocks gave, this one and others that waited for it.</summary>
    public IReadOnlyDictionary<BlockNode, ValidationState> Tried { get; init; } = new Dictionary<BlockNode, ValidationState>();

    /// <summary>Whether it was refused.</summary>
    public bool IsRefused => State is { IsInvalid: true };
}
