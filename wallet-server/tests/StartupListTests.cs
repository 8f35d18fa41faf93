using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

public sealed class StartupListTests
{
    [Fact]
    public void Without_a_file_nothing_can_be_noted_and_who_asks_for_it_hears_so()
    {
        StartupList list = new(null);
        Assert.Empty(list.Update("w", null));
        Assert.Empty(list.Update("w", false)); // so already

        var refused = Assert.Throws<WalletException>(() => list.Update("w", true));
        Assert.Equal((WalletError.Misc, "Attempt to write settings file when dynamic settings are disabled."), (refused.Error, refused.Message));
        Assert.Empty(list.Names);

        // From here on as if it were noted: once more is nothing new, the contrary is.
        Assert.Empty(list.Update("w", true));
        Assert.Throws<WalletException>(() => list.Update("w", false));
        Assert.Empty(list.Update("w", false));
    }
}
