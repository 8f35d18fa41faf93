using Dash.Primitives.Networks;

namespace Dash.Node.Consensus;

/// <summary>
/// States of the rules that miners signal by bits of the block version (BIP9), remembered by period. Safe to use from
/// any thread. A deployment that masternodes must signal first stays defined: those signals are not followed.
/// </summary>
internal sealed class VersionBits
{
    private const int TopBits = 0x20000000;
    private const uint TopMask = 0xe0000000;

    private readonly ChainParams _network;

    // Guards _states: by deployment and the last block of a period, the state of the next period.
    private readonly Lock _gate = new();
    private readonly Dictionary<(VersionBitsDeployment, BlockNode), DeploymentState> _states = [];

    /// <summary>The deployments of a network.</summary>
    public VersionBits(ChainParams network)
    {
        _network = network;
    }

    /// <summary>
    /// The version of a block on top of <paramref name="previous"/>: it signals what can be signalled.
    /// </summary>
    public int ComputeBlockVersion(BlockNode? previous)
    {
        var version = TopBits;
        foreach (var deployment in _network.Deployments)
        {
            if (StateAfter(previous, deployment) is DeploymentState.Started or DeploymentState.LockedIn)
            {
                version |= 1 << deployment.Bit;
            }
        }

        return version;
    }

    /// <summary>
    /// Whether the deployment of that name is active in a block on top of <paramref name="previous"/>.
    /// </summary>
    public bool IsActiveAfter(BlockNode? previous, string name)
    {
        foreach (var deployment in _network.Deployments)
        {
            if (deployment.Name == name)
            {
                return StateAfter(previous, deployment) == DeploymentState.Active;
            }
        }

        return false;
    }

    /// <summary>The state in a block on top of <paramref name="previous"/>.</summary>
    public DeploymentState StateAfter(BlockNode? previous, VersionBitsDeployment deployment)
    {
        switch (deployment.StartTime)
        {
            case VersionBitsDeployment.AlwaysActive:
                return DeploymentState.Active;
            case VersionBitsDeployment.NeverActive:
                return DeploymentState.Failed;
        }

        lock (_gate)
        {
            return Compute(EndOfLastPeriod(previous, deployment), deployment);
        }
    }

    /// <summary>
    /// Height of the first block with the state that holds after <paramref name="previous"/>; 0 for defined.
    /// </summary>
    public int SinceHeight(BlockNode? previous, VersionBitsDeployment deployment)
    {
        if (deployment.StartTime is VersionBitsDeployment.AlwaysActive or VersionBitsDeployment.NeverActive)
        {
            return 0;
        }

        lock (_gate)
        {
            var end = EndOfLastPeriod(previous, deployment);
            var state = Compute(end, deployment);
            if (state == DeploymentState.Defined)
            {
                return 0;
            }

            var period = PeriodOf(deployment);
            while (end!.Ancestor(end.Height - period) is { } earlier && Compute(earlier, deployment) == state)
            {
                end = earlier; // a state that is not defined has a period before it
            }

            return end.Height + 1;
        }
    }

    /// <summary>The period <paramref name="tip"/> is in.</summary>
    public DeploymentStatistics StatisticsAt(BlockNode tip, VersionBitsDeployment deployment)
    {
        var period = PeriodOf(deployment);
        var elapsed = (tip.Height + 1) % period;
        var end = tip.Ancestor(tip.Height - elapsed);
        var attempt = 0;
        if (StateAfter(end, deployment) == DeploymentState.Started)
        {
            attempt = ((end?.Height ?? -1) + 1 - SinceHeight(end, deployment)) / period;
        }

        var threshold = ThresholdOf(deployment, attempt);
        var count = 0;
        for (var node = tip; node is not null && node != end; node = node.Previous)
        {
            count += Signals(node, deployment) ? 1 : 0;
        }

        return new DeploymentStatistics(period, threshold, elapsed, count, period - threshold >= elapsed - count);
    }

    private static bool Signals(BlockNode node, VersionBitsDeployment deployment) =>
        ((uint)node.Header.Version & TopMask) == TopBits && (node.Header.Version & (1 << deployment.Bit)) != 0;

    // All blocks of a period share the state computed from the last block of the one before.
    private BlockNode? EndOfLastPeriod(BlockNode? previous, VersionBitsDeployment deployment) =>
        previous?.Ancestor(previous.Height - ((previous.Height + 1) % PeriodOf(deployment)));

    private DeploymentState Compute(BlockNode? end, VersionBitsDeployment deployment)
    {
        if (deployment.UsesMasternodeSignal)
        {
            return DeploymentState.Defined;
        }

        var period = PeriodOf(deployment);
        var pending = new Stack<BlockNode>();
        var state = DeploymentState.Defined;
        for (var node = end; ; node = node.Ancestor(node.Height - period))
        {
            if (node is null || node.MedianTimePast < deployment.StartTime)
            {
                break;
            }

            if (_states.TryGetValue((deployment, node), out state))
            {
                break;
            }

            state = DeploymentState.Defined;
            pending.Push(node);
        }

        while (pending.TryPop(out var node))
        {
            state = Advance(state, node, deployment);
            _states[(deployment, node)] = state;
        }

        return state;
    }

    private DeploymentState Advance(DeploymentState state, BlockNode end, VersionBitsDeployment deployment)
    {
        switch (state)
        {
            case DeploymentState.Defined:
                return DeploymentState.Started; // the walk back stopped at the first end of period late enough
            case DeploymentState.Started:
                var period = PeriodOf(deployment);
                var count = 0;
                var node = end;
                for (var i = 0; i < period && node is not null; i++, node = node.Previous)
                {
                    count += Signals(node, deployment) ? 1 : 0;
                }

                if (count >= ThresholdOf(deployment, AttemptOf(end, deployment)))
                {
                    return DeploymentState.LockedIn;
                }

                return end.MedianTimePast >= deployment.Timeout ? DeploymentState.Failed : DeploymentState.Started;
            case DeploymentState.LockedIn:
                return DeploymentState.Active;
            default:
                return state;
        }
    }

    // How many periods have counted signals before the one that ends here.
    private int AttemptOf(BlockNode end, VersionBitsDeployment deployment)
    {
        if (deployment.ThresholdMin == 0)
        {
            return 0;
        }

        var attempt = -1;
        for (var node = end.Ancestor(end.Height - PeriodOf(deployment));
            node is not null
                && _states.TryGetValue((deployment, node), out var state)
                && state == DeploymentState.Started;
            node = node.Ancestor(node.Height - PeriodOf(deployment)))
        {
            attempt++;
        }

        return Math.Max(attempt, 0);
    }

    private int PeriodOf(VersionBitsDeployment deployment) =>
        deployment.Window != 0 ? deployment.Window : _network.MinerConfirmationWindow;

    private int ThresholdOf(VersionBitsDeployment deployment, int attempt)
    {
        if (deployment.ThresholdStart == 0)
        {
            return _network.RuleChangeThreshold;
        }

        if (deployment.ThresholdMin == 0 || deployment.Falloff == 0)
        {
            return deployment.ThresholdStart;
        }

        var fall = (long)attempt * attempt * PeriodOf(deployment) / 100 / deployment.Falloff;
        return (int)Math.Max(deployment.ThresholdMin, deployment.ThresholdStart - fall);
    }
}
