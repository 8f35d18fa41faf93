using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Takes the write-ahead log into the file, a little at a time and when those are answered who waited for the commit: what is in the
/// log is durable, and who comes next waits some milliseconds. SQLite by itself does it within a commit, and more at once. A thread
/// beside the writer would do it while commits go on, which then wait for the disk at each of their syncs: that was three times slower.
/// The writer's.
/// </summary>
internal sealed class LogCheckpoints
{
    // Pages of 4 kB.
    private const int Piece = 400;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private const int Waits = 0; // SQLITE_CHECKPOINT_PASSIVE: for nobody

    private int _pages;

    /// <summary>From now on SQLite does not do it by itself.</summary>
    public void Begin(SqliteConnection writer)
    {
        WalletDatabase.Execute(writer, "PRAGMA wal_autocheckpoint = 0");
        Committed(writer);
        _pages = 0;
    }

    /// <summary>Counts what a commit has written.</summary>
    public void Committed(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle, PagesWritten, out var pages, out _, 1);
        _pages += pages;
    }

    /// <summary>
    /// Does what is due: then the log begins anew with the next commit, unless somebody looks at an older state. Where the disk
    /// refuses it stays in the log, and is tried again after as many pages.
    /// </summary>
    public void Go(SqliteConnection writer)
    {
        if (_pages >= Piece)
        {
            _pages = 0;
            _ = raw.sqlite3_wal_checkpoint_v2(writer.Handle, "main", Waits, out _, out _);
        }
    }
}
