using Dash.WalletServer.Keys;
using Dash.WalletServer.Tests.Scenario;

namespace Dash.WalletServer.Tests;

public sealed class WalletPathTests
{
    [Theory]
    [InlineData("w8", false)] // to a file
    [InlineData("nothing", false)]
    [InlineData("w", true)]
    public async Task A_link_names_a_wallet_only_when_it_leads_to_a_directory(string target, bool isTaken)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a privilege there");
        await using TestWallets wallets = new();
        var wallet = wallets.Create();
        await wallets.Directory.UnloadAsync(wallet.Name, null);
        File.Copy(Path.Combine(wallets.Root, "w", "wallet.dat"), Path.Combine(wallets.Root, "w8"));
        File.CreateSymbolicLink(Path.Combine(wallets.Root, "link"), target);

        var refused = Record.Exception(() => wallets.Directory.Load("link", null));

        Assert.Equal(isTaken, refused is null);
        if (refused is not null)
        {
            Assert.Contains("Invalid -wallet path 'link'", Assert.IsType<WalletException>(refused).Message, StringComparison.Ordinal);
        }
    }

    [Theory]
    [InlineData("/")]
    [InlineData("//")]
    public async Task The_root_of_all_is_a_name_like_any_other(string name)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "there is no such path");
        await using TestWallets wallets = new();
        var refused = Assert.Throws<WalletException>(() => wallets.Directory.Load(name, null));
        Assert.Equal(WalletError.NotFound, refused.Error);
        Assert.Contains("Failed to load database path '/'. Data is not in recognized format.", refused.Message, StringComparison.Ordinal);
    }
}
