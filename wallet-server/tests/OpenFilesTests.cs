using System.Diagnostics;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;
using Dash.WalletServer.Tests.Scenario;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>The file of a loaded wallet is not written over, nor opened, by whatever name somebody reaches it.</summary>
public sealed class OpenFilesTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_file_is_the_same_by_all_its_names()
    {
        await using TestWallets wallets = new();
        wallets.Create("alice");
        var (file, other) = (FileOf(wallets, "alice"), Path.Combine(wallets.Root, "other"));
        await File.WriteAllTextAsync(other, "other", Ct);
        await LinkAllAsync(wallets);

        Assert.NotNull(FileIdentity.Of(file));
        Assert.All(Links, name => Assert.Equal(FileIdentity.Of(file), FileIdentity.Of(FileOf(wallets, name))));
        Assert.NotEqual(FileIdentity.Of(file), FileIdentity.Of(other));
        Assert.Null(FileIdentity.Of(Path.Combine(wallets.Root, "nothing")));
        Assert.Null(FileIdentity.Of(wallets.Root));
        var (toNothing, toItself) = (Path.Combine(wallets.Root, "to nothing"), Path.Combine(wallets.Root, "to itself"));
        File.CreateSymbolicLink(toNothing, "nothing");
        File.CreateSymbolicLink(toItself, "to itself");
        Assert.All([toNothing, toItself], link => Assert.Null(FileIdentity.Of(link)));

        // Where the system does not tell.
        Assert.All([toNothing, toItself], link => Assert.Null(FileIdentity.ByPath(link)));
        Assert.NotNull(FileIdentity.ByPath(file));
        Assert.All(["directory", "file"], name => Assert.Equal(FileIdentity.ByPath(file), FileIdentity.ByPath(FileOf(wallets, name))));
        Assert.NotEqual(FileIdentity.ByPath(file), FileIdentity.ByPath(other));
    }

    [Theory]
    [InlineData("bob/wallet.dat")]
    [InlineData("bob/wallet.dat-wal")]
    [InlineData("bob/wallet.dat-shm")]
    [InlineData("alice/wallet.dat")]
    [InlineData("directory/wallet.dat")]
    [InlineData("file/wallet.dat")]
    [InlineData("hard/wallet.dat")]
    public async Task A_backup_onto_the_file_of_a_loaded_wallet_is_refused(string target)
    {
        await using TestWallets wallets = new();
        var (alice, bob) = (wallets.Create("alice"), wallets.Create("bob"));
        await LinkAllAsync(wallets);
        var address = await bob.NewAddressAsync("kept", Ct);
        var (words, described) = (WordsOf(bob), alice.Describe());

        var refused = Assert.Throws<WalletException>(() => alice.Backup(Path.Combine(wallets.Root, target)));

        Assert.Equal((WalletError.Wallet, "Error: Wallet backup failed!"), (refused.Error, refused.Message));
        bob = await wallets.Reload(bob);
        Assert.Equal(words, WordsOf(bob));
        Assert.Equal("kept", bob.Snapshot.AddressBook.Find(address)?.Label);
        Assert.Equal(described, (await wallets.Reload(alice)).Describe());
        Assert.Empty(Directory.GetFiles(wallets.Root, "*.partial", SearchOption.AllDirectories));
    }

    /// <summary>As Dash Core, which opens the target as a database.</summary>
    [Theory]
    [InlineData("text")]
    [InlineData("link to text")]
    [InlineData("directory")]
    [InlineData("pipe")]
    [InlineData("/dev/null")]
    [InlineData("zero\0byte")]
    [InlineData("to itself")]
    [InlineData("")]
    public async Task What_is_no_database_is_not_replaced_by_a_backup(string target)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux(), "there is no telling elsewhere");
        await using TestWallets wallets = new();
        var alice = wallets.Create("alice");
        var text = Path.Combine(wallets.Root, "text");
        await File.WriteAllTextAsync(text, "settings of somebody", Ct);
        File.CreateSymbolicLink(Path.Combine(wallets.Root, "link to text"), "text");
        File.CreateSymbolicLink(Path.Combine(wallets.Root, "to itself"), "to itself");
        Directory.CreateDirectory(Path.Combine(wallets.Root, "directory"));
        using var pipe = Process.Start("mkfifo", [Path.Combine(wallets.Root, "pipe")]);
        await pipe.WaitForExitAsync(Ct);
        var before = Directory.GetFileSystemEntries(wallets.Root).Order(StringComparer.Ordinal).ToList();

        var refused = Assert.Throws<WalletException>(() => alice.Backup(target.Length == 0 ? "" : Path.Combine(wallets.Root, target)));

        Assert.Equal((WalletError.Wallet, "Error: Wallet backup failed!"), (refused.Error, refused.Message));
        Assert.Equal("settings of somebody", await File.ReadAllTextAsync(text, Ct));
        Assert.Equal(before, Directory.GetFileSystemEntries(wallets.Root).Order(StringComparer.Ordinal));
    }

    [Theory]
    [InlineData("nothing yet", false)]
    [InlineData("empty", false)]
    [InlineData("backup of bob", false)]
    [InlineData("link to nothing", true)]
    [InlineData("link to a backup", true)]
    public async Task A_backup_replaces_a_database_and_an_empty_file_and_what_a_link_leads_to(string target, bool isLink)
    {
        await using TestWallets wallets = new();
        var (alice, bob) = (wallets.Create("alice"), wallets.Create("bob"));
        string At(string name) => Path.Combine(wallets.Root, name);
        await File.WriteAllTextAsync(At("empty"), "", Ct);
        bob.Backup(At("backup of bob"));
        File.CreateSymbolicLink(At("link to nothing"), "not there");
        File.CreateSymbolicLink(At("link to a backup"), "backup of bob");

        alice.Backup(At(target));

        Assert.Equal(isLink, new FileInfo(At(target)).LinkTarget is not null);
        Assert.Equal(WordsOf(alice), WordsOf(wallets.Directory.Restore("restored", At(target), null).Wallet));
        Assert.Empty(Directory.GetFiles(wallets.Root, "*.partial"));
    }

    [Fact]
    public async Task A_database_that_another_process_uses_is_not_replaced_by_a_backup()
    {
        await using TestWallets wallets = new();
        var alice = wallets.Create("alice");
        var target = Path.Combine(wallets.Root, "copy");
        alice.Backup(target);
        using (var used = FileOpening.Connect(target, Microsoft.Data.Sqlite.SqliteOpenMode.ReadWrite))
        {
            // Of this process SQLite knows by itself; the lock is the same for another one.
            WalletDatabase.Execute(used, "BEGIN");
            WalletDatabase.Execute(used, "SELECT 1 FROM main LIMIT 1");

            Assert.Throws<WalletException>(() => alice.Backup(target));
        }

        alice.Backup(target);
    }

    [Fact]
    public async Task A_log_beside_the_target_is_not_left_for_the_copy()
    {
        await using TestWallets wallets = new();
        var alice = wallets.Create("alice");
        var target = Path.Combine(wallets.Root, "copy");
        await File.WriteAllTextAsync(target + "-wal", "of another file", Ct);

        Assert.Throws<WalletException>(() => alice.Backup(target));

        Assert.False(File.Exists(target));
        Assert.Equal("of another file", await File.ReadAllTextAsync(target + "-wal", Ct));
    }

    [Fact]
    public async Task Backups_of_several_wallets_to_one_target_do_not_disturb_each_other()
    {
        await using TestWallets wallets = new();
        Wallet[] all = [wallets.Create("alice"), wallets.Create("bob")];
        var target = Path.Combine(wallets.Root, "copy");
        await Task.WhenAll(all.Select(wallet => Task.Run(
            () =>
            {
                for (var i = 0; i < 10; i++)
                {
                    wallet.Backup(target);
                    WalletBackup.Verify(target);
                }
            },
            Ct)));

        var restored = wallets.Directory.Restore("restored", target, null).Wallet;
        Assert.Contains(WordsOf(restored), all.Select(WordsOf));
        Assert.Empty(Directory.GetFiles(wallets.Root, "*.partial"));
    }

    [Theory]
    [InlineData("directory")]
    [InlineData("file")]
    [InlineData("hard")]
    public async Task A_loaded_wallets_file_is_not_opened_by_another_name(string name)
    {
        await using TestWallets wallets = new();
        var alice = wallets.Create("alice");
        await LinkAllAsync(wallets);
        var locks = await LocksAsync(wallets);

        var refused = Assert.Throws<WalletException>(() => wallets.Directory.Load(name, null));
        var exists = Assert.Throws<WalletException>(() => wallets.Create(name));
        var names = wallets.Directory.ListFiles();
        var restored = wallets.Directory.Restore("restored", FileOf(wallets, name), null).Wallet;

        Assert.Equal((WalletError.Wallet, "Wallet file verification failed. " + FileOpening.NoLock), (refused.Error, refused.Message));
        Assert.Contains("Database already exists.", exists.Message, StringComparison.Ordinal);
        Assert.Equal(["alice", .. Links], names.Order(StringComparer.Ordinal));
        Assert.Equal(alice.Describe(), restored.Describe());
        Assert.Equal(locks, await LocksAsync(wallets));
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task The_unnamed_wallets_file_is_no_wallet_by_its_own_name(bool isToBeMade)
    {
        await using TestWallets wallets = new();
        wallets.Create("");
        var locks = await LocksAsync(wallets, "");

        Assert.Throws<WalletException>(() => isToBeMade ? wallets.Create("wallet.dat") : wallets.Directory.Load("wallet.dat", null).Wallet);

        Assert.Equal(locks, await LocksAsync(wallets, ""));
    }

    [Fact]
    public async Task While_a_wallet_is_unloaded_its_file_is_not_opened()
    {
        await using TestWallets wallets = new();
        var words = WordsOf(wallets.Create("alice"));
        await LinkAllAsync(wallets);
        var locks = await LocksAsync(wallets);
        List<string> refusals = [];
        IReadOnlyList<string> names = [];
        wallets.Directory.Unloading += _ =>
        {
            names = wallets.Directory.ListFiles();
            foreach (var attempt in (Func<OpenedWallet>[])
                [
                    () => wallets.Directory.Load("directory", null),
                    () => wallets.Directory.Restore("restored", FileOf(wallets, "hard"), null),
                ])
            {
                refusals.Add(Assert.Throws<WalletException>(attempt).Message);
            }

            Assert.Equal(locks, LocksAsync(wallets).GetAwaiter().GetResult());
        };

        await wallets.Directory.UnloadAsync("alice", null);

        Assert.Equal(["alice", .. Links], names.Order(StringComparer.Ordinal));
        Assert.Equal("Wallet file verification failed. " + FileOpening.NoLock, refusals[0]);
        Assert.Contains("being loaded or unloaded", refusals[1], StringComparison.Ordinal);
        Assert.Equal(words, WordsOf(wallets.Directory.Load("directory", null).Wallet));
    }

    private static readonly string[] Links = ["directory", "file", "hard"];

    // Of alice's: a link to her directory, a directory with a link to her file, one with another name of her file.
    private static async Task LinkAllAsync(TestWallets wallets)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "making links needs a privilege there");
        Directory.CreateSymbolicLink(Path.Combine(wallets.Root, "directory"), Path.Combine(wallets.Root, "alice"));
        Directory.CreateDirectory(Path.Combine(wallets.Root, "file"));
        File.CreateSymbolicLink(FileOf(wallets, "file"), FileOf(wallets, "alice"));
        Directory.CreateDirectory(Path.Combine(wallets.Root, "hard"));
        await RunAsync("ln", FileOf(wallets, "alice"), FileOf(wallets, "hard"));
    }

    // Those of the file, as the system knows them.
    private static async Task<string> LocksAsync(TestWallets wallets, string name = "alice")
    {
        Assert.SkipUnless(File.Exists("/proc/locks"), "the system does not tell");
        var inode = (await RunAsync("stat", "-L", "-c", "%i", FileOf(wallets, name))).Trim();
        var all = await File.ReadAllLinesAsync("/proc/locks", Ct);
        var held = all.Where(line => line.Contains($":{inode} ", StringComparison.Ordinal) && line.Contains("POSIX", StringComparison.Ordinal))
            .Select(static line => line[line.IndexOf("POSIX", StringComparison.Ordinal)..])
            .Order(StringComparer.Ordinal)
            .ToList();
        Assert.NotEmpty(held);
        return string.Join('\n', held);
    }

    private static async Task<string> RunAsync(string program, params string[] arguments)
    {
        using var process = Process.Start(new ProcessStartInfo(program, arguments) { RedirectStandardOutput = true })
            ?? throw new InvalidOperationException(program);
        var output = await process.StandardOutput.ReadToEndAsync(Ct);
        await process.WaitForExitAsync(Ct);
        Assert.Equal(0, process.ExitCode);
        return output;
    }

    private static string FileOf(TestWallets wallets, string name) => Path.Combine(wallets.Root, name, "wallet.dat");

    private static string WordsOf(Wallet wallet) => wallet.Keys.Words(wallet.Snapshot.Keychains[0].Id).Mnemonic;
}
