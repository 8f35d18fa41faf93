using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;

namespace Dash.Primitives.Tests.Networks;

public sealed class VersionBitsTests
{
    private const int Signal = 0x20000000 | (1 << 5);
    private const int Plain = 0x20000000;

    private static readonly VersionBitsDeployment Rule = new(
        "rule", Bit: 5, StartTime: 100, Timeout: 1_000_000, Window: 10, ThresholdStart: 8, ThresholdMin: 5, Falloff: 1,
        UsesMasternodeSignal: false);

    [Fact]
    public void A_rule_is_defined_started_locked_in_and_active_a_period_each()
    {
        var bits = Of(Rule);
        var chain = Grow(HeaderLink.First(Header(0)), 9, Plain, 1); // heights 1 to 9, times below the start
        Assert.Equal(DeploymentState.Defined, bits.StateAfter(chain, Rule));
        Assert.Equal(0, bits.SinceHeight(chain, Rule));

        chain = Grow(chain, 10, Plain, 100); // to 19, late enough
        Assert.Equal(DeploymentState.Started, bits.StateAfter(chain, Rule));
        Assert.Equal(20, bits.SinceHeight(chain, Rule));
        Assert.Equal(Signal, bits.ComputeBlockVersion(chain));

        chain = Grow(chain, 8, Signal, 100);
        Assert.Equal(new DeploymentStatistics(10, 8, 8, 8, true), bits.StatisticsAt(chain, Rule));
        chain = Grow(chain, 2, Plain, 100); // to 29
        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(chain, Rule));
        Assert.Equal(Signal, bits.ComputeBlockVersion(chain));

        chain = Grow(chain, 10, Plain, 100);
        Assert.Equal(DeploymentState.Active, bits.StateAfter(chain, Rule));
        Assert.Equal(40, bits.SinceHeight(Grow(chain, 25, Plain, 100), Rule));
        Assert.True(bits.IsActiveAfter(chain, "rule"));
        Assert.False(bits.IsActiveAfter(chain, "other"));
        Assert.Equal(Plain, bits.ComputeBlockVersion(chain));
    }

    [Fact]
    public void The_need_falls_from_period_to_period()
    {
        // Attempt n needs 8 - n * n * 10 / 100: 8, 8, 8, 8, 7, 6, 5 and not less.
        var bits = Of(Rule);
        var chain = Grow(HeaderLink.First(Header(0)), 19, Plain, 100); // starts at 10: the median is late enough
        Assert.Equal(10, bits.SinceHeight(chain, Rule));
        var needs = new List<int>();
        for (var attempt = 1; attempt < 9; attempt++)
        {
            needs.Add(bits.StatisticsAt(chain.Mine(0x207fffff, 1), Rule).Threshold);
            chain = Grow(chain, 10, Plain, 100);
        }

        Assert.Equal([8, 8, 8, 7, 6, 5, 5, 5], needs);
        chain = Grow(Grow(chain, 5, Signal, 100), 5, Plain, 100);
        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(chain, Rule));
    }

    [Fact]
    public void Too_late_is_never()
    {
        var rule = Rule with { Timeout = 3000 };
        var bits = Of(rule);
        var chain = Grow(HeaderLink.First(Header(0)), 9, Plain, 100);
        Assert.Equal(DeploymentState.Started, bits.StateAfter(chain, rule));
        chain = Grow(chain, 30, Plain, 100);
        Assert.Equal(DeploymentState.Failed, bits.StateAfter(chain, rule));
        Assert.Equal(DeploymentState.Failed, bits.StateAfter(Grow(chain, 30, Signal, 1), rule));
        Assert.Equal(40, bits.SinceHeight(chain, rule));
    }

    [Fact]
    public void Locked_in_waits_for_its_height()
    {
        var rule = Rule with { MinActivationHeight = 45 };
        var bits = Of(rule);
        var chain = Grow(HeaderLink.First(Header(0)), 9, Plain, 100);
        chain = Grow(chain, 10, Signal, 100);
        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(chain, rule));
        chain = Grow(chain, 20, Plain, 100);
        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(chain, rule));
        Assert.Equal(DeploymentState.Active, bits.StateAfter(Grow(chain, 10, Plain, 100), rule));
    }

    [Fact]
    public void Masternodes_may_have_to_signal_first()
    {
        var rule = Rule with { UsesMasternodeSignal = true };
        int? signalled = null;
        var bits = new VersionBits<HeaderLink>(Network(rule), (_, bit) => bit == 5 ? signalled : null);
        var chain = Grow(HeaderLink.First(Header(0)), 29, Signal, 100);
        Assert.Equal(DeploymentState.Defined, bits.StateAfter(chain, rule));

        signalled = 35;
        chain = Grow(chain, 10, Signal, 100);
        Assert.Equal(DeploymentState.Started, bits.StateAfter(chain, rule));
        Assert.Equal(40, bits.SinceHeight(chain, rule));
        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(Grow(chain, 10, Signal, 100), rule));
    }

    [Fact]
    public void Some_always_are_and_some_never()
    {
        var always = Rule with { StartTime = VersionBitsDeployment.AlwaysActive };
        var never = Rule with { StartTime = VersionBitsDeployment.NeverActive };
        Assert.Equal(DeploymentState.Active, Of(always).StateAfter(null, always));
        Assert.Equal(DeploymentState.Failed, Of(never).StateAfter(null, never));
        Assert.Equal(DeploymentState.Defined, Of(Rule).StateAfter(null, Rule));
        Assert.Equal(0, Of(always).SinceHeight(null, always));
    }

    [Fact]
    public void Forks_have_states_of_their_own()
    {
        var bits = Of(Rule);
        var trunk = Grow(HeaderLink.First(Header(0)), 9, Plain, 100);
        var forFork = Grow(trunk, 10, Signal, 100);
        var against = Grow(trunk, 10, Plain, 100);

        Assert.Equal(DeploymentState.LockedIn, bits.StateAfter(forFork, Rule));
        Assert.Equal(DeploymentState.Started, bits.StateAfter(against, Rule));
        Assert.Equal(10, bits.SinceHeight(against, Rule));
    }

    private static ChainParams Network(VersionBitsDeployment rule) => ChainParams.Regtest with { Deployments = [rule] };

    private static VersionBits<HeaderLink> Of(VersionBitsDeployment rule) => new(Network(rule), (_, _) => null);

    private static BlockHeader Header(uint time) => new(Plain, default, default, time, 0x207fffff, 0);

    private static HeaderLink Grow(HeaderLink chain, int blocks, int version, uint seconds)
    {
        for (var i = 0; i < blocks; i++)
        {
            chain = chain.Mine(0x207fffff, seconds, version);
        }

        return chain;
    }
}
