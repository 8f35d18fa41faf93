using Dash.Node.Consensus;
using Dash.Primitives.Networks;

namespace Dash.Node.Chain;

/// <summary>
/// How much of the whole chain is verified, guessed from how many transactions there should be by now.
/// </summary>
internal static class VerificationProgress
{
    /// <summary>From 0 to 1.</summary>
    /// <param name="node">Its place in the tree.</param>
    /// <param name="network">The network's parameters.</param>
    /// <param name="now">Real time, Unix seconds.</param>
    public static double At(BlockNode node, ChainParams network, long now)
    {
        var known = network.TransactionCount;
        var done = node.ChainTransactionCount;
        var total = done <= known.Count
            ? known.Count + ((now - known.Time) * known.PerSecond)
            : done + ((now - node.Header.Time) * known.PerSecond);
        return Math.Min(done / total, 1.0);
    }
}
