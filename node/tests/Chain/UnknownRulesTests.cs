using Dash.Node.Chain;
using Dash.Primitives.Blocks;

namespace Dash.Node.Tests.Chain;

public class UnknownRulesTests
{
    private const int Period = 144;
    private const int Threshold = 108;
    private const int Bit = 27;

    [Theory]
    [InlineData(Threshold - 1, false)]
    [InlineData(Threshold, true)]
    public async Task A_bit_that_enough_blocks_of_a_period_set_is_locked_in_then_active_and_warned_of(int signals, bool isEnough)
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory, mining: null);
        var alerts = new List<string>();
        node.Chainstate.TipReport.Alerted = alerts.Add;
        var rules = new UnknownRules(node.Chainstate.Network, node.Chainstate.Deployments);
        await node.Mine(Period);
        for (var i = 0; i < Period; i++)
        {
            await Mine(node, i < signals ? 0x20000000 | (1 << Bit) : null);
        }

        Assert.Equal(isEnough ? [] : Array.Empty<(int, bool)>(), rules.After(node.View.At((2 * Period) - 2)!));
        Assert.Equal(isEnough ? [(Bit, false)] : Array.Empty<(int, bool)>(), rules.After(node.View.At((2 * Period) - 1)!));
        await node.Mine(Period);
        Assert.Equal(isEnough ? [(Bit, true)] : Array.Empty<(int, bool)>(), rules.After(node.Tip));
        Assert.Equal(isEnough ? $"Unknown new rules activated (versionbit {Bit})" : "", node.Chainstate.TipReport.Warning);
        Assert.Equal(isEnough ? 1 : 0, alerts.Count);
    }

    [Theory]
    [InlineData(7, false)]
    [InlineData(8, true)]
    public async Task A_chain_with_more_work_that_is_invalid_is_warned_of(int blocks, bool isWarned)
    {
        using var directory = new TempDirectory();
        await using var node = TestNode.Open(directory);
        await node.Mine(blocks);
        var first = node.View.At(2)!;
        await node.Validation.InvalidateAsync(first, TestNode.Ct);
        Assert.Equal(isWarned, node.Chainstate.TipReport.Warning.Contains("do not appear to fully agree", StringComparison.Ordinal));

        await node.Validation.ReconsiderAsync(first, TestNode.Ct);
        Assert.Equal("", node.Chainstate.TipReport.Warning);
    }

    private static async Task Mine(TestNode node, int? version)
    {
        node.Clock.SetMockTime(node.Clock.MockTime + 150);
        Func<BlockHeader, BlockHeader>? change = version is { } given ? header => header with { Version = given } : null;
        Assert.False((await node.Submit(await node.Build(header: change))).IsRefused);
    }
}
