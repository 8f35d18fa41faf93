using System.Text.Json;
using Dash.Common.Options;
using Dash.Common.Time;
using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Spending;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Wallets that dashd 23.1 made open here and say what dashd said about them.</summary>
public sealed class DashdWalletTests : IAsyncDisposable
{
    private readonly TempDirectory _temp = new();
    private WalletDirectory? _directory;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public async ValueTask DisposeAsync()
    {
        if (_directory is not null)
        {
            await _directory.DisposeAsync();
        }

        _temp.Dispose();
    }

    [Theory]
    [InlineData("miner")]
    [InlineData("plain")]
    [InlineData("encrypted")]
    [InlineData("watch")]
    public async Task Balances_and_counts_are_those_of_dashd(string name)
    {
        var (wallet, expected) = await LoadAttached(name);
        var snapshot = wallet.Snapshot;
        var info = expected.GetProperty("getwalletinfo");

        Assert.Equal(456, snapshot.Tip.Height);
        Assert.Equal(info.GetProperty("txcount").GetInt64(), snapshot.TxCount);
        Assert.Equal(info.GetProperty("walletversion").GetInt32(), snapshot.Version);
        Assert.Equal(info.GetProperty("private_keys_enabled").GetBoolean(), !snapshot.IsWatchOnly);
        var balance = Balances.Of(snapshot);
        var mine = expected.GetProperty("getbalances").GetProperty("mine");
        Assert.Equal(AmountOf(mine.GetProperty("trusted")), balance.Trusted);
        Assert.Equal(AmountOf(mine.GetProperty("untrusted_pending")), balance.UntrustedPending);
        Assert.Equal(AmountOf(mine.GetProperty("immature")), balance.Immature);
        var left = snapshot.ActiveExternal >= 0 ? snapshot.Keychains[snapshot.ActiveExternal].KeysLeft : 0;
        Assert.Equal(info.GetProperty("keypoolsize").GetInt32(), left);
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("encrypted")]
    [InlineData("watch")]
    public async Task Coins_are_those_of_listunspent(string name)
    {
        var (wallet, expected) = await LoadAttached(name);
        var control = CoinControl.Default with { IncludeUnsafe = true, AvoidReuse = false };
        var coins = AvailableCoins.Of(wallet.Snapshot, control, CoinLimits.None, static _ => false);
        var ours = coins.Select(coin =>
            $"{coin.Coin.OutPoint} {wallet.Snapshot.AddressOf(coin.Coin.Script)} {coin.Coin.Value} {coin.Depth} {coin.IsSafe} "
            + $"{AddressDetails.Of(wallet.Snapshot, coin.Coin.Script).Descriptor} {Rounds(wallet, coin.Coin.OutPoint)}");
        var theirs = expected.GetProperty("listunspent").EnumerateArray().Select(coin =>
            $"{coin.GetProperty("txid")}:{coin.GetProperty("vout")} {coin.GetProperty("address")} "
            + $"{AmountOf(coin.GetProperty("amount"))} {coin.GetProperty("confirmations")} {coin.GetProperty("safe").GetBoolean()} "
            + $"{coin.GetProperty("desc")} {coin.GetProperty("coinjoin_rounds")}");
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("encrypted")]
    [InlineData("watch")]
    public async Task Transactions_are_those_of_listtransactions(string name)
    {
        var (wallet, expected) = await LoadAttached(name);
        using var view = wallet.OpenView();
        var ours = new List<string>();
        foreach (var tx in view.NewestFirst())
        {
            var amounts = view.AmountsOf(tx);
            var depth = tx.State.DepthAt(view.Snapshot.Tip.Height);
            ours.AddRange(amounts.Sent.Select(entry =>
                $"{tx.Txid} send {entry.Address} {-entry.Value} {entry.Label} {entry.Index} {-amounts.Fee} {depth} {tx.Time} {tx.TimeReceived}"));
            ours.AddRange(amounts.Received.Select(entry =>
                $"{tx.Txid} receive {entry.Address} {entry.Value} {entry.Label} {entry.Index}  {depth} {tx.Time} {tx.TimeReceived}"));
        }

        var theirs = expected.GetProperty("listtransactions").EnumerateArray().Select(entry =>
            $"{entry.GetProperty("txid")} {entry.GetProperty("category")} {entry.GetProperty("address")} "
            + $"{AmountOf(entry.GetProperty("amount"))} {Text(entry, "label")} {entry.GetProperty("vout")} "
            + $"{(entry.TryGetProperty("fee", out var fee) ? AmountOf(fee) : "")} "
            + $"{entry.GetProperty("confirmations")} {entry.GetProperty("time")} {entry.GetProperty("timereceived")}");
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("miner")]
    [InlineData("plain")]
    [InlineData("encrypted")]
    [InlineData("watch")]
    public async Task Descriptors_are_those_of_listdescriptors(string name)
    {
        var (wallet, expected) = await LoadAttached(name);
        var snapshot = wallet.Snapshot;
        var ours = snapshot.Keychains.Select((keychain, place) =>
            $"{keychain.ToPublicText()} {keychain.CreationTime} {place == snapshot.ActiveExternal || place == snapshot.ActiveInternal} "
            + $"{keychain.IsCoinJoin(snapshot.Chain)} {keychain.RangeStart} {keychain.RangeEnd - 1} {keychain.NextIndex}");
        var theirs = expected.GetProperty("listdescriptors").GetProperty("descriptors").EnumerateArray().Select(item =>
            $"{item.GetProperty("desc")} {item.GetProperty("timestamp")} {item.GetProperty("active").GetBoolean()} "
            + $"{item.TryGetProperty("coinjoin", out var coinJoin) && coinJoin.GetBoolean()} "
            + $"{item.GetProperty("range")[0]} {item.GetProperty("range")[1]} {item.GetProperty("next")}");
        Assert.Equal(theirs.Order(StringComparer.Ordinal), ours.Order(StringComparer.Ordinal));
    }

