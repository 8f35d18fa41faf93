using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc;

/// <summary>Masternodes and quorums after any block a caller names, also one whose state would have to be built from blocks that are pruned.</summary>
internal static class EvoStates
{
    /// <summary>The state after a block. Validation loop only.</summary>
    /// <exception cref="RpcError">It is not kept, and the blocks are not there.</exception>
    public static EvoState Of(Chainstate chainstate, BlockNode block) =>
        chainstate.Evo.TryStateAt(block) ?? throw new RpcError(RpcErrorCode.Misc, "Block not available (pruned data)");
}
