using System.Diagnostics;
using Dash.Common.Hosting;

namespace Dash.Common.Tests.Hosting;

public sealed class DataDirectoryTests : IDisposable
{
    private readonly TempDirectory _dir = new();

    public void Dispose() => _dir.Dispose();

    [Fact]
    public void New_directories_are_private_and_get_a_folder_for_wallets()
    {
        using var directory = Directory("regtest");
        directory.Create();
        var network = Path.Combine(_dir.Path, "regtest");
        Assert.Equal([Path.Combine(network, "wallets")], System.IO.Directory.GetFileSystemEntries(network));
        // The root was there before: it gets none.
        Assert.False(System.IO.Directory.Exists(Path.Combine(_dir.Path, "wallets")));
        if (OperatingSystem.IsWindows()) return;
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute, File.GetUnixFileMode(network));
    }

    [Fact]
    public void An_old_directory_gets_no_folder_for_wallets()
    {
        System.IO.Directory.CreateDirectory(Path.Combine(_dir.Path, "regtest"));
        using var directory = Directory("regtest");
        directory.Create();
        Assert.Empty(System.IO.Directory.GetFileSystemEntries(directory.Network));
    }

    [Fact]
    public void One_daemon_at_a_time_holds_a_lock()
    {
        using var first = Directory("");
        first.Lock(".lock");
        using var second = Directory("");
        var e = Assert.Throws<StartupException>(() => second.Lock(".lock"));
        Assert.Equal($"Cannot obtain a lock on data directory {_dir.Path}. Dash Core is probably already running.", e.Message);
        second.Lock(".walletlock"); // another daemon, another file

        first.Dispose();
        using var third = Directory("");
        third.Lock(".lock");
    }

    [Fact]
    public void The_lock_is_the_kind_that_dashd_looks_for()
    {
        if (!OperatingSystem.IsLinux()) Assert.Skip("/proc/locks is Linux's.");
        using var directory = Directory("");
        directory.Lock(".lock");
        Assert.Contains(PosixLocksOn(directory.PathOf(".lock")), line =>
            line.Contains($" WRITE {Environment.ProcessId} ", StringComparison.Ordinal) && line.EndsWith(" 0 EOF", StringComparison.Ordinal));
    }

    [Fact]
    public void Relative_names_are_inside_the_networks_directory()
    {
        using var directory = Directory("testnet3");
        Assert.Equal(Path.Combine(_dir.Path, "testnet3", ".cookie"), directory.PathOf(".cookie"));
        Assert.Equal("/run/x", directory.PathOf("/run/x"));
    }

    // "1: POSIX  ADVISORY  WRITE 4711 fe:01:12345 0 EOF". By the file's inode: other tests of this process hold locks meanwhile.
    private static string[] PosixLocksOn(string path)
    {
        using var stat = Process.Start(new ProcessStartInfo("stat", ["-c", ":%i ", path]) { RedirectStandardOutput = true })!;
        var inode = stat.StandardOutput.ReadToEnd().TrimEnd('\n');
        stat.WaitForExit();
        return [.. File.ReadAllLines("/proc/locks").Where(line =>
            line.Contains("POSIX", StringComparison.Ordinal) && line.Contains(inode, StringComparison.Ordinal))];
    }

    private DataDirectory Directory(string folder) =>
        new(_dir.Path, Path.TrimEndingDirectorySeparator(Path.Combine(_dir.Path, folder)));
}
