using System.Buffers.Binary;
using System.Globalization;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>The steps in which a wallet's file is opened, checked and set to work. Its owner is <see cref="WalletDatabase"/>.</summary>
internal static class FileOpening
{
    /// <summary>Core's text when somebody else has the file open, or its pages cannot be read.</summary>
    public const string NoLock =
        "SQLiteDatabase: Unable to obtain an exclusive lock on the database, is it being used by another instance of Dash Core?\n";

    /// <summary>Above this size, bytes, a cleanly closed file is not read through before use.</summary>
    private const long AlwaysCheckedSize = 64L << 20;

    // How long a lock of somebody else is waited for; nobody who obeys the rules of WalletDatabase ever holds one.
    private const int BusySeconds = 1;

    // SQLite's way of opening files that are one process's: it holds an exclusive lock as long as any connection lives, and keeps the index of
    // the log in its own memory. In a mapped file beside the log, somebody who cuts that short ends the process (SIGBUS).
    private const string ExclusiveFiles = "unix-excl";

    private const int DisableTriggers = 1003; // SQLITE_DBCONFIG_ENABLE_TRIGGER

    private static readonly Lazy<bool> Library = new(() =>
    {
        Batteries_V2.Init();
        return true;
    });

    /// <summary>Takes what lies beside a file that nobody else knows of into it, so that it is whole by itself.</summary>
    /// <exception cref="WalletException">It is broken, or the disk did not take all of it.</exception>
    public static void TakeLogIn(string path)
    {
        try
        {
            using var connection = Connect(path, SqliteOpenMode.ReadWrite);
            TakeExclusively(connection);
            WalletDatabase.Execute(connection, "PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException error)
        {
            throw NotTaken(error);
        }

        if (WalletFile.LogsOf(path).Count > 0)
        {
            throw new WalletException(WalletError.DiskFull, DiskTrouble.NoRoom);
        }
    }

    /// <summary>Is a file a database that may be written and that no process has open? The caller keeps this one from opening it.</summary>
    public static bool IsUnused(string path)
    {
        try
        {
            using var connection = Connect(path, SqliteOpenMode.ReadWrite);
            WalletDatabase.Execute(connection, "PRAGMA locking_mode = exclusive");
            WalletDatabase.Execute(connection, "BEGIN EXCLUSIVE");
            WalletDatabase.Execute(connection, "COMMIT");
            return true;
        }
        catch (SqliteException)
        {
            return false;
        }
    }

    /// <summary>Checks that the file may be written.</summary>
    public static void RequireWritable(string path)
    {
        if (new FileInfo(path).IsReadOnly)
        {
            throw new WalletException(
                WalletError.Wallet,
                "SQLiteDatabase: Database opened in readonly mode but read-write permissions are needed");
        }
    }

    /// <summary>A connection on which the triggers do not run, to a file that is this process's alone.</summary>
    public static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        _ = Library.Value;
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
            Vfs = OperatingSystem.IsWindows() ? null : ExclusiveFiles,
        }.ToString());
        connection.Open();

