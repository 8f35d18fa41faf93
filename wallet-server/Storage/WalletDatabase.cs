using System.Buffers.Binary;
using System.Globalization;
using Dash.Common.Concurrency;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// One wallet's SQLite file. While open it is in WAL mode with durable commits (one writer, any number of readers that
/// see a state of their own); closed cleanly it is a single file in rollback mode again, as Dash Core keeps it.
/// The writer connection belongs to the wallet's writer loop; readers are rented.
/// </summary>
/// <remarks>
/// Who else may open it: nobody. A <c>flock</c> on the file keeps other processes of this program out from the first
/// byte read to the last one written; SQLite's own lock, which a WAL connection holds as long as it lives, refuses Dash
/// Core. Closing any other handle of the file in this process would drop SQLite's locks (they are POSIX record locks),
/// so nothing here opens the file of a loaded wallet again.
/// </remarks>
internal sealed class WalletDatabase : IDisposable
{
    /// <summary>Core's text when somebody else has the file open, or its pages cannot be read.</summary>
    public const string NoLock =
        "SQLiteDatabase: Unable to obtain an exclusive lock on the database, is it being used by another instance of Dash Core?\n";

    /// <summary>Above this size, bytes, a cleanly closed file is not read through before use.</summary>
    private const long AlwaysCheckedSize = 64L << 20;

    private const string Unfinished = ".unfinished";

    // Each keeps pages it has read, up to 8 MB.
    private const int ReadersKept = 4;

    // How long a lock of somebody else is waited for; nobody who obeys the rules above ever holds one.
    private const int BusySeconds = 1;

    private const int DisableTriggers = 1003; // SQLITE_DBCONFIG_ENABLE_TRIGGER

    private static readonly Lazy<bool> Library = new(() =>
    {
        Batteries_V2.Init();
        return true;
    });

    private readonly FileStream? _guard;
    private readonly string _source;
    private readonly Lock _gate = new(); // protects what follows
    private readonly Stack<WalletReader> _idle = [];
    private readonly LogCheckpoints _log = new();
    private TaskCompletionSource? _allReturned;
    private int _readersOut;
    private bool _isCommitting;
    private long _uses;
    private long _usesBefore;
    private long _usesRested = -1;
    private readonly Lock _end = new(); // protects the writer from being closed while it is given a rest
    private bool _isClosed;

    private WalletDatabase(FileStream? guard, SqliteConnection writer, string path, string source)
    {
        _guard = guard;
        _source = source;
        Writer = writer;
        FilePath = path;
        Main = new MainTable(writer);
    }

    /// <summary>The data file.</summary>
    public string FilePath { get; }

    /// <summary>The one connection that writes; the writer loop's.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>Core's table through the writer.</summary>
    public MainTable Main { get; }

    /// <summary>
    /// Makes the directory and a new, empty wallet file in it, under another name: what was begun and never finished is no wallet.
    /// </summary>
    public static WalletDatabase Create(string walletPath, ChainParams chain)
    {
        WalletFile.RequireNew(walletPath, chain.Magic.Span);
        WalletFile.MakeDirectory(walletPath);
        RequireNothingElse(WalletFile.DataFile(walletPath), chain);
        var path = WalletFile.DataFile(walletPath) + Unfinished;
        WalletFile.Delete(path);
        return OpenFile(path, chain, isNew: true, watch: null);
    }

    // What is in the place of a new wallet's file without being a wallet of this network stays; an empty file is nothing.
    private static void RequireNothingElse(string path, ChainParams chain)
    {
        if (Directory.Exists(path))
        {
            throw new WalletException(WalletError.Wallet, "SQLiteDatabase: Failed to open database: unable to open database file\n");
        }

        if (!File.Exists(path) || new FileInfo(path).Length == 0)
        {
            // SQLite would take it for the new file's own.
            if (WalletFile.LogsOf(path) is [var log, ..])
            {
                throw new WalletException(
                    WalletError.Wallet, $"Failed to create database path '{Path.GetDirectoryName(path)}'. The log of another file is there: {log}");
            }

            return;
        }

        throw WalletFile.ApplicationOf(path) is { } other
            ? Unexpected(chain, other)
            : new WalletException(WalletError.Wallet, NoLock);
    }

