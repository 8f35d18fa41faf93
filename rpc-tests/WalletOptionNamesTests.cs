using Dash.Node;
using Dash.WalletServer;

namespace Dash.RpcTests;

public sealed class WalletOptionNamesTests
{
    [Fact]
    public void The_node_takes_exactly_the_options_a_wallet_of_its_own_has() =>
        Assert.Equal(WalletOptions.Wallets.Select(option => option.Name).Order(StringComparer.Ordinal), WalletOptionNames.All);
}
