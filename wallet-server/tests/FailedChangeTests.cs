using Dash.WalletServer.Keys;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

/// <summary>What a change leaves behind that could not be stored: nothing.</summary>
public sealed class FailedChangeTests
{
    private static CancellationToken Ct => TestWallets.Ct;

    [Fact]
    public async Task Scripts_of_an_import_that_found_no_room_are_nobodys()
    {
        await using var wallets = new TestWallets();
        var (chain, wallet) = (new TestChain(), wallets.Create());
        await wallet.Connect(chain["genesis"]);
        var own = await wallet.NewScript();
        using var lost = TestDescriptors.Ranged(1);
        var lostScript = lost.ScriptAt(7);
        await wallet.FillDiskAsync();
        await Assert.ThrowsAsync<WalletException>(() => wallet.Import(lost));
        Assert.False(wallet.Snapshot.IsMine(lostScript));

        await wallet.GiveRoomAsync();
        var block = chain.Mine("a1", "genesis", null, chain.Pay((lostScript, Coins(3)), (own, Coins(2))), chain.Pay((lostScript, Coins(4))));
        Assert.True(await wallet.Connect(block));
        Assert.Equal(Coins(2), wallet.Balance().Trusted);

        // Another one takes the place that the first did not get.
        using var other = TestDescriptors.Ranged(2);
        await wallet.Import(other);
        Assert.True(await wallet.Connect(chain.Mine("a2", "a1", null, chain.Pay((lostScript, Coins(5)), (other.ScriptAt(7), Coins(1))))));
        Assert.Equal(Coins(3), wallet.Balance().Trusted);

        // What is known pays it by now.
        await wallet.Import(lost);
        Assert.Equal(Coins(11), wallet.Balance().Trusted);
        Assert.Equal((lost.Descriptor.Id, 7), (wallet.Snapshot.FindKey(lostScript)!.Value.Keychain.Id, wallet.Snapshot.FindKey(lostScript)!.Value.Index));
        var before = wallet.Describe();
        wallet = await wallets.Reload(wallet);
        Assert.Equal(before.Split('\n').Where(static line => line.StartsWith("coin", StringComparison.Ordinal)), wallet.Describe().Split('\n').Where(static line => line.StartsWith("coin", StringComparison.Ordinal)));
        Assert.Equal(lost.Descriptor.Id, wallet.Snapshot.FindKey(lostScript)!.Value.Keychain.Id);
    }

    [Fact]
    public async Task Scripts_of_a_refused_decision_go_and_those_beside_it_stay()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        using var one = TestDescriptors.Ranged(1);
        using var refused = TestDescriptors.Ranged(2);
        using var three = TestDescriptors.Ranged(3);
        Task first, second, third;
        using (var held = await HeldWriter.HoldAsync(wallet))
        {
            first = wallet.Import(one);
            second = wallet.Import(refused, static () => throw new InvalidOperationException("refused after all"));
            third = wallet.Import(three);
            await held.ReleaseAsync();
        }

        await first;
        await Assert.ThrowsAsync<InvalidOperationException>(() => second);
        await third;
        Assert.True(wallet.Snapshot.IsMine(one.ScriptAt(400)));
        Assert.False(wallet.Snapshot.IsMine(refused.ScriptAt(400)));
        Assert.Equal(three.Descriptor.Id, wallet.Snapshot.FindKey(three.ScriptAt(400))?.Keychain.Id);
        wallet = await wallets.Reload(wallet);
        Assert.True(wallet.Snapshot.IsMine(one.ScriptAt(400)) && wallet.Snapshot.IsMine(three.ScriptAt(400)));
    }

    [Fact]
    public async Task A_search_that_began_before_scripts_came_in_does_not_hold_for_them()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        using var added = TestDescriptors.Ranged(1);
        var matches = Dash.WalletServer.Ledger.BlockMatch.Scan(new TestChain()["genesis"].Data, wallet.Snapshot);
        Assert.True(matches.HoldsFor(wallet.Snapshot));
        await wallet.Import(added);
        Assert.False(matches.HoldsFor(wallet.Snapshot));
    }
}
