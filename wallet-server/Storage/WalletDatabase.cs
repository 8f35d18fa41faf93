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
/// byte read to the last one written; SQLite's own lock, which the writer holds as long as it lives, refuses Dash
/// Core. Closing any other handle of the file in this process would drop SQLite's locks (they are POSIX record locks),
/// so nothing here opens the file of a loaded wallet again, by whatever name or link: <see cref="OpenFiles"/> knows them.
/// </remarks>
internal sealed class WalletDatabase : IDisposable
{
    private const string Unfinished = ".unfinished";

    // Each keeps pages it has read, up to 8 MB.
    private const int ReadersKept = 4;

    private readonly FileGuard _guard;
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

    private WalletDatabase(FileGuard guard, SqliteConnection writer)
    {
        _guard = guard;
        Writer = writer;
        Main = new MainTable(writer);
    }

    /// <summary>The data file.</summary>
    public string FilePath => _guard.Path;

    /// <summary>Which file that is, by whatever name or link it is reached.</summary>
    public FileIdentity? Identity => _guard.Identity;

    /// <summary>The files of this process's wallets, of which this is one.</summary>
    public OpenFiles Files => _guard.Files;

    /// <summary>It was opened without the log that it says it has (<see cref="WalletFile.LacksItsLog"/>).</summary>
    public bool LackedItsLog { get; private init; }

    /// <summary>The one connection that writes; the writer loop's.</summary>
    public SqliteConnection Writer { get; }

    /// <summary>Core's table through the writer.</summary>
    public MainTable Main { get; }

    /// <summary>
    /// Makes the directory and a new, empty wallet file in it, under another name: what was begun and never finished is no wallet.
    /// </summary>
    /// <param name="walletPath">The wallet's path.</param>
    /// <param name="chain">The network.</param>
    /// <param name="files">Those of this process's wallets.</param>
    /// <exception cref="WalletException">With Core's text for what is in the way.</exception>
    public static WalletDatabase Create(string walletPath, ChainParams chain, OpenFiles files)
    {
        WalletFile.RequireNew(walletPath, chain.Magic, files);
        WalletFile.MakeDirectory(walletPath);
        RequireNothingElse(WalletFile.DataFile(walletPath), chain, files);
        var path = WalletFile.DataFile(walletPath) + Unfinished;
        WalletFile.Delete(path);
        var guard = FileGuard.OfNew(files, path);
        try
        {
            return Start(guard, chain, isNew: true, watch: null);
        }
        catch
        {
            guard.Dispose();
            WalletFile.Delete(path);
            throw;
        }
    }

    // What is in the place of a new wallet's file without being a wallet of this network stays; an empty file is nothing.
    private static void RequireNothingElse(string path, ChainParams chain, OpenFiles files)
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

        throw files.Look(path, WalletFile.ApplicationOf, ifTaken: null) is { } other
            ? FileOpening.Unexpected(chain, other)
            : new WalletException(WalletError.Wallet, FileOpening.NoLock);
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

        WalletFile.FlushNames(path);
    }

    /// <summary>Opens an existing wallet file and checks it; a file that is refused is left as it was.</summary>
    /// <param name="walletPath">The wallet's path.</param>
    /// <param name="chain">The network.</param>
    /// <param name="files">Those of this process's wallets.</param>
    /// <param name="watch">Is told how far it is, and may end it.</param>
    /// <exception cref="WalletException">With Core's text for what is wrong.</exception>
    public static WalletDatabase Open(string walletPath, ChainParams chain, OpenFiles files, LoadWatch? watch = null)
    {
        var guard = FileGuard.Of(files, WalletFile.DataFile(walletPath));
        try
        {
            WalletFile.RequireExisting(walletPath, chain.Magic.Span, files);
            var lacksItsLog = WalletFile.LacksItsLog(guard.Path);
            guard.Lock();
            return Start(guard, chain, isNew: false, watch, lacksItsLog);
        }
        catch
        {
            guard.Dispose();
            throw;
        }
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

        try
        {
            while (_idle.TryPop(out var reader))
            {
                reader.Dispose();
            }

            // Also after a sync that failed: all that SQLite takes into the file was synced by earlier commits, and the one that was refused
            // goes with the log. Left there, the next opening would find it whole, and take in what its caller was told did not happen.
            Execute("PRAGMA journal_mode = DELETE");
        }
        catch (SqliteException)
        {
            // The disk refuses: the write-ahead log stays beside the file and is taken in at the next opening.
        }
        finally
        {
            Main.Dispose();
            Writer.Dispose();
            _guard.Dispose();
        }
    }

    private WalletReader ConnectReader()
    {
        var connection = FileOpening.Connect(FilePath, SqliteOpenMode.ReadOnly);
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

    private static WalletDatabase Start(FileGuard guard, ChainParams chain, bool isNew, LoadWatch? watch, bool lacksItsLog = false)
    {
        var path = guard.Path;
        SqliteConnection? writer = null;
        try
        {
            FileOpening.RequireWritable(path);
            writer = FileOpening.Connect(path, SqliteOpenMode.ReadWrite);
            FileOpening.TakeExclusively(writer);
            if (isNew)
            {
                FileOpening.Prepare(writer, chain);
            }

            watch?.Attach(writer);
            watch?.Enter("checking the file");
            FileOpening.Verify(writer, path, chain, isNew);
            LoadWatch.Release(writer);
            FileOpening.GoLive(writer);
            return new WalletDatabase(guard, writer) { LackedItsLog = lacksItsLog };
        }
        catch (Exception error)
        {
            writer?.Dispose();
            if (error is SqliteException sqlite)
            {
                throw new WalletException(WalletError.Wallet, $"SQLiteDatabase: Failed to open database: {FileOpening.ReasonOf(sqlite)}\n", sqlite);
            }

            throw;
        }
    }
}