    private static WalletException Unexpected(ChainParams chain, uint actual)
    {
        var expected = BinaryPrimitives.ReadUInt32BigEndian(chain.Magic.Span);
        return new WalletException(
            WalletError.Wallet,
            string.Create(CultureInfo.InvariantCulture, $"SQLiteDatabase: Unexpected application id. Expected {expected}, got {actual}"));
    }

    /// <summary>Closes a file that was made, and gives it its name: from now on it is a wallet.</summary>
    /// <exception cref="WalletException">There is one of that name by now, or the disk did not take all of it.</exception>
    public static void Finish(WalletDatabase made)
    {
        made.Dispose();
        if (WalletFile.LogsOf(made.FilePath).Count > 0)
        {
            // What is in there and not in the file would be lost with its name.
            WalletFile.Delete(made.FilePath);
            throw new WalletException(WalletError.DiskFull, "The wallet could not be written as a whole: it was not made");
        }

        var path = made.FilePath[..^Unfinished.Length];
        try
        {
            File.Move(made.FilePath, path, overwrite: File.Exists(path) && new FileInfo(path).Length == 0);
        }
        catch (IOException error) when (Path.Exists(path))
        {
            File.Delete(made.FilePath);
            throw new WalletException(
                WalletError.Wallet, $"Failed to create database path '{Path.GetDirectoryName(path)}'. Database already exists.", error);
        }
    }

    /// <summary>Takes what lies beside a file that nobody else knows of into it, so that it is whole by itself.</summary>
    /// <exception cref="WalletException">It is broken, or the disk did not take all of it.</exception>
    public static void TakeLogIn(string path)
    {
        _ = Library.Value;
        try
        {
            using var connection = Connect(path, SqliteOpenMode.ReadWrite);
            TakeExclusively(connection);
            Execute(connection, "PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException error)
        {
            throw new WalletException(WalletError.Wallet, DiskTrouble.IsFull(error) ? DiskTrouble.NoRoom : NoLock, error);
        }

        if (WalletFile.LogsOf(path).Count > 0)
        {
            throw new WalletException(WalletError.DiskFull, DiskTrouble.NoRoom);
        }
    }

    /// <summary>Opens an existing wallet file and checks it; a file that is refused is left as it was.</summary>
    /// <param name="walletPath">The wallet's path.</param>
    /// <param name="chain">The network.</param>
    /// <param name="watch">Is told how far it is, and may end it.</param>
    /// <exception cref="WalletException">With Core's text for what is wrong.</exception>
    public static WalletDatabase Open(string walletPath, ChainParams chain, LoadWatch? watch = null)
    {
        WalletFile.RequireExisting(walletPath, chain.Magic.Span);
        return OpenFile(WalletFile.DataFile(walletPath), chain, isNew: false, watch);
    }

    /// <summary>A reader, which may still see the state it was last asked for. Give it back.</summary>
    /// <exception cref="WalletException">The wallet is being unloaded.</exception>
    public WalletReader RentReader()
    {
        lock (_gate)
        {
            if (_allReturned is not null)
            {
                throw new WalletException(WalletError.NotFound, "Requested wallet does not exist or is not loaded");
            }

            _readersOut++;
            _uses++;
            if (_idle.TryPop(out var reader))
            {
                return reader;
            }
        }

        try
        {
            return ConnectReader();
        }
        catch
        {
            CountReturned();
            throw;
        }
    }

    /// <summary>
    /// Gives a reader back. It goes on seeing its state until the next commit, so that who asks next has no lock to take; not during
    /// one, which would have to leave in the log what is seen.
    /// </summary>
    public void Return(WalletReader reader)
    {
        lock (_gate)
        {
            if (_idle.Count < ReadersKept)
            {
                if (_isCommitting)
                {
                    reader.End();
                }

                _idle.Push(reader);
            }
            else
            {
                reader.Dispose();
            }
        }

        CountReturned();
    }

    /// <summary>Gives a reader back that failed: it is not used again.</summary>
    public void Discard(WalletReader reader)
    {
        reader.Dispose();
        CountReturned();
    }

    /// <summary>Gives out no more readers, and ends when all are back.</summary>
    public Task DrainAsync()
    {
        lock (_gate)
        {
            _allReturned ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            if (_readersOut == 0)
            {
                _allReturned.TrySetResult();
            }

            return _allReturned.Task;
        }
    }

    /// <summary>Makes what the writer wrote durable.</summary>
    public void Commit()
    {
        lock (_gate)
        {
            _isCommitting = true;
            _uses++;
            foreach (var reader in _idle)
            {
                reader.End();
            }
        }

        try
        {
            Execute("COMMIT");
            _log.Committed(Writer);
        }
        finally
        {
            lock (_gate)
            {
                _isCommitting = false;
            }
        }
    }

    /// <summary>Loaded: what that wrote is in the file already; from now on see <see cref="KeepLogShort"/>.</summary>
    public void GoOn() => _log.Begin(Writer);

    /// <summary>Has the log taken into the file when it is long. The writer's, when it has answered.</summary>
    public void KeepLogShort() => _log.Go(Writer);

    /// <summary>
    /// Gives back the memory for pages of a file that nobody read or wrote between the last two calls: readers are closed. Any thread.
    /// </summary>
    /// <returns>Whether there was something to give back.</returns>
    public bool Rest()
    {
        WalletReader[] unused;
        lock (_gate)
        {
            (var before, _usesBefore) = (_usesBefore, _uses);
            if (before != _uses || _uses == _usesRested)
            {
                return false;
            }

            _usesRested = _uses;
            unused = [.. _idle];
            _idle.Clear();
        }

        foreach (var reader in unused)
        {
            reader.Dispose();
        }

        lock (_end)
        {
            // Past the layer that is for one thread: SQLite's own lock of the connection lets the writer go on before or after.
            return !_isClosed && raw.sqlite3_exec(Writer.Handle, "PRAGMA shrink_memory") == raw.SQLITE_OK;
        }
    }

    /// <summary>Runs one statement on the writer.</summary>
    public void Execute(string sql) => Execute(Writer, sql);

    /// <summary>Runs one statement.</summary>
    public static void Execute(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }

    /// <summary>Runs one statement with values for $a, $b, ….</summary>
    public static void Execute(SqliteConnection connection, string sql, params ReadOnlySpan<object> values)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters.AddWithValue("$" + (char)('a' + i), values[i]);
        }

        command.ExecuteNonQuery();
    }