    [Fact]
    public async Task Labels_locks_and_words_are_read()
    {
        var (wallet, expected) = await LoadAttached("plain");
        var snapshot = wallet.Snapshot;
        Assert.Equal(
            expected.GetProperty("listlabels").EnumerateArray().Select(label => label.GetString()),
            snapshot.AddressBook.Labels());
        var locked = Assert.Single(expected.GetProperty("listlockunspent").EnumerateArray());
        Assert.Equal(
            [new OutPoint(Txid.Parse(locked.GetProperty("txid").GetString()!), locked.GetProperty("vout").GetUInt32())],
            snapshot.LockedCoins.Keys);

        var secret = Expected().GetProperty("private_descriptors_plain").GetProperty("descriptors");
        foreach (var item in secret.EnumerateArray())
        {
            var text = item.GetProperty("desc").GetString();
            var keychain = Assert.Single(snapshot.Keychains, keychain => keychain.ToPrivateText(wallet.Keys) == text);
            Assert.Equal(item.GetProperty("mnemonic").GetString(), wallet.Keys.Words(keychain.Id).Mnemonic);
        }
    }

    [Theory]
    [InlineData("plain")]
    [InlineData("encrypted")]
    public async Task Addresses_are_those_of_getaddressinfo(string name)
    {
        var (wallet, expected) = await LoadAttached(name);
        foreach (var item in expected.GetProperty("getaddressinfo").EnumerateObject())
        {
            var details = AddressDetails.Of(wallet.Snapshot, Scenarios.ScriptOf(item.Name));
            Assert.Equal(item.Value.GetProperty("address").GetString(), details.Address);
            Assert.Equal(item.Value.GetProperty("ismine").GetBoolean(), details.IsMine);
            Assert.Equal(item.Value.GetProperty("solvable").GetBoolean(), details.IsSolvable);
            Assert.Equal(item.Value.GetProperty("desc").GetString(), details.Descriptor);
            Assert.Equal(item.Value.GetProperty("parent_desc").GetString(), details.Keychain?.ToPublicText());
            Assert.Equal(item.Value.GetProperty("pubkey").GetString(), details.Key?.Key.ToString());
            Assert.Equal(item.Value.GetProperty("hdkeypath").GetString(), details.Key?.Origin.PathText);
            Assert.Equal(item.Value.GetProperty("hdmasterfingerprint").GetString(), details.Key?.Origin.FingerprintHex);
            Assert.Equal(item.Value.GetProperty("ischange").GetBoolean(), details.IsChange);
            Assert.Equal(item.Value.GetProperty("timestamp").GetInt64(), details.Keychain?.CreationTime);
            var labels = item.Value.GetProperty("labels").EnumerateArray().Select(label => label.GetString());
            Assert.Equal(labels, details.Label is { } label ? [label] : []);
        }
    }

