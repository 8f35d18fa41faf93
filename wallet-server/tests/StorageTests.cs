using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;
using static Dash.WalletServer.Tests.Scenario.Scenarios;

namespace Dash.WalletServer.Tests;

public sealed class StorageTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    /// <summary>Whoever cut a mapped index of the log short, killed the process.</summary>
    [Fact]
    public async Task No_index_of_the_log_lies_beside_the_file_that_somebody_could_cut_short()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "it is mapped there");
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        await wallets.Directory.UnloadAsync("w", null);
        await File.WriteAllBytesAsync(wallet.FilePath + "-shm", new byte[32768], Ct); // a killed process of another program left it

        wallet = wallets.Directory.Load("w", null).Wallet;
        await wallet.NewAddressAsync("", Ct);
        using (var view = wallet.OpenView())
        {
            Assert.NotEmpty(view.Snapshot.Keychains);
        }

        Assert.Equal(["wallet.dat", "wallet.dat-wal"], Files());
        await wallets.Directory.UnloadAsync("w", null);
        Assert.Equal(["wallet.dat"], Files());

        IEnumerable<string?> Files() =>
            Directory.GetFiles(Path.Combine(wallets.Root, "w")).Select(Path.GetFileName).Order(StringComparer.Ordinal);
    }

    [Fact]
    public async Task Readers_that_nobody_uses_do_not_keep_the_log_from_beginning_anew()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 1, UnsafeSqliteSync = true });
        var wallet = wallets.Create();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        var times = TimesBegun(wallet);
        while (TimesBegun(wallet) < times + 2)
        {
            patience.Token.ThrowIfCancellationRequested();
            using (var first = wallet.OpenView())
            using (var second = wallet.OpenView())
            {
                Assert.Equal(first.Snapshot.StoredSequence, second.Snapshot.StoredSequence);
            }

            await wallet.NewAddressAsync("", TestWallets.Ct);
        }
    }

    [Fact]
    public async Task The_log_is_taken_in_while_addresses_are_given_out_and_all_of_them_are_there_afterwards()
    {
        await using var wallets = new TestWallets(new WalletSettings { KeypoolSize = 1, UnsafeSqliteSync = true });
        var wallet = wallets.Create();
        using CancellationTokenSource patience = new(TimeSpan.FromSeconds(60));
        List<string> given = [];
        for (var times = TimesBegun(wallet); TimesBegun(wallet) == times;)
        {
            patience.Token.ThrowIfCancellationRequested();
            given.AddRange(await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => wallet.NewAddressAsync("given", TestWallets.Ct))));
        }

        var again = await wallets.Reload(wallet);
        Assert.Equal(given.Order(), again.Snapshot.AddressBook.WithLabel("given").Select(note => note.Key).Order());
        Assert.Equal(given.Count, given.Distinct().Count());
    }

    /// <summary>Pages of 4 kB: those of a large file lie far apart, and who gives out addresses waits for each of them.</summary>
    [Theory]
    [InlineData(1, 2000)]
    [InlineData(32_768, 2000)]
    [InlineData(32_769, 400)]
    public void The_log_of_a_large_file_is_taken_in_less_at_a_time(long pages, int piece) => Assert.Equal(piece, LogCheckpoints.PieceOf(pages));

    [Fact]
    public async Task A_wallet_that_nobody_uses_rests_and_is_there_when_it_is_asked()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        var script = await wallet.NewScript();
        for (var i = 0; i < 2; i++)
        {
            using (var view = wallet.OpenView())
            {
                Assert.Empty(view.Received(script));
            }

            Assert.False(wallet.Rest()); // just used
            Assert.True(wallet.Rest());
            Assert.False(wallet.Rest()); // nothing left to give back
            await wallet.NewAddressAsync("", TestWallets.Ct);
        }

        await wallets.Directory.UnloadAsync("w", loadOnStart: null);
        Assert.False(wallet.Rest());
        Assert.False(wallet.Rest());
    }

    [Fact]
    public async Task Loading_what_this_program_left_writes_nothing()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create();
        for (var i = 0; i < 70; i++)
        {
            await wallet.NewAddressAsync("given", TestWallets.Ct);
        }

        // Loading looks one address further ahead than giving out the last one did.
        var again = await wallets.Reload(await wallets.Reload(wallet));

        Assert.True(new FileInfo(again.FilePath + "-wal") is { Exists: false } or { Length: 0 });
        Assert.Equal(70, again.Snapshot.AddressBook.WithLabel("given").Count());
    }

    // SQLite counts in the head of the log how often it began anew.
    private static uint TimesBegun(Wallet wallet)
    {
        using FileStream log = new(wallet.FilePath + "-wal", FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        Span<byte> head = stackalloc byte[16];
        return log.ReadAtLeast(head, head.Length, throwOnEndOfStream: false) == head.Length
            ? System.Buffers.Binary.BinaryPrimitives.ReadUInt32BigEndian(head[12..])
            : 0;
    }

    [Fact]
    public async Task A_file_that_cannot_be_opened_is_refused_with_the_reason_and_left_alone()
    {
        await using var wallets = new TestWallets();
        wallets.Create();
        await wallets.Directory.UnloadAsync("w", null);
        var good = await File.ReadAllBytesAsync(Path.Combine(wallets.Root, "w", "wallet.dat"), Ct);

        var foreign = (byte[])good.Clone();
        ChainParams.Main.Magic.Span.CopyTo(foreign.AsSpan(68));
        await Refused(wallets, "foreign", foreign, "Wallet file verification failed. Failed to load database path '{0}'. Data is not in recognized format.");
        await Refused(wallets, "text", "not a wallet"u8.ToArray(), "Wallet file verification failed. Failed to load database path '{0}'. Data is not in recognized format.");
        await Refused(wallets, "short", good[..(good.Length / 2)], "Wallet file verification failed. SQLiteDatabase: Unable to obtain an exclusive lock on the database, is it being used by another instance of Dash Core?\n");

        var missing = Assert.Throws<WalletException>(() => wallets.Directory.Load("nowhere", null));
        Assert.Equal(WalletError.NotFound, missing.Error);
        Assert.Equal(
            $"Wallet file verification failed. Failed to load database path '{Path.Combine(wallets.Root, "nowhere")}'. Path does not exist.",
            missing.Message);
    }

    [Fact]
    public async Task A_loaded_wallet_is_nobody_elses()
    {
        await using var wallets = new TestWallets();
        wallets.Create();
        Assert.Equal(
            "Wallet \"w\" is already loaded.", Assert.Throws<WalletException>(() => wallets.Directory.Load("w", null)).Message);
        Assert.Equal(
            "Wallet file verification failed. " + FileOpening.NoLock,
            Assert.Throws<WalletException>(() => wallets.Directory.Load("./w", null)).Message);
        Assert.Contains(
            "Database already exists.",
            Assert.Throws<WalletException>(() => wallets.Create()).Message,
            StringComparison.Ordinal);

        // What another process of this program would do, and what Dash Core does.
        Assert.Throws<WalletException>(() => WalletDatabase.Open(Path.Combine(wallets.Root, "w"), ChainParams.Regtest, new OpenFiles()));
        Assert.Equal(SQLitePCL.raw.SQLITE_BUSY, ForeignWrites.TryExclusive(Path.Combine(wallets.Root, "w", "wallet.dat")));
    }

    [Fact]
    public async Task A_file_left_by_a_crash_has_everything_that_was_answered()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        var pay = chain.Pay((await alice.NewScript("shop"), Coins(5)));
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, pay));
        var before = alice.Describe();

        // A copy of the files of a wallet in use is what a dead process leaves.
        var copy = Path.Combine(wallets.Root, "crashed");
        Directory.CreateDirectory(copy);
        foreach (var file in Directory.GetFiles(Path.Combine(wallets.Root, "w")))
        {
            using var cp = System.Diagnostics.Process.Start("cp", [file, copy]);
            await cp.WaitForExitAsync(Ct);
        }

        Assert.True(new FileInfo(Path.Combine(copy, "wallet.dat-wal")).Length > 0);
        var crashed = wallets.Directory.Load("crashed", null).Wallet;
        Assert.Equal(before, crashed.Describe());
    }

    [Fact]
    public async Task A_backup_of_a_wallet_in_use_is_a_wallet()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, chain.Pay((await alice.NewScript(), Coins(5)))));
        var target = Path.Combine(wallets.Root, "backup.dat");
        alice.Backup(target);

        var restored = wallets.Directory.Restore("restored", target, null).Wallet;
        Assert.Equal(alice.Describe(), restored.Describe());
        var refusal = Assert.Throws<WalletException>(() => alice.Backup("/nowhere/at/all.dat"));
        Assert.Equal("Error: Wallet backup failed!", refusal.Message);
    }

    [Fact]
    public async Task Unknown_records_stay()
    {
        await using var wallets = new TestWallets();
        wallets.Create();
        await wallets.Directory.UnloadAsync("w", null);
        var file = Path.Combine(wallets.Root, "w", "wallet.dat");
        ForeignWrites.Run(file, "INSERT INTO main VALUES(x'0666757475726501', x'beef')");
        var wallet = wallets.Directory.Load("w", null).Wallet;
        await wallet.NewScript();
        await wallets.Directory.UnloadAsync("w", null);
        Assert.Contains("0666757475726501 BEEF", ForeignWrites.Records(file));
    }

    [Fact]
    public async Task A_new_wallet_has_the_records_of_one_that_dashd_makes()
    {
        await using var wallets = new TestWallets();
        wallets.Create();
        await wallets.Directory.UnloadAsync("w", null);
        var names = ForeignWrites.Records(Path.Combine(wallets.Root, "w", "wallet.dat"))
            .Select(record => Convert.FromHexString(record[..record.IndexOf(' ', StringComparison.Ordinal)]))
            .Select(key => System.Text.Encoding.ASCII.GetString(key, 1, key[0]))
            .CountBy(name => name).OrderBy(name => name.Key, StringComparer.Ordinal)
            .Select(name => $"{name.Key} {name.Value}");
        Assert.Equal(
            [
                "activeexternalspk 1", "activeinternalspk 1", "cj_salt 1", "flags 1", "minversion 1", "version 1",
                "walletdescriptor 3", "walletdescriptorcache 3", "walletdescriptorkey 3", "walletdescriptorlhcache 3",
            ],
            names);
    }

    [Fact]
    public async Task A_wallet_encrypted_from_birth_keeps_no_plain_secret()
    {
        await using var wallets = new TestWallets();
        var wallet = wallets.Create(options: new NewWalletOptions { Passphrase = "secret words" });
        Assert.True(wallet.Keys.IsLocked);
        wallet = await wallets.Reload(wallet);
        Assert.True(wallet.Snapshot.IsEncrypted);
        await wallet.UnlockAsync("secret words", 60, false, null, Ct);
        Assert.Equal(12, wallet.Keys.Words(wallet.Snapshot.Keychains[0].Id).Mnemonic.Split(' ').Length);
        await wallet.ChangePassphraseAsync("secret words", "other words", Ct);
        wallet = await wallets.Reload(wallet);
        await Assert.ThrowsAsync<WalletException>(() => wallet.UnlockAsync("secret words", 60, false, null, Ct));
        await wallet.UnlockAsync("other words", 60, false, null, Ct);
        await wallets.Directory.UnloadAsync("w", null);
        Assert.DoesNotContain(
            ForeignWrites.Records(Path.Combine(wallets.Root, "w", "wallet.dat")),
            record => record.StartsWith(Convert.ToHexString([19, .. "walletdescriptorkey"u8]), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Encrypting_later_keeps_the_addresses_and_locks()
    {
        await using var wallets = new TestWallets();
        var (chain, alice) = (new TestChain(), wallets.Create());
        await alice.Connect(chain["genesis"], chain.Mine("a1", "genesis", null, chain.Pay((await alice.NewScript(), Coins(5)))));
        var words = alice.Keys.Words(alice.Snapshot.Keychains[0].Id);
        await alice.EncryptAsync("secret words", Ct);
        Assert.True(alice.Keys.IsLocked);
        await Assert.ThrowsAsync<WalletException>(() => alice.Send(TestChain.Stranger, Coins(1)));

        alice = await wallets.Reload(alice);
        await alice.UnlockAsync("secret words", 60, false, null, Ct);
        await alice.SetMempoolAsync([], Ct);
        await alice.Send(TestChain.Stranger, Coins(1));
        Assert.Equal(words, alice.Keys.Words(alice.Snapshot.Keychains[0].Id));
    }

    [Fact]
    public async Task The_directory_lists_what_is_there_and_remembers_what_to_load()
    {
        await using var wallets = new TestWallets();
        wallets.Directory.Create("a", new NewWalletOptions(), loadOnStart: true);
        wallets.Directory.Create("deep/b", new NewWalletOptions(), loadOnStart: true);
        wallets.Create("c");
        await wallets.Directory.UnloadAsync("deep/b", null);
        Assert.Equal(["a", "c", "deep/b"], wallets.Directory.ListFiles().Order(StringComparer.Ordinal));
        Assert.Equal(["a", "c"], wallets.Directory.All.Select(wallet => wallet.Name));
        Assert.Equal(["a", "deep/b"], wallets.Directory.LoadOnStart());
        await wallets.Directory.UnloadAsync("a", loadOnStart: false);
        Assert.Equal(["deep/b"], wallets.Directory.LoadOnStart());
        Assert.Equal(["deep/b"], wallets.Open(WalletSettings.Default).LoadOnStart());
    }

    [Fact]
    public async Task None_of_many_wallets_that_are_loaded_at_the_same_time_is_forgotten_at_the_next_start()
    {
        await using var wallets = new TestWallets();
        var names = Enumerable.Range(0, 12).Select(static i => $"w{i:d2}").ToList();
        NewWalletOptions blank = new() { Flags = WalletFlags.Descriptors | WalletFlags.Blank };
        wallets.Directory.Create("kept", blank, loadOnStart: true);
        names.ForEach(name => wallets.Create(name, blank));

        // All at the place where the list is changed at once, again and again.
        for (var round = 0; round < 5; round++)
        {
            await ParallelAsync(name => wallets.Directory.UpdateSetting(name, true));
            Assert.Equal(["kept", .. names], wallets.Directory.LoadOnStart().Order(StringComparer.Ordinal));
            await ParallelAsync(name => wallets.Directory.UpdateSetting(name, false));
            Assert.Equal(["kept"], wallets.Directory.LoadOnStart());
        }

        foreach (var name in names)
        {
            await wallets.Directory.UnloadAsync(name, null);
        }

        await ParallelAsync(name => wallets.Directory.Load(name, loadOnStart: true));
        Assert.Equal(["kept", .. names], wallets.Open(WalletSettings.Default).LoadOnStart().Order(StringComparer.Ordinal));

        Task ParallelAsync(Action<string> work)
        {
            Barrier begin = new(names.Count);
            return Task.WhenAll(names.Select(name => Task.Factory.StartNew(
                () =>
                {
                    begin.SignalAndWait(Ct);
                    work(name);
                },
                Ct,
                TaskCreationOptions.LongRunning,
                TaskScheduler.Default)));
        }
    }

    [Fact]
    public async Task Addresses_are_never_given_out_twice_by_many_callers()
    {
        await using var wallets = new TestWallets();
        var alice = wallets.Create();
        var addresses = await Task.WhenAll(Enumerable.Range(0, 100).Select(i =>
            i % 2 == 0 ? alice.NewAddressAsync("", Ct) : alice.NewChangeAddressAsync(Ct)));
        Assert.Equal(100, addresses.Distinct().Count());
        var next = alice.Snapshot.Keychains.Select(keychain => keychain.NextIndex);
        alice = await wallets.Reload(alice);
        Assert.Equal(next, alice.Snapshot.Keychains.Select(keychain => keychain.NextIndex));
    }

    [Fact]
    public void A_transaction_record_survives_the_round_trip()
    {
        var tx = new TestChain().Pay((TestChain.Stranger, Coins(1)));
        var block = new Dash.Primitives.Blocks.BlockHash(new byte[31].Append((byte)7).ToArray());
        foreach (var state in (TxState[])
            [
                new TxState.Confirmed(block, -1, 3, 0), new TxState.Conflicted(block, -1), TxState.Inactive.Waiting,
                TxState.Inactive.GivenUp, new TxState.Unrecognized(block.Value, -7),
            ])
        {
            var before = new WalletTx(tx, state)
            {
                Position = 5,
                TimeReceived = 6,
                TimeSmart = 7,
                FromMe = true,
                TimeReceivedIsTxTime = 1,
                Notes = WalletTx.NoNotes.Add("comment", "täglich").Add("to", "shop"),
            };
            var after = WalletTxCodec.Read(WalletTxCodec.Write(before));
            Assert.Equal(before.Notes, after.Notes);
            Assert.Equal(before with { Notes = after.Notes, OrderForm = after.OrderForm }, after);
            var ofKnown = WalletTxCodec.Read(WalletTxCodec.Write(before), tx);
            Assert.Same(tx, ofKnown.Tx);
            Assert.Equal(after with { Notes = ofKnown.Notes, OrderForm = ofKnown.OrderForm }, ofKnown);
        }
    }

    private static async Task Refused(TestWallets wallets, string name, byte[] content, string message)
    {
        var directory = Path.Combine(wallets.Root, name);
        Directory.CreateDirectory(directory);
        var file = Path.Combine(directory, "wallet.dat");
        await File.WriteAllBytesAsync(file, content, Ct);
        var refusal = Assert.Throws<WalletException>(() => wallets.Directory.Load(name, null));
        Assert.Equal(string.Format(System.Globalization.CultureInfo.InvariantCulture, message, directory), refusal.Message);
        Assert.Equal(content, await File.ReadAllBytesAsync(file, Ct));
        Assert.Equal(["wallet.dat"], Directory.GetFiles(directory).Select(Path.GetFileName));
    }
}
