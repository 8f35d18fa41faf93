using Dash.Primitives.Blocks;

namespace Dash.Primitives.Networks;

/// <summary>
/// States of the rules that miners signal by bits of the block version (BIP9, with Dash's falling threshold and the
/// masternodes' signal of DIP23), remembered by period. Safe to use from any thread.
/// </summary>
/// <typeparam name="TNode">A header in its chain, the same object each time it is asked about.</typeparam>
public sealed class VersionBits<TNode>
    where TNode : class, IHeaderNode<TNode>
{
    private const int TopBits = 0x20000000;
    private const uint TopMask = 0xe0000000;

    private readonly ChainParams _network;
    private readonly Func<TNode?, int, int?> _signalHeight;

    // Guards _states: by deployment and the last block of a period, the state of the next period.
    private readonly Lock _gate = new();
    private readonly Dictionary<(VersionBitsDeployment, TNode), DeploymentState> _states = [];

    /// <summary>The deployments of a network.</summary>
    /// <param name="network">The network.</param>
    /// <param name="signalHeight">
    /// For a block and a bit: the height at which masternodes signalled it on the chain up to that block, null when
    /// they have not.
    /// </param>
    public VersionBits(ChainParams network, Func<TNode?, int, int?> signalHeight)
    {
        ArgumentNullException.ThrowIfNull(network);
        ArgumentNullException.ThrowIfNull(signalHeight);
        _network = network;
        _signalHeight = signalHeight;
    }

    /// <summary>
    /// The version of a block on top of <paramref name="previous"/>: it signals what can be signalled.
    /// </summary>
    public int ComputeBlockVersion(TNode? previous)
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
    public bool IsActiveAfter(TNode? previous, string name)
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
    public DeploymentState StateAfter(TNode? previous, VersionBitsDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        switch (deployment.StartTime)
        {
            case VersionBitsDeployment.AlwaysActive:
                return DeploymentState.Active;
            case VersionBitsDeployment.NeverActive:
                return DeploymentState.Failed;
        }

        lock (_gate)
        {
            return Compute(previous, deployment);
        }
    }

    /// <summary>
    /// Height of the first block with the state that holds after <paramref name="previous"/>; 0 for defined.
    /// </summary>
    public int SinceHeight(TNode? previous, VersionBitsDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(deployment);
        if (deployment.StartTime is VersionBitsDeployment.AlwaysActive or VersionBitsDeployment.NeverActive)
        {
            return 0;
        }

        lock (_gate)
        {
            return StartOf(previous, Compute(previous, deployment), deployment);
        }
    }

    /// <summary>The period <paramref name="tip"/> is in.</summary>
    public DeploymentStatistics StatisticsAt(TNode tip, VersionBitsDeployment deployment)
    {
        ArgumentNullException.ThrowIfNull(tip);
        ArgumentNullException.ThrowIfNull(deployment);
        var period = PeriodOf(deployment);
        var end = EndOfLastPeriod(tip, deployment);
        var elapsed = tip.Height - (end?.Height ?? -1);
        var attempt = StateAfter(end, deployment) == DeploymentState.Started
            ? ((end?.Height ?? -1) + 1 - SinceHeight(end, deployment)) / period
            : 0;
        var threshold = ThresholdOf(deployment, attempt);
        var count = 0;
        for (var node = tip; node is not null && node != end; node = node.Previous)
        {
            count += Signals(node, deployment) ? 1 : 0;
        }

        return new DeploymentStatistics(period, threshold, elapsed, count, period - threshold >= elapsed - count);
    }

    private static bool Signals(TNode node, VersionBitsDeployment deployment) =>
        ((uint)node.Header.Version & TopMask) == TopBits && (node.Header.Version & (1 << deployment.Bit)) != 0;

    // All blocks of a period share the state computed from the last block of the one before.
    private TNode? EndOfLastPeriod(TNode? previous, VersionBitsDeployment deployment) =>
        previous?.Ancestor(previous.Height - ((previous.Height + 1) % PeriodOf(deployment)));

    private DeploymentState Compute(TNode? previous, VersionBitsDeployment deployment)
    {
        var period = PeriodOf(deployment);
        var signalled = !deployment.UsesMasternodeSignal ? 0
            : _signalHeight(previous, deployment.Bit) ?? int.MaxValue;
        var pending = new Stack<TNode>();
        var state = DeploymentState.Defined;
        var node = EndOfLastPeriod(previous, deployment);
        for (; node is not null && !_states.TryGetValue((deployment, node), out state); Back())
        {
            // Core does not look below that height, nor before the start.
            state = DeploymentState.Defined;
            if (node.Height < _network.MinBip9WarningHeight
                || node.MedianTimePast < deployment.StartTime
                || node.Height < signalled)
            {
                _states[(deployment, node)] = state;
                break;
            }

            pending.Push(node);
        }

        var start = pending.Count == 0 || state != DeploymentState.Started ? 0 : StartOf(node, state, deployment);
        while (pending.TryPop(out var end))
        {
            if (state == DeploymentState.Defined)
            {
                state = DeploymentState.Started; // late enough and signalled, or the walk back had stopped there
                start = end.Height + 1;
            }
            else
            {
                state = Advance(state, end, (end.Height - start) / period, deployment);
            }

            _states[(deployment, end)] = state;
        }

        return state;

        void Back() => node = node.Ancestor(node.Height - period);
    }

    private DeploymentState Advance(DeploymentState state, TNode end, int attempt, VersionBitsDeployment deployment)
    {
        switch (state)
        {
            case DeploymentState.Started:
                var period = PeriodOf(deployment);
                var count = 0;
                var node = end;
                for (var i = 0; i < period && node is not null; i++, node = node.Previous)
                {
                    count += Signals(node, deployment) ? 1 : 0;
                }

                if (count >= ThresholdOf(deployment, attempt))
                {
                    return DeploymentState.LockedIn;
                }

                return end.MedianTimePast >= deployment.Timeout ? DeploymentState.Failed : DeploymentState.Started;
            case DeploymentState.LockedIn:
                return end.Height + 1 >= deployment.MinActivationHeight
                    ? DeploymentState.Active
                    : DeploymentState.LockedIn;
            default:
                return state;
        }
    }

    // First block of the state that holds after a block.
    private int StartOf(TNode? previous, DeploymentState state, VersionBitsDeployment deployment)
    {
        var end = EndOfLastPeriod(previous, deployment);
        if (state == DeploymentState.Defined || end is null)
        {
            return 0;
        }

        var period = PeriodOf(deployment);
        while (end.Ancestor(end.Height - period) is { } earlier && Compute(earlier, deployment) == state)
        {
            end = earlier;
        }

        return end.Height + 1;
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
