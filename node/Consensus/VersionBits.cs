using Dash.Primitives.Networks;

namespace Dash.Node.Consensus;

/// <summary>
/// States of the rules that miners signal by bits of the block version, asked about blocks of the tree. Safe to use
/// from any thread. Some wait for a signal of masternodes too.
/// </summary>
internal sealed class VersionBits(ChainParams network, MasternodeSignals signals)
{
    private readonly VersionBits<BlockNode> _bits = new(network, signals.HeightOf);

    /// <summary>
    /// The version of a block on top of <paramref name="previous"/>: it signals what can be signalled.
    /// </summary>
    public int ComputeBlockVersion(BlockNode? previous) => _bits.ComputeBlockVersion(previous);

    /// <summary>
    /// Whether the deployment of that name is active in a block on top of <paramref name="previous"/>.
    /// </summary>
    public bool IsActiveAfter(BlockNode? previous, string name) => _bits.IsActiveAfter(previous, name);

    /// <summary>The state in a block on top of <paramref name="previous"/>.</summary>
    public DeploymentState StateAfter(BlockNode? previous, VersionBitsDeployment deployment) =>
        _bits.StateAfter(previous, deployment);

    /// <summary>
    /// Height of the first block with the state that holds after <paramref name="previous"/>; 0 for defined.
    /// </summary>
    public int SinceHeight(BlockNode? previous, VersionBitsDeployment deployment) =>
        _bits.SinceHeight(previous, deployment);

    /// <summary>The period <paramref name="tip"/> is in.</summary>
    public DeploymentStatistics StatisticsAt(BlockNode tip, VersionBitsDeployment deployment) =>
        _bits.StatisticsAt(tip, deployment);
}
