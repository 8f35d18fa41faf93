using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Consensus;

public class VersionBitsTests
{
    private static readonly ChainParams Network = ChainParams.Regtest;
    private static readonly VersionBitsDeployment Dummy = Network.Deployments[0];

    [Fact]
    public void A_rule_everybody_signals_becomes_active_after_three_periods()
    {
        var bits = new VersionBits(Network, new MasternodeSignals(Network));
        var chain = Build(bits, 600, signal: static _ => true);

        Assert.Equal(DeploymentState.Defined, bits.StateAfter(chain[142], Dummy));
        Assert.Equal(DeploymentState.Started, bits.StateAfter(chain[143], Dummy));
        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(chain[287], Dummy));
        Assert.Equal(DeploymentState.Active, bits.StateAfter(chain[431], Dummy));
        Assert.Equal(432, bits.SinceHeight(chain[599], Dummy));
        Assert.Equal(0x20000000, bits.ComputeBlockVersion(chain[431]));
        Assert.Equal(0x30000000, bits.ComputeBlockVersion(chain[300]));
    }

    [Fact]
    public void Too_few_signals_leave_it_started()
    {
        var bits = new VersionBits(Network, new MasternodeSignals(Network));
        var chain = Build(bits, 600, signal: static height => height % 4 == 0);

        Assert.Equal(DeploymentState.Started, bits.StateAfter(chain[599], Dummy));
        Assert.Equal(144, bits.SinceHeight(chain[599], Dummy));
        var statistics = bits.StatisticsAt(chain[590], Dummy);
        Assert.Equal(new DeploymentStatistics(144, 108, 15, 4, IsPossible: true), statistics);
    }

    [Fact]
    public void Branches_have_their_own_states()
    {
        var bits = new VersionBits(Network, new MasternodeSignals(Network));
        var yes = Build(bits, 300, signal: static _ => true);
        var no = Build(bits, 300, signal: static _ => false);

        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(yes[299], Dummy));
        Assert.Equal(DeploymentState.Started, bits.StateAfter(no[299], Dummy));
    }

    private static List<BlockNode> Build(VersionBits bits, int count, Func<int, bool> signal)
    {
        var chain = new List<BlockNode> { new(Network.Genesis.Header.Hash, Network.Genesis.Header, null) };
        while (chain.Count < count)
        {
            var previous = chain[^1];
            var version = signal(chain.Count) ? bits.ComputeBlockVersion(previous) : 4;
            var header = new BlockHeader(
                version, previous.Hash, Uint256.Zero, previous.Header.Time + 150, 0x207fffff, Nonce: 0);
            chain.Add(new BlockNode(header.Hash, header, previous));
        }

        return chain;
    }
}
