using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Primitives.Addresses;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests.Scenario;

/// <summary>A wallet directory in a temporary place, and what tests do with its wallets.</summary>
internal sealed class TestWallets : IAsyncDisposable
{
    /// <summary>The time tests start at, seconds since 1970.</summary>
    public const long Birth = 1_700_000_000;

    private readonly TempDirectory _temp = new();

    public TestWallets(WalletSettings? settings = null)
    {
        Clock = new Clock();
        Clock.SetMockTime(Birth);
        Directory = Open(settings ?? new WalletSettings { KeypoolSize = 20 });
    }

    public Clock Clock { get; }

    public WalletDirectory Directory { get; private set; }

    public string Root => _temp.Path;

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public Wallet Create(string name = "w", NewWalletOptions? options = null) =>
        Directory.Create(name, options ?? new NewWalletOptions(), loadOnStart: null).Wallet;

    /// <summary>Unloads and loads again.</summary>
    public async Task<Wallet> Reload(Wallet wallet)
    {
        await Directory.UnloadAsync(wallet.Name, null);
        return Directory.Load(wallet.Name, null).Wallet;
    }

    public WalletDirectory Open(WalletSettings settings) => Directory = new WalletDirectory(
        _temp.Path, ChainParams.Regtest, settings with { AllowsOtherChain = true }, SettingsFile.Read(_temp.File("settings.json")), Clock);

    public async ValueTask DisposeAsync()
    {
        await Directory.DisposeAsync();
        _temp.Dispose();
    }
}

/// <summary>Short forms for scenarios.</summary>
internal static class Scenarios
{
    private static CancellationToken Ct => TestWallets.Ct;

    public static Amount Coins(double amount) => new((long)Math.Round(amount * Amount.DuffsPerDash));

    public static Script ScriptOf(string address) =>
        AddressCodec.TryDecode(address, ChainParams.Regtest.Prefixes, out var destination, out var error)
            ? destination.ToScript()
            : throw new ArgumentException(error);

    public static async Task<Script> NewScript(this Wallet wallet, string label = "") =>
        ScriptOf(await wallet.NewAddressAsync(label, Ct));

    public static Task<bool> Connect(this Wallet wallet, params BlockFacts[] blocks) =>
        wallet.ConnectAsync(blocks, null, wallet.Clock.UnixSeconds, Ct);

    public static Task<bool> Mempool(this Wallet wallet, params Transaction[] txs) => wallet.AddMempoolAsync(txs, wallet.Clock.UnixSeconds, Ct);

    public static Balance Balance(this Wallet wallet) => Balances.Of(wallet.Snapshot);

    /// <summary>Pays, signs, stores, and says that the mempool took it.</summary>
    public static async Task<Transaction> Send(this Wallet wallet, Script to, Amount value, CoinControl? control = null)
    {
        using var reservation = await wallet.ReserveAsync(
            [new Payment(to, value)], control ?? CoinControl.Default, FeeMarket.Quiet, Ct);
        var signed = await wallet.Sign(reservation.Payment);
        await wallet.CommitAsync(signed, WalletTx.NoNotes, Ct);
        await wallet.MarkInMempoolAsync(signed.Txid, Ct);
        return signed;
    }

    public static async Task<Transaction> Sign(this Wallet wallet, BuiltPayment payment)
    {
        var signed = await wallet.Signer.SignAsync(
            payment.Tx, [.. payment.Spent], wallet.Snapshot.OwnersOf, SigHashType.All, Ct);
        Assert.Empty(signed.Errors);
        return signed.Tx;
    }

    /// <summary>Everything a reader could see that follows from facts, as text to compare.</summary>
    public static string Describe(this Wallet wallet)
    {
        using var view = wallet.OpenView();
        var snapshot = view.Snapshot;
        var lines = new List<string>
        {
            $"tip {snapshot.Tip.Hash} {snapshot.Tip.Height}",
            $"balance {Balances.Of(snapshot)}",
            $"txs {snapshot.TxCount} next {snapshot.NextPosition}",
        };
        lines.AddRange(snapshot.Coins.Values.Select(coin => $"coin {coin}").Order(StringComparer.Ordinal));
        lines.AddRange(snapshot.Keychains.Select(chain => $"chain {chain.Text} {chain.NextIndex} {chain.RangeEnd}"));
        lines.AddRange(snapshot.AddressBook.Entries.Select(entry => $"address {entry}").Order(StringComparer.Ordinal));
        lines.AddRange(snapshot.LockedCoins.Keys.Select(coin => $"locked {coin}").Order(StringComparer.Ordinal));
        foreach (var tx in view.NewestFirst())
        {
            var state = tx.State is TxState.InMempool ? TxState.Inactive.Waiting : tx.State;
            lines.Add($"tx {tx.Txid} {state} {tx.Position} {tx.Time} {tx.FromMe} {string.Join(',', tx.Notes)}");
        }

        return string.Join('\n', lines);
    }
}
