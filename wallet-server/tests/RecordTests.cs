using System.Globalization;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using Microsoft.Data.Sqlite;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

/// <summary>Each kind of record: read, and written again from what was read, it has the bytes it had.</summary>
public sealed class RecordTests
{
    private const string Known = "yVg3NBUHNEhgDceqwVUjsZHreC5PBHnUo9";

    // Every kind there is in a wallet of descriptors.
    private static readonly string[] Kinds =
    [
        RecordName.ActiveExternal, RecordName.ActiveInternal, RecordName.BestBlock, RecordName.BestBlockNoMerkle, RecordName.CoinJoinSalt,
        RecordName.Descriptor, RecordName.DescriptorCache, RecordName.DescriptorCryptedKey, RecordName.DescriptorKey,
        RecordName.DescriptorLastHardenedCache, RecordName.Destination, RecordName.Flags, RecordName.LockedCoin, RecordName.MasterKey,
        RecordName.MinVersion, RecordName.Name, RecordName.OrderPosNext, RecordName.Purpose, RecordName.Transaction, RecordName.Version,
    ];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("miner", "")]
    [InlineData("plain", "")]
    [InlineData("encrypted", "correct horse")]
    [InlineData("watch", "")]
    public void Records_that_dashd_wrote_are_written_again_byte_by_byte(string name, string passphrase)
    {
        using TempDirectory temp = new();
        var file = Path.Combine(SharedVectors.UnpackDashdWallets(temp), name, "wallet.dat");
        Assert.Equal(ForeignWrites.Records(file), Again(file, passphrase));
    }

    [Fact]
    public async Task Records_of_every_kind_are_written_again_byte_by_byte()
    {
        await using var wallets = new TestWallets();
        var plain = await Live(wallets, "plain");
        var secret = await Live(wallets, "secret");
        await secret.EncryptAsync("a passphrase", Ct);
        await secret.ChangePassphraseAsync("a passphrase", "another", Ct);
        await wallets.Directory.UnloadAsync("plain", null);
        await wallets.Directory.UnloadAsync("secret", null);
        var (first, second) = (FileOf(wallets, "plain"), FileOf(wallets, "secret"));

        Assert.Equal(ForeignWrites.Records(first), Again(first, ""));
        Assert.Equal(ForeignWrites.Records(second), Again(second, "another"));
        var seen = ForeignWrites.Records(first).Concat(ForeignWrites.Records(second)).Select(NameOf).Distinct().Order(StringComparer.Ordinal);
        Assert.Equal(Kinds.Order(StringComparer.Ordinal), seen);
    }

    // Kinds of other programs, of wallets without descriptors, and notes on addresses that only Dash Core's window makes.
    [Fact]
    public async Task Records_of_other_kinds_stay_whatever_is_done()
    {
        await using var wallets = new TestWallets();
        var wallet = await Live(wallets, "w");
        await wallets.Directory.UnloadAsync("w", null);
        string[] foreign =
        [
            Line("future\u0001", "beef"),
            Line("g_object", "00", new string('1', 64)),
            Line("destdata", Hex("\u0005a note"), Hex($"\u0022{Known}\u0003rr7")),
            Line("hdchain", "01"),
            Line("keymeta", "00", "21" + new string('2', 66)),
            Line("pool", "0102", "0500000000000000"),
            Line("acentry", "00", "0161"),
            Line("settings", "00"),
            Line("defaultkey", "21" + new string('3', 66)),
        ];
        foreach (var line in foreign)
        {
            ForeignWrites.Run(FileOf(wallets, "w"), string.Format(
                CultureInfo.InvariantCulture, "INSERT INTO main VALUES(x'{0}', x'{1}')", line.Split(' ')[0], line.Split(' ')[1]));
        }

        wallet = wallets.Directory.Load("w", null).Wallet;
        await wallet.LabelAsync(Known, ScriptOf(Known), "a label", Ct);
        await wallet.NewScript();
        await wallet.EncryptAsync("a passphrase", Ct);
        wallet = await wallets.Reload(wallet);
        await wallet.UnlockAsync("a passphrase", 60, false, null, Ct);
        await wallet.NewScript("another");
        var copy = Path.Combine(wallets.Root, "copy");
        wallet.Backup(copy);
        await wallets.Directory.UnloadAsync("w", null);

        Assert.Empty(foreign.Except(ForeignWrites.Records(FileOf(wallets, "w"))));
        Assert.Empty(foreign.Except(ForeignWrites.Records(copy)));
    }

    // A wallet with a history: coins that came, were spent, are waiting, given up, contradicted; labels, marks of use, locks, an imported descriptor.
    private static async Task<Wallet> Live(TestWallets wallets, string name)
    {
        var chain = new TestChain();
        var wallet = wallets.Create(name, new NewWalletOptions { Flags = WalletFlags.Descriptors | WalletFlags.AvoidReuse });
        var twice = chain.Foreign();
        var script = await wallet.NewScript("shöp");
        var paid = chain.Pay((script, Coins(5)), (await wallet.NewScript(), Coins(7)));
        var given = chain.Pay((await wallet.NewScript(), Coins(1)));
        var rival = TestChain.Pay(twice, (await wallet.NewScript(), Coins(2)));
        await wallet.Connect(chain["genesis"], chain.Mine("a1", "genesis", await wallet.NewScript(), paid));
        await wallet.Mempool(given, rival);
        await wallet.SetMempoolAsync([], Ct);
        await wallet.AbandonAsync(given.Txid, Ct);
        await wallet.Connect(chain.Mine("a2", "a1", null, TestChain.Pay(twice, (TestChain.Stranger, Coins(2)))));
        await wallet.Send(TestChain.Stranger, Coins(3));
        await wallet.LabelAsync(Known, ScriptOf(Known), "somebody else", Ct);
        await wallet.LockCoinsAsync([new OutPoint(paid.Txid, 1)], unlock: false, persistent: true, Ct);
        return wallet;
    }

    private static string FileOf(TestWallets wallets, string name) => Path.Combine(wallets.Root, name, "wallet.dat");

    private static string NameOf(string record)
    {
        var key = Convert.FromHexString(record[..record.IndexOf(' ', StringComparison.Ordinal)]);
        return System.Text.Encoding.ASCII.GetString(key, 1, key[0]);
    }

    private static string Hex(string text) => Convert.ToHexString(System.Text.Encoding.UTF8.GetBytes(text));

    private static string Line(string name, string value, string rest = "") =>
        (Convert.ToHexString([(byte)name.Length]) + Hex(name) + rest + " " + value).ToUpperInvariant();

    /// <summary>All records of a file as the program would write them, from what it read of them.</summary>
    private static IEnumerable<string> Again(string file, string passphrase)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using MainTable main = new(connection);
        using KeyRing keys = new(TimeProvider.System);
        var records = WalletRecords.Read(main, ChainParams.Regtest, keys, withAddresses: true, new LoadWatch());
        Assert.False(records.HasErrors || records.IsCorrupt);
        List<(byte[] Key, byte[] Value)> again = [];
        again.Add((CoreRecords.Key(RecordName.Version), CoreRecords.Int32(records.LastClient!.Value)));
        again.Add((CoreRecords.Key(RecordName.MinVersion), CoreRecords.Int32(records.MinVersion)));
        again.Add((CoreRecords.Key(RecordName.Flags), CoreRecords.Int64((long)records.Flags!.Value)));
        again.Add((CoreRecords.Key(RecordName.OrderPosNext), CoreRecords.Int64(records.NextPosition)));
        again.Add((CoreRecords.Key(RecordName.CoinJoinSalt), CoreRecords.Hash(records.CoinJoinSalt!.Value)));
        again.Add((CoreRecords.Key(RecordName.BestBlock), CoreRecords.Locator(Dash.Primitives.Blocks.BlockLocator.Empty)));
        again.Add((CoreRecords.Key(RecordName.BestBlockNoMerkle), CoreRecords.Locator(records.Locator)));
        if (records.ActiveExternal is { } external)
        {
            again.Add((CoreRecords.Key(RecordName.ActiveExternal), CoreRecords.Hash(external)));
        }

        if (records.ActiveInternal is { } change)
        {
            again.Add((CoreRecords.Key(RecordName.ActiveInternal), CoreRecords.Hash(change)));
        }

        foreach (var (address, entry) in records.Addresses)
        {
            if (entry.Label is { } label)
            {
                again.Add((CoreRecords.AddressKey(RecordName.Name, address), CoreRecords.Text(label)));
            }

            if (entry.Purpose.Length > 0)
            {
                again.Add((CoreRecords.AddressKey(RecordName.Purpose, address), CoreRecords.Text(entry.Purpose)));
            }

            if (entry.IsUsed)
            {
                again.Add((CoreRecords.DestinationKey(address, "used"), CoreRecords.Text("1")));
            }
        }

        again.AddRange(records.LockedCoins.Select(static coin => (CoreRecords.LockedCoinKey(coin), CoreRecords.Yes)));
        again.AddRange(keys.MasterKeys.Select(static item => CoreRecords.MasterKey(item.Key, item.Value)).Select(static item => (item.Key, item.Value!)));
        if (keys.IsEncrypted)
        {
            Assert.True(keys.Unlock(passphrase, null, forMixingOnly: false));
        }

        foreach (var keychain in records.BuildKeychains())
        {
            again.Add((CoreRecords.DescriptorKey(RecordName.Descriptor, keychain.Id), CoreRecords.Descriptor(keychain)));
            again.AddRange(keychain.CacheItems.Select(item => (CoreRecords.CacheKey(keychain.Id, item), item.Value())));
            if (keys.Has(keychain.Id))
            {
                using KeyRing copy = new(TimeProvider.System);
                foreach (var item in keys.MasterKeys)
                {
                    copy.Add(item.Key, item.Value);
                }

                if (keys.IsEncrypted)
                {
                    Assert.True(copy.Unlock(passphrase, null, forMixingOnly: false));
                }

                var (secret, words) = (SecretOf(keychain, keys), keys.Words(keychain.Id));
                using (secret)
                {
                    var (record, added) = SecretRecords.Of(copy, keys.IsEncrypted, keychain.Id, secret, words);
                    added.Dispose();
                    again.Add((record.Key, record.Value!));
                }
            }
        }

        foreach (var (_, value) in main.Scan(CoreRecords.Key(RecordName.Transaction), isExcluded: false))
        {
            var tx = WalletTxCodec.Read(value);
            again.Add((CoreRecords.TransactionKey(tx.Txid), WalletTxCodec.Write(tx)));
        }

        return again.Select(static item => $"{Convert.ToHexString(item.Key)} {Convert.ToHexString(item.Value)}").Order(StringComparer.Ordinal);
    }

    // The one key a descriptor of words has: the master key, which its private text begins with.
    private static PrivateKey SecretOf(Keychain keychain, KeyRing keys)
    {
        var text = keychain.ToPrivateText(keys);
        var from = text.IndexOf("tprv", StringComparison.Ordinal);
        var end = text.IndexOf('/', from);
        if (!Dash.Primitives.Encoding.Base58Check.TryDecode(text[from..end], 78, out var bytes) || !ExtendedPrivateKey.TryRead(bytes.AsSpan(4), out var master))
        {
            throw new FormatException("no extended key in a private descriptor");
        }

        using (master)
        {
            return master.Key.Clone();
        }
    }
}
