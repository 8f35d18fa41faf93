using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Unloading when the disk takes nothing, or somebody who is told of it fails: the wallet is closed all the same.</summary>
public sealed class FullDiskUnloadTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_wallet_is_unloaded_from_a_full_disk_and_goes_on_from_an_earlier_block_when_there_is_room()
    {
        await using TestWallets wallets = new();
        var (wallet, blocks) = await MovedInMemoryAsync(wallets, "w");
        var stored = wallet.Snapshot.StoredTip;
        Assert.NotEqual(stored, wallet.Snapshot.Tip);
        await wallet.FillDiskAsync();
        List<Wallet> unloaded = [];
        List<string> reasons = [];
        wallets.Directory.Unloaded += unloaded.Add;
        wallets.Directory.NotStored += (_, reason) => reasons.Add(reason);
        var (nextEvent, nextChange) = (wallet.NextEvent, wallet.NextChange);

        await wallets.Directory.UnloadAsync("w", null);

        Assert.Equal([wallet], unloaded);
        Assert.Contains("full", Assert.Single(reasons), StringComparison.Ordinal);
        Assert.True(nextEvent.IsCompleted && nextChange.IsCompleted);
        Assert.Equal(["wallet.dat"], Directory.GetFiles(Path.Combine(wallets.Root, "w")).Select(Path.GetFileName));
        var again = wallets.Directory.Load("w", null).Wallet;
        Assert.Equal(stored, again.Snapshot.Tip);
        Assert.True(await again.Connect(blocks));
        Assert.Equal(wallet.Snapshot.Tip, again.Snapshot.Tip);
        await again.NewAddressAsync("", Ct);
    }

    [Fact]
    public async Task At_the_end_of_the_daemon_those_after_it_are_closed_too()
    {
        await using TestWallets wallets = new();
        var (first, _) = await MovedInMemoryAsync(wallets, "first");
        var (second, _) = await MovedInMemoryAsync(wallets, "second");
        await first.FillDiskAsync();
        var directory = wallets.Directory;
        directory.Unloading += wallet =>
        {
            if (wallet == second)
            {
                throw new InvalidOperationException("a bug");
            }
        };
        var third = wallets.Create("third");
        List<Wallet> unloaded = [];
        directory.Unloaded += unloaded.Add;

        var failure = await Assert.ThrowsAsync<AggregateException>(async () => await directory.DisposeAsync());

        Assert.Equal("a bug", Assert.Single(failure.InnerExceptions).Message);
        Assert.Equal([first, second, third], unloaded);
        Assert.Empty(directory.All);
        wallets.Open(new WalletSettings { KeypoolSize = 20 });
        foreach (var name in (string[])["first", "second", "third"])
        {
            wallets.Directory.Load(name, null);
        }

        Assert.Equal(second.Snapshot.Tip, wallets.Directory.Find("second")?.Snapshot.Tip);
    }

    // It stores where it is with the next change only.
    private static async Task<(Wallet Wallet, BlockFacts[] Blocks)> MovedInMemoryAsync(TestWallets wallets, string name)
    {
        var wallet = wallets.Create(name);
        TestChain chain = new();
        await wallet.Connect(chain["genesis"]);
        BlockFacts[] blocks = [.. chain.MineMany("b", "genesis", 90)];
        Assert.True(await wallet.Connect(blocks));
        return (wallet, blocks);
    }
}
