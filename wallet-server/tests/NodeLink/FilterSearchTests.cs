using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.NodeLink;

/// <summary>Looking through the chain by the filters a node keeps.</summary>
public sealed class FilterSearchTests
{
    private static readonly Amount Five = new(500_000_000);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Only_blocks_that_concern_the_wallet_are_fetched()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        host.Chain.Mine(host.Chain.Pay(await WalletHost.NewScriptAsync(wallet), Five));
        host.Chain.MineMany(20);

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
        Assert.Equal([21], host.Chain.Served);
        Assert.Contains(host.Log.Lines, static line => line.Contains("fast variant using block filters", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Filters_behind_a_match_are_not_fetched_again()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        for (var i = 0; i < 5; i++)
        {
            host.Chain.MineMany(3);
            host.Chain.Mine(host.Chain.Pay(script, Five));
        }

        host.Chain.MineMany(3);
        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(new Amount(5 * Five.Duffs), WalletHost.Trusted(wallet));
        Assert.Equal([4, 8, 12, 16, 20], host.Chain.Served);
        Assert.Equal([0, 23], host.Chain.FiltersAsked); // the second finds nothing: the tip
    }

    [Fact]
    public async Task Filters_of_blocks_that_left_the_chain_meanwhile_are_not_used()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        var wallet = await host.NewWalletAsync("alice");
        var script = await WalletHost.NewScriptAsync(wallet);
        host.Chain.MineMany(3);
        host.Chain.Mine(host.Chain.Pay(script, Five));
        host.Chain.MineMany(5);
        FilterSearch search = new(host.Chain.Connect(), host.Chain.Network);
        Follower[] followers = [new(wallet)];
        var first = await search.NextAsync(new BlockPoint(host.Chain.Network.Genesis.Hash, 0), followers, Ct);
        Assert.Equal(4, first[^1].Height);

        host.Chain.Cut(4);
        host.Chain.MineMany(2);
        var second = await search.NextAsync(first[^1].Point, followers, Ct);

        Assert.Equal(host.Chain.Tip.Hash, second[^1].Hash);
        Assert.Equal([0, 4], host.Chain.FiltersAsked);
    }

    [Fact]
    public async Task A_search_that_takes_long_goes_on_where_it_stopped()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(5);
        host.Chain.Mine(host.Chain.Pay(await WalletHost.NewScriptAsync(wallet), Five));
        host.Chain.MineMany(2);
        FilterSearch search = new(host.Chain.Connect(), host.Chain.Network, TimeSpan.Zero);
        Follower[] followers = [new(wallet)];
        var at = new BlockPoint(host.Chain.Network.Genesis.Hash, 0);
        for (var height = 1; height <= 8; height++)
        {
            var block = Assert.Single(await search.NextAsync(at, followers, Ct));
            Assert.Equal(height, block.Height);
            at = block.Point;
        }

        Assert.Equal([6], host.Chain.Served);
        Assert.Equal([0], host.Chain.FiltersAsked);
        Assert.Empty(await search.NextAsync(at, followers, Ct)); // the tip
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_the_look_ahead_grows_by_is_found_as_without_filters(bool hasFilters)
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = hasFilters;
        var wallet = await host.NewWalletAsync("alice");
        var keychain = wallet.Snapshot.Keychains[wallet.Snapshot.ActiveExternal];
        var wide = keychain with { RangeEnd = 100 };
        foreach (var index in (int[])[9, 18, 27, 36])
        {
            host.Chain.Mine(host.Chain.Pay(wide.ScriptAt(index), Five));
            host.Chain.MineMany(3);
        }

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(new Amount(4 * Five.Duffs), WalletHost.Trusted(wallet));
    }

    // The index has them while they are being decided, before the state has: what is then searched for must not count as searched by all.
    [Fact]
    public async Task Scripts_that_are_stored_during_a_search_are_searched_for_afterwards()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        var wallet = await host.NewWalletAsync("alice");
        using var secret = TestDescriptors.Ranged(1);
        host.Chain.MineMany(3);
        host.Chain.Mine(host.Chain.Pay(secret.ScriptAt(7), Five));
        host.Chain.MineMany(5);
        FilterSearch search = new(host.Chain.Connect(), host.Chain.Network);
        Follower[] followers = [new(wallet)];
        BlockPoint genesis = new(host.Chain.Network.Genesis.Hash, 0);
        var version = wallet.Snapshot.Scripts.Version;
        IReadOnlyList<BlockFacts> told;
        using (var before = await HeldWriter.HoldAsync(wallet))
        {
            var import = wallet.Import(secret);
            await before.QueuedAsync(1);
            var isDecided = HeldWriter.HoldAsync(wallet);
            await before.QueuedAsync(2);
            await before.ReleaseAsync();
            using var behind = await isDecided;
            Assert.NotEqual(version, wallet.Snapshot.Scripts.Version);
            told = await search.NextAsync(genesis, followers, Ct);
            await behind.ReleaseAsync();
            await import;
        }

        Assert.Equal(host.Chain.Tip.Hash, told[^1].Hash);
        Assert.True(await wallet.ConnectAsync(told, matches: null, 0, Ct));
        Assert.NotEqual(told[^1].Hash, wallet.Snapshot.Tip.Hash);
        var again = await search.NextAsync(genesis, followers, Ct);
        Assert.Equal(4, again[^1].Height);
        Assert.Null(again[^1].Searched);
        Assert.True(await wallet.ConnectAsync(again, matches: null, 0, Ct));
        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    // Whoever asks for addresses all the time would otherwise keep a wallet from ever catching up.
    [Fact]
    public async Task Scripts_that_are_added_during_each_search_do_not_hold_a_wallet_up()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(20);
        host.Chain.Mine(host.Chain.Pay(await WalletHost.NewScriptAsync(wallet), Five));
        host.Chain.MineMany(20);
        host.Chain.BeforeFilters = () => WalletHost.NewScriptAsync(wallet);

        host.Attach();
        await host.SyncedAsync();

        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task A_rescan_uses_them_too()
    {
        await using WalletHost host = new();
        host.Chain.HasFilters = true;
        var wallet = await host.NewWalletAsync("alice");
        host.Chain.MineMany(10);
        host.Chain.Mine(host.Chain.Pay(await WalletHost.NewScriptAsync(wallet), Five));
        host.Chain.MineMany(10);
        host.Attach();
        await host.SyncedAsync();
        host.Chain.Served.Clear();

        var outcome = await host.Sync.RescanAsync(wallet, 0, null, Ct);

        Assert.Equal(21, outcome.StopHeight);
        Assert.Equal([11], host.Chain.Served);
        Assert.Equal(Five, WalletHost.Trusted(wallet));
    }

    [Fact]
    public async Task Where_a_rescan_may_begin_outlives_the_process()
    {
        await using WalletHost host = new(WalletSettings.Default with { KeypoolSize = 10, RescanMode = 1 });
        var wallet = await host.NewWalletAsync("alice");
        var rescan = host.Sync.RescanLoadedAsync(wallet);
        await WalletHost.UntilAsync(() => wallet.Snapshot.Jobs.Any());
        var since = wallet.Snapshot.Jobs[^1].Since;
        Assert.NotNull(since);

        await host.Wallets.UnloadAsync("alice", null);
        await Assert.ThrowsAnyAsync<Exception>(() => rescan);
        wallet = await host.LoadAsync("alice");

        Assert.Equal(since, wallet.Snapshot.Jobs[^1].Since);
    }
}