    /// <summary>Runs one statement and gives its first value; null if there is none.</summary>
    public static object? Ask(SqliteConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        return command.ExecuteScalar();
    }

    /// <summary>Back to a single file in rollback mode, then closed. All readers must have been given back.</summary>
    public void Dispose()
    {
        lock (_end)
        {
            if (_isClosed)
            {
                return;
            }

            _isClosed = true;
        }

        while (_idle.TryPop(out var reader))
        {
            reader.Dispose();
        }

        try
        {
            Execute("PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException)
        {
            // The disk refuses: the write-ahead log stays beside the file and is taken in at the next opening.
        }

        Main.Dispose();
        Writer.Dispose();
        _guard?.Dispose();
    }

    private WalletReader ConnectReader()
    {
        var connection = Connect(_source, SqliteOpenMode.ReadOnly);
        try
        {
            Execute(connection, "PRAGMA cache_size = -8000");
            return new WalletReader(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    private void CountReturned()
    {
        lock (_gate)
        {
            if (--_readersOut == 0)
            {
                _allReturned?.TrySetResult();
            }
        }
    }

    private static WalletDatabase OpenFile(string path, ChainParams chain, bool isNew, LoadWatch? watch)
    {
        _ = Library.Value;
        var guard = OpenGuard(path, isNew);
        SqliteConnection? writer = null;
        try
        {
            RequireWritable(path);
            writer = Connect(path, SqliteOpenMode.ReadWrite);
            TakeExclusively(writer);
            if (isNew)
            {
                Prepare(writer, chain);
            }

            watch?.Attach(writer);
            watch?.Enter("checking the file");
            Verify(writer, path, chain, isNew);
            LoadWatch.Release(writer);
            GoLive(writer);
            return new WalletDatabase(guard, writer, path, path);
        }
        catch (Exception error)
        {
            writer?.Dispose();
            guard.Dispose();
            if (isNew)
            {
                File.Delete(path);
            }

            if (error is SqliteException sqlite)
            {
                throw new WalletException(WalletError.Wallet, $"SQLiteDatabase: Failed to open database: {ReasonOf(sqlite)}\n", sqlite);
            }

            throw;
        }
    }

    // SQLite's own words, as Core quotes them.
    private static string ReasonOf(SqliteException error) => raw.sqlite3_errstr(error.SqliteExtendedErrorCode).utf8_to_string();

    private static FileStream OpenGuard(string path, bool isNew)
    {
        try
        {
            return isNew
                ? OwnerOnlyFile.Create(path, FileMode.CreateNew, FileAccess.ReadWrite, FileShare.None, bufferSize: 0)
                : new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.None, bufferSize: 0);
        }
        catch (IOException error) when (!isNew)
        {
            throw new WalletException(WalletError.Wallet, NoLock, error);
        }
    }

    private static void RequireWritable(string path)
    {
        if (new FileInfo(path).IsReadOnly)
        {
            throw new WalletException(
                WalletError.Wallet,
                "SQLiteDatabase: Database opened in readonly mode but read-write permissions are needed");
        }
    }

    private static SqliteConnection Connect(string path, SqliteOpenMode mode)
    {
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = path,
            Mode = mode,
            Pooling = false,
            DefaultTimeout = BusySeconds,
        }.ToString());
        connection.Open();

        // The triggers are there to see foreign writers; what this program writes it knows already.
        raw.sqlite3_db_config(connection.Handle, DisableTriggers, 0, out _);
        return connection;
    }

    // Whoever else has the file open, in whatever mode, holds at least a shared lock, so this is refused. Any other
    // failure at this first look at the pages (a file cut short) gets the same text, as in Core; except that a new file needs room.
    private static void TakeExclusively(SqliteConnection writer)
    {
        try
        {
            Execute(writer, "PRAGMA locking_mode = exclusive");
            Execute(writer, "BEGIN EXCLUSIVE TRANSACTION");
            Execute(writer, "COMMIT");
        }
        catch (SqliteException error)
        {
            throw new WalletException(WalletError.Wallet, DiskTrouble.IsFull(error) ? DiskTrouble.NoRoom : NoLock, error);
        }
    }

    private static void Prepare(SqliteConnection writer, ChainParams chain)
    {
        Execute(writer, MainTable.Definition);
        var id = unchecked((int)BinaryPrimitives.ReadUInt32BigEndian(chain.Magic.Span));
        Execute(writer, string.Create(CultureInfo.InvariantCulture, $"PRAGMA application_id = {id}"));
        Execute(writer, "PRAGMA user_version = 0");
    }

    /// <summary>Checks what the file is and, unless it is new, all its pages.</summary>
    /// <exception cref="WalletException">With Core's text for what is wrong.</exception>
    internal static void Verify(SqliteConnection writer, string path, ChainParams chain, bool isNew)
    {
        var expected = BinaryPrimitives.ReadUInt32BigEndian(chain.Magic.Span);
        var actual = unchecked((uint)(long)(Ask(writer, "PRAGMA application_id") ?? 0L));
        if (actual != expected)
        {
            throw Unexpected(chain, actual);
        }

        var version = (long)(Ask(writer, "PRAGMA user_version") ?? 0L);
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

    // A log left by a crash has been taken in by now (by the exclusive transaction); the mode is changed with nobody
    // else around, and read back because SQLite answers a refusal with the old mode instead of an error.
    private static void GoLive(SqliteConnection writer)
    {
        Execute(writer, "PRAGMA journal_mode = DELETE");
        Execute(writer, "PRAGMA locking_mode = normal");
        Execute(writer, "SELECT 1 FROM main LIMIT 1");
        if (Ask(writer, "PRAGMA journal_mode = WAL") is not "wal")
        {
            throw new WalletException(WalletError.Wallet, NoLock);
        }

        Execute(writer, "PRAGMA synchronous = FULL");
        Execute(writer, "PRAGMA fullfsync = true");
        Execute(writer, "PRAGMA cache_size = -8000");

        // The first read makes the connection hold its shared lock for good.
        Execute(writer, "SELECT 1 FROM main LIMIT 1");
    }
}
