using System.Diagnostics;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>Bringing a backup back beside others who make wallets.</summary>
public sealed class RestoreTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("w")]
    [InlineData("./w")]
    public async Task While_a_backup_is_copied_nobody_makes_a_wallet_of_its_name(string spelling)
    {
        await using TestWallets wallets = new();
        var backup = Backup(wallets, out var words);
        using HeldCopy copy = new();
        var restoring = OnThread(() => wallets.Directory.Restore("w", backup, loadOnStart: null, copy.Watch));
        await copy.HasBegunAsync();

        var refused = Assert.Throws<WalletException>(() => wallets.Create(spelling));
        copy.LetGo();

        var restored = (await restoring).Wallet;
        Assert.Equal("Wallet already loading.", refused.Message);
        Assert.Equal(words, WordsOf(restored));
        Assert.Equal(words, WordsOf(await wallets.Reload(restored)));
    }

    [Fact]
    public async Task What_another_program_put_there_meanwhile_stays_and_the_backup_is_refused()
    {
        await using TestWallets wallets = new();
        var backup = Backup(wallets, out _);
        using HeldCopy copy = new();
        var restoring = OnThread(() => wallets.Directory.Restore("w", backup, loadOnStart: null, copy.Watch));
        await copy.HasBegunAsync();
        var theirs = Path.Combine(wallets.Root, "w", "wallet.dat");
        await File.WriteAllTextAsync(theirs, "theirs", Ct);
        copy.LetGo();

        var refused = await Assert.ThrowsAsync<WalletException>(() => restoring);

        Assert.Equal(WalletError.AlreadyExists, refused.Error);
        Assert.Equal("theirs", await File.ReadAllTextAsync(theirs, Ct));
        Assert.Equal([theirs], Directory.GetFiles(Path.Combine(wallets.Root, "w")));
        Assert.Null(wallets.Directory.Find("w"));
    }

    /// <summary>Dash Core's words.</summary>
    [Theory]
    [InlineData("/dev/zero")]
    [InlineData("pipe")]
    [InlineData("directory")]
    public async Task What_has_no_end_is_not_copied(string source)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no telling elsewhere");
        await using TestWallets wallets = new();
        source = Path.Combine(wallets.Root, source);
        using var made = Process.Start("mkfifo", [Path.Combine(wallets.Root, "pipe")]);
        await made.WaitForExitAsync(Ct);
        Directory.CreateDirectory(Path.Combine(wallets.Root, "directory"));

        var refused = Assert.Throws<WalletException>(() => wallets.Directory.Restore("w", source, loadOnStart: null));

        var path = Path.Combine(wallets.Root, "w");
        Assert.Equal(
            (WalletError.Wallet, $"Unexpected exception: filesystem error: cannot copy file: Invalid argument [{source}] [{path}/wallet.dat]"),
            (refused.Error, refused.Message));
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public async Task A_pipe_in_a_wallets_place_is_no_wallet_and_nobody_waits_for_it()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no telling elsewhere");
        await using TestWallets wallets = new();
        wallets.Create("alice");
        using var made = Process.Start("mkfifo", [Path.Combine(Directory.CreateDirectory(Path.Combine(wallets.Root, "w")).FullName, "wallet.dat")]);
        await made.WaitForExitAsync(Ct);

        Assert.Equal(["alice"], wallets.Directory.ListFiles());
        var refused = Assert.Throws<WalletException>(() => wallets.Directory.Load("w", loadOnStart: null));
        Assert.EndsWith("Data is not in recognized format.", refused.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_huge_file_is_not_copied_if_it_is_no_wallet_and_can_be_ended_if_it_begins_as_one(bool isWallet)
    {
        await using TestWallets wallets = new();
        var backup = Backup(wallets, out _);
        using (FileStream file = new(backup, FileMode.Open, FileAccess.Write))
        {
            if (!isWallet)
            {
                file.Write(new byte[100]);
            }

            file.SetLength(1L << 40); // of holes
        }

        LoadWatch? copying = null;
        copying = new LoadWatch { Entered = _ => Assert.True(!isWallet || copying!.Abort()) };

        var refused = Assert.Throws<WalletException>(() => wallets.Directory.Restore("w", backup, loadOnStart: null, copying));

        Assert.Contains(isWallet ? "aborted" : "not in recognized format", refused.Message, StringComparison.Ordinal);
        Assert.False(Path.Exists(Path.Combine(wallets.Root, "w")));
    }

    [Fact]
    public async Task A_copy_of_a_loaded_wallet_can_be_ended_too()
    {
        await using TestWallets wallets = new();
        var alice = wallets.Create("alice");
        LoadWatch? copying = null;
        copying = new LoadWatch { Entered = _ => Assert.True(copying!.Abort()) };

        var refused = Assert.Throws<WalletException>(() => wallets.Directory.Restore("w", alice.FilePath, loadOnStart: null, copying));

        Assert.Equal(LoadWatch.Refusal().Message, refused.Message);
        Assert.False(Path.Exists(Path.Combine(wallets.Root, "w")));
        wallets.Directory.Restore("w", alice.FilePath, loadOnStart: null);
    }

    [Fact]
    public async Task A_wallet_that_could_not_be_made_leaves_no_directory()
    {
        await using TestWallets wallets = new();
        var backup = Backup(wallets, out _);

        Assert.Throws<WalletException>(() => wallets.Create("w", new NewWalletOptions { Mnemonic = "no words" }));

        Assert.False(Path.Exists(Path.Combine(wallets.Root, "w")));
        wallets.Directory.Restore("w", backup, loadOnStart: null);
    }

    /// <summary>Numbers of events of one copy that has overtaken would be taken for the other's.</summary>
    [Fact]
    public async Task Copies_of_a_wallet_name_their_event_logs_alike_up_to_where_they_part()
    {
        await using TestWallets wallets = new();
        var alice = wallets.Create("alice");
        Assert.Null(LogAt(alice, 0));
        var chain = new TestChain();
        await alice.Mempool(chain.Pay((await alice.NewScript(), Scenarios.Coins(1))));
        var common = alice.Snapshot.NextEvent - 1;
        var name = LogAt(alice, common);
        Assert.NotNull(name);
        var backup = Path.Combine(wallets.Root, "backup.dat");
        alice.Backup(backup);
        await alice.Mempool(chain.Pay((await alice.NewScript(), Scenarios.Coins(2))));

        var copy = wallets.Directory.Restore("copy", backup, loadOnStart: null).Wallet;
        await copy.Mempool(chain.Pay((await copy.NewScript(), Scenarios.Coins(3))));
        Assert.Equal(alice.Snapshot.NextEvent, copy.Snapshot.NextEvent);
        Assert.Equal((name, name), (LogAt(copy, common), LogAt(alice, common)));
        Assert.Equal(name, LogAt(alice, common + 1));
        var other = LogAt(copy, common + 1);
        Assert.NotEqual(name, other);

        // What is loaded again knows what was told before.
        copy = await wallets.Reload(copy);
        await copy.Mempool(chain.Pay((await copy.NewScript(), Scenarios.Coins(4))));
        Assert.Equal((name, other), (LogAt(copy, common), LogAt(copy, common + 1)));
        Assert.NotEqual(other, LogAt(copy, common + 2));

        static string? LogAt(Wallet wallet, long sequence)
        {
            using var view = wallet.OpenView();
            return view.EventLogAt(sequence);
        }
    }

    [Fact]
    public async Task A_backup_that_is_none_leaves_nothing_behind()
    {
        await using TestWallets wallets = new();
        var text = Path.Combine(wallets.Root, "text");
        await File.WriteAllTextAsync(text, "no wallet", Ct);
        await File.WriteAllTextAsync(text + "-wal", "no log", Ct);

        var refused = Assert.Throws<WalletException>(() => wallets.Directory.Restore("w", text, loadOnStart: null));

        var path = Path.Combine(wallets.Root, "w");
        Assert.Equal(
            $"Wallet file verification failed. Failed to load database path '{path}'. Data is not in recognized format.", refused.Message);
        Assert.False(Path.Exists(path));
    }

    [Fact]
    public async Task One_that_is_unloaded_before_the_restoring_ended_is_unloaded_right_after_and_stays_a_wallet()
    {
        await using TestWallets wallets = new();
        var backup = Backup(wallets, out var words);
        Task? unloading = null;
        Wallet? whileUnloading = null;
        wallets.Directory.Loaded += loaded =>
        {
            unloading ??= wallets.Directory.UnloadAsync("w", loadOnStart: null);
            whileUnloading ??= wallets.Directory.Find("w");
        };

        var restored = wallets.Directory.Restore("w", backup, loadOnStart: null).Wallet;
        await unloading!;

        Assert.Same(restored, whileUnloading);
        Assert.Null(wallets.Directory.Find("w"));
        Assert.Equal(words, WordsOf(wallets.Directory.Load("w", loadOnStart: null).Wallet));
    }

    [Fact]
    public async Task One_that_something_goes_wrong_with_after_it_was_given_out_is_loaded_and_works()
    {
        await using TestWallets wallets = new();
        var backup = Backup(wallets, out var words);
        Action<Wallet> fails = static _ => throw new InvalidOperationException("a bug");
        wallets.Directory.Loaded += fails;

        Assert.Throws<InvalidOperationException>(() => wallets.Directory.Restore("w", backup, loadOnStart: null));

        wallets.Directory.Loaded -= fails;
        var restored = wallets.Directory.Find("w")!;
        await restored.NewAddressAsync("still", Ct);
        Assert.Equal(words, WordsOf(await wallets.Reload(restored)));
    }

    [Fact]
    public async Task Of_two_that_unload_it_one_hears_that_it_is_not_loaded_and_nobody_loads_it_meanwhile()
    {
        await using TestWallets wallets = new();
        wallets.Create("w");
        Task? second = null;
        List<WalletException> refused = [];
        void TryToLoad(Wallet wallet) =>
            refused.Add(Assert.Throws<WalletException>(() => wallets.Directory.Load("w", loadOnStart: null)));
        wallets.Directory.Unloading += wallet => second = wallets.Directory.UnloadAsync("w", loadOnStart: null);
        wallets.Directory.Unloading += TryToLoad;
        wallets.Directory.Unloaded += TryToLoad;

        await wallets.Directory.UnloadAsync("w", loadOnStart: null);

        Assert.Equal(WalletError.NotFound, (await Assert.ThrowsAsync<WalletException>(() => second!)).Error);
        Assert.Equal(["Wallet already loading.", "Wallet already loading."], refused.Select(static refusal => refusal.Message));
        wallets.Directory.Load("w", loadOnStart: null);
    }

    [Fact]
    public async Task The_log_beside_a_killed_wallets_file_is_in_the_restored_one_and_nowhere_else()
    {
        await using TestWallets wallets = new();
        var alice = wallets.Create("alice");
        var address = await alice.NewAddressAsync("late", Ct);
        var copy = Directory.CreateDirectory(Path.Combine(wallets.Root, "copies")).FullName;
        foreach (var file in Directory.GetFiles(Path.Combine(wallets.Root, "alice")))
        {
            // By another process: this one would drop its own locks.
            using var cp = Process.Start("cp", [file, copy]);
            await cp.WaitForExitAsync(Ct);
        }

        var source = Path.Combine(copy, "wallet.dat");
        Assert.NotEmpty(WalletFile.LogsOf(source));
        var (fileBefore, logBefore) = (await File.ReadAllBytesAsync(source, Ct), await File.ReadAllBytesAsync(source + "-wal", Ct));

        var opened = wallets.Directory.Restore("w", source, loadOnStart: null);

        Assert.Empty(opened.Doubts);
        Assert.Equal("late", opened.Wallet.Snapshot.AddressBook.Find(address)?.Label);
        Assert.Equal(fileBefore, await File.ReadAllBytesAsync(source, Ct));
        Assert.Equal(logBefore, await File.ReadAllBytesAsync(source + "-wal", Ct));
        await wallets.Directory.UnloadAsync("w", null);
        Assert.Equal(["wallet.dat"], Directory.GetFiles(Path.Combine(wallets.Root, "w")).Select(Path.GetFileName));
    }

    [Theory]
    [InlineData("-wal")]
    [InlineData("-journal")]
    public async Task A_log_without_its_file_is_not_taken_for_a_new_wallets_own(string end)
    {
        await using TestWallets wallets = new();
        var log = Path.Combine(Directory.CreateDirectory(Path.Combine(wallets.Root, "w")).FullName, "wallet.dat" + end);
        await File.WriteAllTextAsync(log, "of another file", Ct);

        var refused = Assert.Throws<WalletException>(() => wallets.Create("w"));

        Assert.Contains(log, refused.Message, StringComparison.Ordinal);
        Assert.Equal("of another file", await File.ReadAllTextAsync(log, Ct));
        File.Delete(log);
        wallets.Create("w");
    }

    /// <summary>Whoever was told that it could not be made could not make it again: it was there.</summary>
    [Fact]
    public async Task A_wallet_that_could_not_be_opened_after_it_was_made_is_not_there()
    {
        await using TestWallets wallets = new();
        var inTheWay = Directory.CreateDirectory(Path.Combine(wallets.Root, "w", "wallet.dat-wal")).FullName;

        Assert.Throws<WalletException>(() => wallets.Create("w"));

        Assert.False(File.Exists(Path.Combine(wallets.Root, "w", "wallet.dat")));
        Assert.True(Directory.Exists(inTheWay));
        Directory.Delete(inTheWay);
        wallets.Create("w");
    }

    // Which it may keep for itself while it waits.
    private static Task<T> OnThread<T>(Func<T> work) =>
        Task.Factory.StartNew(work, Ct, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private static string Backup(TestWallets wallets, out string words)
    {
        var target = Path.Combine(wallets.Root, "backup.dat");
        var alice = wallets.Create("alice");
        alice.Backup(target);
        words = WordsOf(alice);
        return target;
    }

    private static string WordsOf(Wallet wallet) => wallet.Keys.Words(wallet.Snapshot.Keychains[0].Id).Mnemonic;

    /// <summary>A copy that has begun, and waits until it may go on.</summary>
    private sealed class HeldCopy : IDisposable
    {
        private readonly TaskCompletionSource _begun = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private readonly ManualResetEventSlim _mayGoOn = new();

        public HeldCopy() => Watch = new LoadWatch
        {
            Entered = _ =>
            {
                _begun.TrySetResult();
                _mayGoOn.Wait(Ct);
            },
        };

        public LoadWatch Watch { get; }

        public Task HasBegunAsync() => _begun.Task.WaitAsync(TimeSpan.FromSeconds(60), Ct);

        public void LetGo() => _mayGoOn.Set();

        public void Dispose() => _mayGoOn.Dispose();
    }
}
