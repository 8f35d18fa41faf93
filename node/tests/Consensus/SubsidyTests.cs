using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Consensus;

public class SubsidyTests
{
    [Theory]
    [InlineData(2_128_000, 5_000_000)]
    public void Platform_gets_three_eighths_of_the_masternode_part_once_it_may(int height, long subsidy)
    {
        Assert.Equal(Amount.Zero, Subsidy.PlatformShare(height, new Amount(subsidy), ChainParams.Main));
        Assert.Equal(
            subsidy * 3 / 4 * 375 / 1000,
            Subsidy.PlatformShare(ChainParams.Main.Heights.MnRr, new Amount(subsidy), ChainParams.Main).Duffs);
    }

    [Theory]
    [InlineData(100_000, 200)]
    [InlineData(158_001, 250)]
    [InlineData(209_841, 375)]
    [InlineData(313_521, 500)]
    [InlineData(1_374_912, 500)]
    [InlineData(1_379_128, 513)]
    [InlineData(1_987_775, 583)]
    [InlineData(1_987_776, 750)]
    public void The_masternode_part_grows_as_the_years_go(int height, int perMille)
    {
        var part = Subsidy.MasternodePayment(height, new Amount(1_000_000), ChainParams.Main);

        // Between two steps of the ladder only the order of magnitude is known without the ladder itself.
        Assert.InRange(part.Duffs, (perMille - 10) * 1000, (perMille + 10) * 1000);
    }

    [Fact]
    public void Regtest_pays_500_at_first()
    {
        var genesis = ChainParams.Regtest.Genesis.Header;

        Assert.Equal(50 * Amount.DuffsPerDash, Subsidy.ForBlock(null, ChainParams.Regtest).Duffs);
        Assert.Equal(
            500 * Amount.DuffsPerDash,
            Subsidy.ForBlock(new BlockNode(genesis.Hash, genesis, null), ChainParams.Regtest).Duffs);
    }

    [Fact]
    public void The_treasury_gets_nothing_between_superblocks()
    {
        Assert.Equal(Amount.Zero, Subsidy.SuperblockBudget(2_200_000, ChainParams.Main));
        var budget = Subsidy.SuperblockBudget(16_616 * 133, ChainParams.Main);
        Assert.InRange(budget.Duffs, 5_000 * Amount.DuffsPerDash, 12_000 * Amount.DuffsPerDash);
    }
}
