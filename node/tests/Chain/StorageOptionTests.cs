using Dash.Common.Hosting;
using Dash.Common.Options;
using Dash.Node.Chain;
using Dash.Node.Indexes;
using Dash.Primitives.Networks;

namespace Dash.Node.Tests.Chain;

public class StorageOptionTests
{
    [Theory]
    [InlineData("Prune mode is incompatible with -txindex.", "-prune=-1")]
    [InlineData("Prune mode is incompatible with -txindex.", "-prune=945", "-txindex", "-reindex-chainstate")]
    [InlineData("Prune cannot be configured with a negative value.", "-prune=-1", "-txindex=0")]
    [InlineData("Prune mode is incompatible with -reindex-chainstate. Use full -reindex instead.", "-prune=945", "-reindex-chainstate")]
    [InlineData("Prune mode is incompatible with -disablegovernance=false.", "-prune=945", "-disablegovernance=0")]
    [InlineData("Prune configured below the minimum of 945 MiB.  Please use a higher number.", "-prune=944")]
    [InlineData("-reindex-chainstate option is not compatible with -coinstatsindex. Please temporarily disable coinstatsindex while using "
        + "-reindex-chainstate, or replace -reindex-chainstate with -reindex to fully rebuild all indexes.", "-coinstatsindex", "-reindex-chainstate")]
    public void What_does_not_go_together_is_refused_in_the_order_of_dashd(string error, params string[] arguments)
    {
        using TempDirectory directory = new();
        var options = Options.ParseCommandLine(NodeOptions.All, [$"-datadir={directory.Path}", .. arguments]);

        var refusal = Assert.Throws<StartupException>(() =>
        {
            var indexes = IndexOptions.Read(options);
            _ = ChainOptions.Read(options, directory.Path, ChainParams.Main, indexes.CacheOf);
        });

        Assert.Equal(error, refusal.Message);
    }
}
