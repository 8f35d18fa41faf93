using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Takes the write-ahead log into the file, a little at a time and when those are answered who waited for the commit: what is in the
/// log is durable, and who comes next waits some milliseconds. SQLite by itself does it within a commit, and more at once. A thread
/// beside the writer would do it while commits go on, which then wait for the disk at each of their syncs: that was three times slower.
/// Of a small file's pages, which are written again and again, the file takes only the last, so that more at a time is less in all; those
/// of a large one lie far apart, and more at a time is longer to wait for. The writer's.
/// </summary>
internal sealed class LogCheckpoints
{
    // Pages of 4 kB.
    private const int Piece = 400;
    private const int PieceOfSmall = 2000;
    private const long Small = 32 * 1024;

    private const int PagesWritten = 9; // SQLITE_DBSTATUS_CACHE_WRITE
    private const int Waits = 0; // SQLITE_CHECKPOINT_PASSIVE: for nobody

    private int _pages;
    private int _piece = Piece;
    private bool _isNews;

    /// <summary>From now on SQLite does not do it by itself.</summary>
    public void Begin(SqliteConnection writer)
    {
        WalletDatabase.Execute(writer, "PRAGMA wal_autocheckpoint = 0");
        Committed(writer);
        BeginAnew(writer);
    }

    /// <summary>Counts what a commit has written.</summary>
    public void Committed(SqliteConnection writer)
    {
        raw.sqlite3_db_status(writer.Handle, PagesWritten, out var pages, out _, 1);
        _pages += pages;
        _isNews = true;
    }

    /// <summary>
    /// Does what is due: then the log begins anew with the next commit, unless somebody looks at an older state. Where the disk
    /// refuses it stays in the log, and is tried again after as many pages.
    /// </summary>
    /// <param name="writer">The connection.</param>
    public void Go(SqliteConnection writer)
    {
        if (!_isNews)
        {
            return; // nothing was changed
        }

        _isNews = false;
        if (_pages < _piece)
        {
            return;
        }

        BeginAnew(writer);
        _ = raw.sqlite3_wal_checkpoint_v2(writer.Handle, "main", Waits, out _, out _);
    }

    private void BeginAnew(SqliteConnection writer)
    {
        (_pages, _isNews, _piece) = (0, false, PieceOf((long)WalletDatabase.Ask(writer, "PRAGMA page_count")!)); // one row, one number
    }

    /// <summary>How many pages of the log there are to be before they are taken into a file of so many.</summary>
    public static int PieceOf(long pagesOfFile) => pagesOfFile <= Small ? PieceOfSmall : Piece;
}
