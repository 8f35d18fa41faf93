using Dash.Node.Consensus;
using Dash.Primitives.Networks;

namespace Dash.Node.Chain;

/// <summary>
/// Rules that miners have signalled and this program does not know: counted as if each bit of the block version that means
/// nothing to it were a rule (BIP9). Belongs to the validation loop.
/// </summary>
internal sealed class UnknownRules(ChainParams network, VersionBits known)
{
    private const int BitCount = 29;
    private const uint TopMask = 0xE0000000;
    private const uint TopBits = 0x20000000;

    // After the last block of each period.
    private readonly Dictionary<BlockNode, DeploymentState[]> _states = [];

    /// <summary>The bits of such rules that are locked in or active after a block.</summary>
    public IReadOnlyList<(int Bit, bool IsActive)> After(BlockNode tip)
    {
        var states = StatesAfter(LastBoundary(tip));
        return
        [
            .. states.Index()
                .Where(static bit => bit.Item is DeploymentState.LockedIn or DeploymentState.Active)
                .Select(static bit => (bit.Index, bit.Item == DeploymentState.Active)),
        ];
    }

    private DeploymentState[] StatesAfter(BlockNode? boundary)
    {
        // From the last period whose states are known on.
        var waiting = new Stack<BlockNode>();
        while (boundary is not null && !_states.ContainsKey(boundary))
        {
            waiting.Push(boundary);
            boundary = boundary.Ancestor(boundary.Height - network.MinerConfirmationWindow);
        }

        var states = boundary is null ? new DeploymentState[BitCount] : _states[boundary];
        while (waiting.TryPop(out var next))
        {
            states = Advance(states, next);
            _states.Add(next, states);
        }

        return states;
    }

    private BlockNode? LastBoundary(BlockNode tip) =>
        tip.Ancestor(tip.Height - ((tip.Height + 1) % network.MinerConfirmationWindow));

    private DeploymentState[] Advance(DeploymentState[] before, BlockNode boundary)
    {
        var counts = new int[BitCount];
        var node = boundary;
        for (var i = 0; i < network.MinerConfirmationWindow && node is not null; i++, node = node.Previous)
        {
            for (var bits = UnknownBits(node); bits != 0; bits &= bits - 1)
            {
                counts[System.Numerics.BitOperations.TrailingZeroCount(bits)]++;
            }
        }

        return
        [
            .. before.Select((state, bit) => state switch
            {
                DeploymentState.Defined => DeploymentState.Started,
                DeploymentState.Started when counts[bit] >= network.RuleChangeThreshold => DeploymentState.LockedIn,
                DeploymentState.LockedIn => DeploymentState.Active,
                _ => state,
            }),
        ];
    }

    private uint UnknownBits(BlockNode node)
    {
        var version = (uint)node.Header.Version;
        return node.Height < network.MinBip9WarningHeight || (version & TopMask) != TopBits || (version & ~TopMask) == 0
            ? 0
            : version & ~TopMask & ~(uint)known.ComputeBlockVersion(node.Previous);
    }
}
