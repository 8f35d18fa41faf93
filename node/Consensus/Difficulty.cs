using Dash.Primitives.Networks;

namespace Dash.Node.Consensus;

/// <summary>The rules of proof of work, asked about blocks of the tree.</summary>
internal static class Difficulty
{
    /// <summary>The compact target of the block after <paramref name="last"/> with the given time.</summary>
    public static uint NextBits(BlockNode last, uint time, ChainParams network) =>
        ProofOfWork.NextBits(last, time, network);

    /// <summary>How many times harder than the easiest target of the old scale: what RPC calls difficulty.</summary>
    public static double Of(uint bits) => ProofOfWork.Difficulty(bits);
}
