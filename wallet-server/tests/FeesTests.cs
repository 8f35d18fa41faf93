using System.Text.Json;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Rpc.Spend;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Tests;

public sealed class FeesTests
{
    private static readonly WalletSettings Settings = new() { DiscardFee = new FeeRate(10_000), FallbackFee = new FeeRate(1_500) };

    [Theory]
    [InlineData("unset", 9_000, "sure")]
    [InlineData("conservative", 9_000, "sure")]
    [InlineData("ECONOMICAL", 4_000, "cheap")]
    public void The_mode_says_which_estimate_counts(string mode, int rate, string reason) =>
        Assert.Equal(new FeeChoice(new FeeRate(rate), reason), Choose(mode, Market(new FeeRate(9_000), new FeeRate(4_000))));

    /// <summary>It answers one rate, and not which it is.</summary>
    [Theory]
    [InlineData("unset")]
    [InlineData("conservative")]
    [InlineData("ECONOMICAL")]
    public void An_older_node_has_one_estimate_for_all_modes(string mode)
    {
        var market = FeeMarket.Quiet with { Estimates = [new FeeEstimate(6, new FeeRate(9_000), 6)] };

        Assert.Equal(new FeeChoice(new FeeRate(9_000), "None"), Choose(mode, market));
    }

    [Theory]
    [InlineData("conservative")]
    [InlineData("ECONOMICAL")]
    public void What_is_too_low_for_the_mempool_is_raised_and_without_an_estimate_the_fallback_counts(string mode)
    {
        var full = Market(new FeeRate(9_000), new FeeRate(4_000)) with { MempoolMin = new FeeRate(9_500) };

        Assert.Equal(new FeeChoice(new FeeRate(9_500), "Mempool Min Fee"), Choose(mode, full));
        Assert.Equal(new FeeChoice(new FeeRate(1_500), "Fallback fee"), Choose(mode, Market(null, null)));
    }

    /// <summary>The lower of the estimates, or change worth keeping would be given away.</summary>
    [Fact]
    public void Change_is_given_away_by_the_economical_estimate()
    {
        Assert.Equal(new FeeRate(4_000), Fees.Discard(Settings, Market(new FeeRate(9_000), new FeeRate(4_000))));
        Assert.Equal(new FeeRate(3_000), Fees.Discard(Settings, Market(new FeeRate(9_000), new FeeRate(1_000)))); // dust's
        Assert.Equal(new FeeRate(10_000), Fees.Discard(Settings, Market(new FeeRate(90_000), new FeeRate(40_000))));
        Assert.Equal(new FeeRate(9_000), Fees.Discard(Settings, Market(new FeeRate(9_000), null))); // an older node
        Assert.Equal(new FeeRate(10_000), Fees.Discard(Settings, Market(null, null)));
    }

    private static FeeChoice Choose(string mode, FeeMarket market) =>
        Fees.Choose(Settings, FeeRate.Zero, FeeArgs.Read(Json("6"), Json($"\"{mode}\""), default, CoinControl.Default, overridesMinimum: false), market);

    private static JsonElement Json(string text) => JsonElement.Parse(text);

    private static FeeMarket Market(FeeRate? conservative, FeeRate? economical)
    {
        return FeeMarket.Quiet with { Estimates = [Of(6), Of(FeeMarket.LongestTarget)] };

        FeeEstimate Of(int target) =>
            new(target, conservative, target) { Economical = economical, Reason = "sure", EconomicalReason = "cheap" };
    }
}
