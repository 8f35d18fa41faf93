using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Takes the write-ahead log into the file, over a connection and a thread of its own, so that nobody waits for it whose change is
/// durable in the log already. What is written meanwhile is little, and taken in by the writer when it has answered: then the log
/// begins anew. Members are for the writer's thread.
/// </summary>
/// <param name="connect">Opens a connection to the file.</param>
internal sealed class LogCheckpoints(Func<SqliteConnection> connect) : IDisposable
{
    // Pages of 4 kB: when it is begun, when the writer takes in what remains, and when the writer is too far ahead.
    private const int Piece = 500;
    private const int Remainder = 2 * Piece;
    private const int Most = 16_000;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private const int Waits = 0; // SQLITE_CHECKPOINT_PASSIVE: for nobody

    private Work? _work;
    private int _sinceBegun;
    private int _inLog;

    /// <summary>From now on the writer does not take the log in by itself.</summary>
    public void Begin(SqliteConnection writer)
    {
        WalletDatabase.Execute(writer, "PRAGMA wal_autocheckpoint = 0");
        Committed(writer);
        (_inLog, _sinceBegun) = (0, 0);
    }

    /// <summary>Counts what a commit has written.</summary>
    public void Committed(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle, PagesWritten, out var pages, out _, 1);
        _sinceBegun += pages;
        _inLog += pages;
    }

    /// <summary>Does what is due. Not before those are answered who wait for the commit.</summary>
    public void Go(SqliteConnection writer)
    {
        if (_work is { } work)
        {
            if (!work.IsOver && _inLog < Most)
            {
                return;
            }

            work.Wait();
            _work = null;
            if (work.IsComplete && (_sinceBegun == 0 || (_inLog >= Remainder && TakeAll(writer))))
            {
                (_inLog, _sinceBegun) = (0, 0);
            }
        }

        if (_sinceBegun >= Piece)
        {
            _sinceBegun = 0;
            _work = new Work(connect, WalletDatabase.Ask(writer, "PRAGMA synchronous") as long? ?? 2);
        }
    }

    /// <summary>Waits for what is under way.</summary>
    public void Dispose()
    {
        _work?.Wait();
        _work = null;
    }

    private static bool TakeAll(SqliteConnection connection) =>
        raw.sqlite3_wal_checkpoint_v2(connection.Handle, "main", Waits, out var inLog, out var taken) == raw.SQLITE_OK && inLog == taken;

    // One time on a thread of its own.
    private sealed class Work
    {
        private readonly Thread _thread;
        private bool _isComplete;

        public Work(Func<SqliteConnection> connect, long synchronous)
        {
            _thread = new Thread(() => Run(connect, synchronous)) { IsBackground = true, Name = "log" };
            _thread.UnsafeStart();
        }

        public bool IsOver => !_thread.IsAlive;

        /// <summary>All was taken in that was in the log at its begin: nobody looked at an older state.</summary>
        public bool IsComplete => Volatile.Read(ref _isComplete);

        public void Wait() => _thread.Join();

        private void Run(Func<SqliteConnection> connect, long synchronous)
        {
            try
            {
                using var connection = connect();
                WalletDatabase.Execute(connection, string.Create(
                    System.Globalization.CultureInfo.InvariantCulture, $"PRAGMA synchronous = {synchronous}; PRAGMA checkpoint_fullfsync = true"));
                WalletDatabase.Ask(connection, "SELECT 1 FROM main LIMIT 1"); // before it has read it knows of no log
                Volatile.Write(ref _isComplete, TakeAll(connection));
            }
            catch (SqliteException)
            {
                // The disk is full or refuses: it stays in the log, and is tried again after as many pages.
            }
        }
    }
}
