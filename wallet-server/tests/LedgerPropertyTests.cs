using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

/// <summary>However a wallet lived, it ends where a fresh one does that only sees the final chain.</summary>
public sealed class LedgerPropertyTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(11)]
    [InlineData(12)]
    [InlineData(13)]
    [InlineData(14)]
    [InlineData(15)]
    [InlineData(16)]
    [InlineData(17)]
    [InlineData(18)]
    public async Task A_random_life_ends_in_the_state_of_a_rescan(int seed)
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 50 });
        var life = new RandomLife(wallets, seed);
        for (var step = 0; step < 120; step++)
        {
            await life.Step();
        }

        // What still waits spends coins that a fresh wallet has: it is given up first, or taken out where InstantSend holds it.
        var lived = life.Alice;
        await lived.SetMempoolAsync([], Ct);
        await lived.RemoveAsync(static tx => tx.State.IsPending && tx.IsInstantLocked, Ct);
        foreach (var waiting in lived.Snapshot.Pending.Select(pending => pending.Key).ToList())
        {
            if (lived.Snapshot.Pending.ContainsKey(waiting))
            {
                await lived.AbandonAsync(waiting, Ct);
            }
        }

        var fresh = wallets.Create("fresh", new NewWalletOptions { Mnemonic = RandomLife.Words });
        await fresh.Connect([.. life.Chain]);
        await fresh.LockAsync([.. life.Locked], Finality.InstantSend, Ct);
        await fresh.LockChainAsync(life.ChainLock, Ct);
        Assert.Equal(Confirmed(fresh), Confirmed(lived));
        Assert.Equal(Balances.Of(fresh.Snapshot), Balances.Of(lived.Snapshot));
        Assert.Equal(Balances.Of(fresh.Snapshot, minDepth: 4, addLocked: true), Balances.Of(lived.Snapshot, minDepth: 4, addLocked: true));
        Assert.Equal(Recount(lived), lived.Snapshot.ConfirmedSum);
        var before = lived.Describe();
        lived = await wallets.Reload(lived);
        Assert.Equal(before, lived.Describe());

        // Made anew the tables are what they were, whether another program wrote or they are of an earlier version of this one.
        var file = Path.Combine(wallets.Root, "w", "wallet.dat");
        await wallets.Directory.UnloadAsync(lived.Name, null);
        var (tables, scripts) = (ForeignWrites.Rows(file, Derived), ForeignWrites.Rows(file, Scripts));
        foreach (var change in (Action<string>[])[ForeignWrites.Touch, BringBackAnEarlierLayout])
        {
            change(file);
            Assert.Equal(before, wallets.Directory.Load("w", null).Wallet.Describe());
            await wallets.Directory.UnloadAsync("w", null);
            Assert.Equal(tables, ForeignWrites.Rows(file, Derived));
            Assert.Equal(scripts.Count > 0, ForeignWrites.Rows(file, Scripts).Count > 0);
        }
    }

    // But that somebody once spent the same, whom nobody knows any more.
    private const string Derived =
        "SELECT hex(txid) || quote(position) || quote(block) || quote(height) || pending || ' ' || time || ' ' || state || ' ' || (flags & 1) || ' ' "
        + "|| debit || ' ' || own FROM dw_tx UNION ALL SELECT hex(outpoint) || hex(txid) FROM dw_spend "
        + "UNION ALL SELECT hex(script) || hex(txid) || vout || ' ' || value FROM dw_received "
        + "UNION ALL SELECT hex(outpoint) || value || ' ' || hex(script) || height || ' ' || flags || ' ' || time FROM dw_coin "
        + "UNION ALL SELECT name FROM sqlite_master WHERE name LIKE 'dw_%' ORDER BY 1";

    private const string Scripts = "SELECT hex(chain) || first || hex(marks) || hex(keys) FROM dw_script WHERE keys IS NOT NULL ORDER BY 1";

    private static void BringBackAnEarlierLayout(string file) => ForeignWrites.Run(
        file,
        "UPDATE dw_stamp SET layout = 3; DROP TABLE dw_script; CREATE TABLE dw_script(chain BLOB NOT NULL, first INTEGER NOT NULL, "
        + "marks BLOB NOT NULL, PRIMARY KEY(chain, first)) WITHOUT ROWID");

    private static Amount Recount(Wallet wallet) => wallet.Snapshot.Coins.Values.Where(coin => coin.IsConfirmed)
        .Aggregate(Amount.Zero, (sum, coin) => sum + coin.Value);

    private static IReadOnlyList<string> Confirmed(Wallet wallet)
    {
        using var view = wallet.OpenView();
        var confirmed = view.NewestFirst().Where(tx => tx.State is TxState.Confirmed).ToList();
        var coins = view.Snapshot.Coins.Values.Select(coin => $"{coin.OutPoint} {coin.Value} {coin.Height} {coin.FromMe} {coin.IsInstantLocked}");
        return [.. confirmed.Select(tx => $"{tx.Txid} {tx.State} {tx.IsInstantLocked} {view.Snapshot.IsChainLocked(tx)}").Concat(coins).Order(StringComparer.Ordinal)];
    }
}