        // The triggers are there to see foreign writers; what this program writes it knows already.
        raw.sqlite3_db_config(connection.Handle, DisableTriggers, 0, out _);
        return connection;
    }

    /// <summary>
    /// Keeps everybody else out. Whoever else has the file open, in whatever mode, holds at least a shared lock, so this is refused. Any other
    /// failure at this first look at the pages (a file cut short) gets the same text, as in Core; except that a new file needs room.
    /// </summary>
    public static void TakeExclusively(SqliteConnection writer)
    {
        try
        {
            WalletDatabase.Execute(writer, "PRAGMA locking_mode = exclusive");
            WalletDatabase.Execute(writer, "BEGIN EXCLUSIVE TRANSACTION");
            WalletDatabase.Execute(writer, "COMMIT");
        }
        catch (SqliteException error)
        {
            throw NotTaken(error);
        }
    }

    /// <summary>What a new file has first.</summary>
    public static void Prepare(SqliteConnection writer, ChainParams chain)
    {
        WalletDatabase.Execute(writer, MainTable.Definition);
        var id = unchecked((int)BinaryPrimitives.ReadUInt32BigEndian(chain.Magic.Span));
        WalletDatabase.Execute(writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {id}"));
        WalletDatabase.Execute(writer, "PRAGMA user_version = 0");
    }

    /// <summary>Checks what the file is and, unless it is new, all its pages.</summary>
    /// <exception cref="WalletException">With Core's text for what is wrong.</exception>
    public static void Verify(SqliteConnection writer, string path, ChainParams chain, bool isNew)
    {
        var expected = BinaryPrimitives.ReadUInt32BigEndian(chain.Magic.Span);
        var actual = unchecked((uint)(long)(WalletDatabase.Ask(writer, "PRAGMA application_id") ?? 0L));
        if (actual != expected)
        {
            throw Unexpected(chain, actual);
        }

        var version = (long)(WalletDatabase.Ask(writer, "PRAGMA user_version") ?? 0L);
        if (version != 0)
        {
            throw new WalletException(
                WalletError.Wallet,
                string.Create(CultureInfo.InvariantCulture, $"SQLiteDatabase: Unknown sqlite wallet schema version {version}. Only version 0 is supported"));
        }

        if (isNew || (new FileInfo(path).Length > AlwaysCheckedSize && TableStamp.IsOurs(writer)))
        {
            return;
        }

        var broken = new List<string>();
        using var command = writer.CreateCommand();
        command.CommandText = "PRAGMA integrity_check";
        try
        {
            using var rows = command.ExecuteReader();
            while (rows.Read())
            {
                if (rows.GetString(0) is var line && line != "ok")
                {
                    broken.Add(line + "\n");
                }
            }
        }
        catch (SqliteException error)
        {
            throw new WalletException(
                WalletError.Wallet, $"SQLiteDatabase: Failed to execute statement to verify database: {ReasonOf(error)}", error);
        }

        if (broken.Count > 0)
        {
            throw new WalletException(WalletError.Wallet, "Failed to verify database\n" + string.Concat(broken));
        }
    }

    /// <summary>
    /// Goes over to a log of writes. One left by a crash has been taken in by now (by the exclusive transaction); the mode is changed with
    /// nobody else around, and read back because SQLite answers a refusal with the old mode instead of an error.
    /// </summary>
    public static void GoLive(SqliteConnection writer)
    {
        WalletDatabase.Execute(writer, "PRAGMA journal_mode = DELETE");
        WalletDatabase.Execute(writer, "PRAGMA locking_mode = normal");
        WalletDatabase.Execute(writer, "SELECT 1 FROM main LIMIT 1");
        WalletFile.DeleteIndex(writer.DataSource);
        if (WalletDatabase.Ask(writer, "PRAGMA journal_mode = WAL") is not "wal")
        {
            throw new WalletException(WalletError.Wallet, NoLock);
        }

        WalletDatabase.Execute(writer, "PRAGMA synchronous = FULL");
        WalletDatabase.Execute(writer, "PRAGMA fullfsync = true");
        WalletDatabase.Execute(writer, "PRAGMA cache_size = -8000");

        // The first read makes the connection hold its lock for good.
        WalletDatabase.Execute(writer, "SELECT 1 FROM main LIMIT 1");
    }

    /// <summary>The refusal of a file of another network or program.</summary>
    public static WalletException Unexpected(ChainParams chain, uint actual)
    {
        var expected = BinaryPrimitives.ReadUInt32BigEndian(chain.Magic.Span);
        return new WalletException(
            WalletError.Wallet,
            string.Create(CultureInfo.InvariantCulture, $"SQLiteDatabase: Unexpected application id. Expected {expected}, got {actual}"));
    }

    private static WalletException NotTaken(SqliteException error) =>
        new(WalletError.Wallet, DiskTrouble.IsFull(error) ? DiskTrouble.NoRoom : NoLock, error);

    /// <summary>SQLite's own words, as Core quotes them.</summary>
    public static string ReasonOf(SqliteException error) => raw.sqlite3_errstr(error.SqliteExtendedErrorCode).utf8_to_string();
}
