using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Takes the write-ahead log into the file, a little at a time and when those are answered who waited for the commit: what is in the
/// log is durable, and who comes next waits some milliseconds. SQLite by itself does it within a commit, and more at once. A thread
/// beside the writer would do it while commits go on, which then wait for the disk at each of their syncs: that was three times slower.
/// Where callers keep coming it is done more at a time: they wait for the sum of it then, and of pages that are written
/// again and again the file takes only the last. The writer's.
/// </summary>
internal sealed class LogCheckpoints
{
    // Pages of 4 kB.
    private const int Piece = 400;
    private const int PieceOfMany = 2000;

    // Callers keep coming where after three of four commits somebody waits already. It is not told from how many a commit answers: after a
    // long piece that is many, which would bring the next long one.
    private const int Commits = 4;
    private const int WithWaiting = 3;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private const int Waits = 0; // SQLITE_CHECKPOINT_PASSIVE: for nobody

    private int _pages;
    private long _commits;
    private long _withWaiting;
    private bool _isNews;

    /// <summary>From now on SQLite does not do it by itself.</summary>
    public void Begin(SqliteConnection writer)
    {
        WalletDatabase.Execute(writer, "PRAGMA wal_autocheckpoint = 0");
        Committed(writer);
        BeginAnew();
    }

    /// <summary>Counts what a commit has written.</summary>
    public void Committed(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle, PagesWritten, out var pages, out _, 1);
        _pages += pages;
        _commits++;
        _isNews = true;
    }

    /// <summary>
    /// Does what is due: then the log begins anew with the next commit, unless somebody looks at an older state. Where the disk
    /// refuses it stays in the log, and is tried again after as many pages.
    /// </summary>
    /// <param name="writer">The connection.</param>
    /// <param name="isWaitedFor">Somebody waits for the next commit.</param>
    public void Go(SqliteConnection writer, bool isWaitedFor)
    {
        if (!_isNews)
        {
            return; // nothing was changed
        }

        _isNews = false;
        _withWaiting += isWaitedFor ? 1 : 0;
        if (_pages >= (_withWaiting * Commits >= _commits * WithWaiting ? PieceOfMany : Piece))
        {
            BeginAnew();
            _ = raw.sqlite3_wal_checkpoint_v2(writer.Handle, "main", Waits, out _, out _);
        }
    }

    private void BeginAnew() => (_pages, _commits, _withWaiting, _isNews) = (0, 0, 0, false);
}
