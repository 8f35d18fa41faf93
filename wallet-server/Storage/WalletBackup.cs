using Dash.Common.Concurrency;
using Dash.Common.Storage;
using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>A copy of a live wallet in one file, which Dash Core opens too.</summary>
internal static class WalletBackup
{
    /// <summary>What a copy is called while it is made, see <see cref="WalletFile.Beside"/>.</summary>
    public const string Partial = "partial";

    /// <summary>
    /// Copies a consistent state of the wallet to a file, without stopping the writer. What is there is replaced if it is empty or a
    /// database, as in Core; of a link, what it leads to. Anything else is refused; so is the file of a loaded wallet, by whatever name or
    /// link, one that another program uses, and one beside which a log lies: that would be taken for the copy's own.
    /// </summary>
    /// <param name="database">The wallet's file.</param>
    /// <param name="target">Where to.</param>
    /// <param name="rest">Lets others work now and then, and says when to give up; null to be done soonest.</param>
    /// <param name="watch">Ends it too, if it is for one who loads.</param>
    /// <exception cref="WalletException">It could not be written. What is at the target is what was there, or all of the copy.</exception>
    public static void Write(WalletDatabase database, string target, BackupPace? rest = null, LoadWatch? watch = null)
    {
        target = WithoutLink(target);
        if (rest?.MayGoOn() == false || HasLog(target, database.Files) || !database.Files.Look(target, MayBeReplaced, ifTaken: false))
        {
            throw Failed(null);
        }

        using var work = ThreadTurns.BeginWork();
        var partial = WalletFile.Beside(target, Partial);
        try
        {
            Copy(database, partial, rest, watch);
            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            using (var stream = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                stream.Flush(flushToDisk: true);
            }

            // It may have been loaded meanwhile.
            if (HasLog(target, database.Files) || !database.Files.Look(target, Replace, ifTaken: false))
            {
                throw Failed(null);
            }

            DirectoryEntries.Flush(target);
        }
        catch (Exception error) when (error is WalletException or SqliteException or IOException or UnauthorizedAccessException)
        {
            WalletFile.TryDelete(partial);
            throw error is WalletException ? error : Failed(error);
        }

        // It may be another one by now.
        bool Replace(string path)
        {
            if (!MayBeReplaced(path))
            {
                return false;
            }

            File.Move(partial, path, overwrite: true);
            return true;
        }
    }

    // SQLite's names for what lies beside a file are those of the file itself; and a link stays one.
    private static string WithoutLink(string target)
    {
        if (target.Length == 0 || target.Contains('\0', StringComparison.Ordinal))
        {
            throw Failed(null);
        }

        try
        {
            return new FileInfo(target) is { LinkTarget: not null } link ? link.ResolveLinkTarget(returnFinalTarget: true)?.FullName ?? target : target;
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw Failed(error);
        }
    }

    // Nothing, an empty file, or a database that nobody uses.
    private static bool MayBeReplaced(string path)
    {
        if (!Path.Exists(path))
        {
            return true;
        }

        if (!FileIdentity.IsRegular(path))
        {
            return false;
        }

        return new FileInfo(path) is { IsReadOnly: false } file && (file.Length == 0 || (WalletFile.ApplicationOf(path) is not null && FileOpening.IsUnused(path)));
    }

    private static void Copy(WalletDatabase database, string target, BackupPace? rest, LoadWatch? watch)
    {
        var reader = database.RentReader();
        try
        {
            reader.End();
            using var pace = Pace.Of(reader.Connection, rest, watch);
            using var command = reader.Connection.CreateCommand();
            command.CommandText = "VACUUM INTO $path";
            command.Parameters.AddWithValue("$path", target);
            command.ExecuteNonQuery();
        }
        finally
        {
            // Not kept for others: it holds as many pages as a connection may, of a small wallet the whole file.
            database.Discard(reader);
        }
    }

    // Or is it one of a loaded wallet's itself?
    private static bool HasLog(string target, OpenFiles files) =>
        WalletFile.LogsOf(target).Count > 0 || (WalletFile.FileOfLog(target) is { } file && files.Has(file));

    /// <summary>Opens a copy and checks that it is whole.</summary>
    /// <exception cref="WalletException">It is not, or there was no time to find out.</exception>
    public static void Verify(string path, BackupPace? rest = null)
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            using var pace = Pace.Of(connection, rest, watch: null);
            if (WalletDatabase.Ask(connection, "PRAGMA integrity_check") is not "ok"
                || WalletDatabase.Ask(connection, "SELECT COUNT(*) FROM main") is not > 0L)
            {
                throw Failed(null);
            }
        }
        catch (SqliteException error)
        {
            throw Failed(error);
        }
    }

    private static WalletException Failed(Exception? inner) => new(WalletError.Wallet, "Error: Wallet backup failed!", inner);

    // SQLite asks now and then whether to go on.
    private sealed class Pace(SqliteConnection connection) : IDisposable
    {
        public static Pace Of(SqliteConnection connection, BackupPace? rest, LoadWatch? watch)
        {
            raw.sqlite3_progress_handler(connection.Handle, LoadWatch.StepsBetween, _ => watch is not { IsAborted: true } && MayGoOn(rest) ? 0 : 1, null);
            return new Pace(connection);
        }

        private static bool MayGoOn(BackupPace? rest)
        {
            if (rest is not null)
            {
                return rest.MayGoOn();
            }

            ThreadTurns.Rest();
            return true;
        }

        public void Dispose() => raw.sqlite3_progress_handler(connection.Handle, 0, (delegate_progress?)null, null);
    }
}