    [Fact]
    public async Task The_comments_of_payments_are_read()
    {
        var (wallet, expected) = await LoadAttached("plain");
        using var view = wallet.OpenView();
        foreach (var item in expected.GetProperty("gettransaction").EnumerateObject())
        {
            var tx = view.Find(Txid.Parse(item.Name))!;
            Assert.Equal(item.Value.GetProperty("hex").GetString(), Convert.ToHexStringLower(tx.Tx.ToBytes()));
            Assert.Equal(Text(item.Value, "comment"), tx.Notes.GetValueOrDefault("comment", ""));
            Assert.Equal(Text(item.Value, "to"), tx.Notes.GetValueOrDefault("to", ""));
            Assert.Equal(AmountOf(item.Value.GetProperty("amount")), view.AmountsOf(tx).Net);
        }
    }

    [Fact]
    public async Task An_encrypted_wallet_signs_only_when_opened()
    {
        var (wallet, _) = await LoadAttached("encrypted");
        Assert.True(wallet.Keys.IsLocked);
        using (var reservation = await wallet.ReserveAsync(
            [new Payment(TestChain.Stranger, Scenarios.Coins(1))], CoinControl.Default, FeeMarket.Quiet, Ct))
        {
            var refusal = await Assert.ThrowsAsync<WalletException>(() => wallet.Sign(reservation.Payment));
            Assert.Equal(WalletError.UnlockNeeded, refusal.Error);
            var wrong = await Assert.ThrowsAsync<WalletException>(() => wallet.UnlockAsync("wrong", 60, false, null, Ct));
            Assert.Equal("Error: The wallet passphrase entered was incorrect.", wrong.Message);
            await wallet.UnlockAsync("correct horse", 60, false, null, Ct);
            await wallet.Sign(reservation.Payment);
        }

        wallet.Lock(null);
        Assert.True(wallet.Keys.IsLocked);
    }

    [Fact]
    public async Task Being_opened_and_closed_here_leaves_every_record_as_it_was()
    {
        var directory = SharedVectors.UnpackDashdWallets(_temp);
        var file = Path.Combine(directory, "plain", "wallet.dat");
        var before = ForeignWrites.Records(file);
        Open(directory).Load("plain", null);
        await _directory!.UnloadAsync("plain", null);
        Assert.Equal(before, ForeignWrites.Records(file));
        Assert.Equal(["wallet.dat"], Directory.GetFiles(Path.GetDirectoryName(file)!).Select(Path.GetFileName));
    }

    private static int Rounds(Wallet wallet, OutPoint outPoint)
    {
        using var view = wallet.OpenView();
        return view.MixingRoundsOf(outPoint);
    }

    private static Amount AmountOf(JsonElement json) =>
        Amount.TryParse(json.GetRawText(), out var amount) ? amount : throw new FormatException(json.GetRawText());

    private static string? Text(JsonElement json, string name) => json.TryGetProperty(name, out var text) ? text.GetString() : "";

    private static JsonElement Expected()
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(SharedVectors.Require("dashd-regtest/expected.json")));
        return document.RootElement.Clone();
    }

    private WalletDirectory Open(string directory)
    {
        var clock = new Clock();
        clock.SetMockTime(1_700_068_400);
        return _directory = new WalletDirectory(
            directory, ChainParams.Regtest, WalletSettings.Default, SettingsFile.Read(_temp.File("settings.json")), clock);
    }

    // Loads a wallet and tells it what a node with dashd's chain and mempool would.
    private async Task<(Wallet Wallet, JsonElement Expected)> LoadAttached(string name)
    {
        var wallet = Open(SharedVectors.UnpackDashdWallets(_temp)).Load(name, null).Wallet;
        var all = Expected();
        var heights = all.GetProperty("blocks").EnumerateArray().Select((hash, height) => (hash.GetString()!, height))
            .ToDictionary(item => BlockHash.Parse(item.Item1), item => item.height);
        var answers = wallet.Snapshot.UnknownBlocks.ToDictionary(
            hash => hash,
            hash => heights.TryGetValue(hash, out var height)
                ? new HeaderFacts(hash, height, 1_700_000_000 + (height * 150), 1_700_000_000 + (height * 150), true)
                : null);
        await wallet.ResolveAsync(answers, Ct);
        Assert.Empty(wallet.Snapshot.UnknownBlocks);
        await wallet.SetMempoolAsync([.. wallet.Snapshot.Pending.Values.Select(pending => pending.Tx.Tx)], Ct);
        return (wallet, all.GetProperty("wallets").GetProperty(name));
    }
}
