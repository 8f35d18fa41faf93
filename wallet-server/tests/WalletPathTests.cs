using Dash.Common.Time;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

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

    [Fact]
    public async Task A_file_of_the_old_format_is_listed_by_its_own_name_and_nothing_else_is()
    {
        await using TestWallets wallets = new();
        var old = new byte[4096];
        BitConverter.TryWriteBytes(old.AsSpan(12), 0x00053162u); // a B-tree of Berkeley DB
        File.WriteAllBytes(Path.Combine(wallets.Root, "old.dat"), old);
        File.WriteAllBytes(Path.Combine(wallets.Root, "other.dat"), new byte[4096]);
        File.WriteAllBytes(Path.Combine(wallets.Root, "short.dat"), old[..100]);
        File.CreateSymbolicLink(Path.Combine(wallets.Root, "link.dat"), "old.dat");

        Assert.Equal(["old.dat"], wallets.Directory.ListFiles());
        Assert.Throws<WalletException>(() => wallets.Directory.Load("old.dat", null));
    }

    /// <summary>With <c>-nosettings</c> the wallet is there all the same, as in Core.</summary>
    [Fact]
    public async Task What_cannot_be_noted_for_the_next_start_is_an_error_and_the_wallet_is_there()
    {
        using TempDirectory directory = new();
        await using WalletDirectory wallets = new(directory.Path, ChainParams.Regtest, WalletSettings.Default with { KeypoolSize = 5 }, null, new Clock());

        Assert.Throws<WalletException>(() => wallets.Create("w", new NewWalletOptions(), loadOnStart: true));
        Assert.NotNull(wallets.Find("w"));
        await Assert.ThrowsAsync<WalletException>(() => wallets.UnloadAsync("w", loadOnStart: false));
        Assert.Null(wallets.Find("w"));
        Assert.Empty(wallets.Load("w", loadOnStart: false).Warnings);
    }
}
