using System.Collections.Concurrent;
using System.Globalization;
using Dash.Common.Concurrency;
using Dash.Common.Time;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Storage;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Copies of wallets, made when one is made or loaded: <c>name.year-month-day-hour-minute</c>. Each copy is opened and checked
/// before an older one may go. A large wallet serves meanwhile; unloading it ends a copy that is not finished.
/// </summary>
/// <param name="directory">Where they are; made when needed.</param>
/// <param name="kept">How many are kept of each wallet; with 0 or less none is made.</param>
/// <param name="clock">The time in their names.</param>
/// <param name="log">General lines.</param>
/// <param name="waitedFor">Files up to this size, bytes, are copied before the wallet serves.</param>
internal sealed partial class AutoBackups(
    string directory, int kept, Clock clock, ILogger log, long waitedFor = AutoBackups.UsuallyWaitedFor)
{
    private const long UsuallyWaitedFor = 64L << 20;

    private readonly ConcurrentDictionary<Wallet, CancellationTokenSource> _underWay = new();

    /// <summary>Copies a wallet that has something to lose.</summary>
    public void Make(Wallet wallet)
    {
        if (kept <= 0 || wallet.Snapshot.Flags.HasFlag(WalletFlags.Blank))
        {
            return;
        }

        var name = wallet.Name.Length > 0 ? wallet.Name : WalletFile.Name;
        var time = DateTimeOffset.FromUnixTimeSeconds(clock.UnixSeconds).UtcDateTime;
        var target = Path.Combine(directory, name + time.ToString("'.'yyyy'-'MM'-'dd'-'HH'-'mm", CultureInfo.InvariantCulture));
        if (File.Exists(target))
        {
            Skipped(log, target);
            return;
        }

        if (new FileInfo(wallet.FilePath).Length <= waitedFor)
        {
            Make(wallet, target, rest: null);
            return;
        }

        CancellationTokenSource stop = new();
        _underWay[wallet] = stop;
        _ = WorkThread.RunAsync("backup", () => Make(wallet, target, new BackupPace(stop.Token)));
    }

    /// <summary>The wallet is about to be unloaded.</summary>
    public void Stop(Wallet wallet)
    {
        if (_underWay.TryRemove(wallet, out var stop))
        {
            stop.Cancel();
        }
    }

    private void Make(Wallet wallet, string target, BackupPace? rest)
    {
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(target) ?? directory);
            wallet.Backup(target, rest);
            WalletBackup.Verify(target, rest);
            Made(log, target);
            Prune(target);
        }
        catch (WalletException) when (rest is { IsOver: true })
        {
            GivenUp(log, target);
        }
        catch (Exception error) when (error is WalletException or IOException or UnauthorizedAccessException)
        {
            Failed(log, target, error.Message);
        }
    }

    // Names of one wallet end with the time, so their order is that of time.
    private void Prune(string newest)
    {
        var folder = Path.GetDirectoryName(newest) ?? directory;
        var prefix = Path.GetFileNameWithoutExtension(newest) + ".";
        var copies = Directory.EnumerateFiles(folder)
            .Where(file => Path.GetFileName(file) is var name
                && name.StartsWith(prefix, StringComparison.Ordinal) && IsTime(name[prefix.Length..]))
            .OrderDescending(StringComparer.Ordinal);

        // Nobody else makes copies of these names: what is begun and not under way was left by a process that was killed.
        var begun = Directory.EnumerateFiles(folder).Where(file => WalletFile.WholeOf(Path.GetFileName(file), WalletBackup.Partial) is { } whole
            && whole.StartsWith(prefix, StringComparison.Ordinal) && IsTime(whole[prefix.Length..]));
        foreach (var old in copies.Skip(kept).Concat(begun).ToList())
        {
            File.Delete(old);
            Deleted(log, old);
        }
    }

    private static bool IsTime(string text) => DateTime.TryParseExact(
        text, "yyyy-MM-dd-HH-mm", CultureInfo.InvariantCulture, DateTimeStyles.None, out _);

    [LoggerMessage(Level = LogLevel.Information, Message = "Copied the wallet to {Target}")]
    private static partial void Made(ILogger logger, string target);

    [LoggerMessage(Level = LogLevel.Information, Message = "Old backup deleted: {File}")]
    private static partial void Deleted(ILogger logger, string file);

    [LoggerMessage(Level = LogLevel.Information, Message = "The wallet was copied within this minute already: {Target}")]
    private static partial void Skipped(ILogger logger, string target);

    [LoggerMessage(Level = LogLevel.Information, Message = "The wallet was unloaded before its copy was made and checked: {Target}")]
    private static partial void GivenUp(ILogger logger, string target);

    [LoggerMessage(Level = LogLevel.Warning, Message = "Failed to create backup {Target}: {Reason}")]
    private static partial void Failed(ILogger logger, string target, string reason);
}
