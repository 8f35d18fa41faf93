using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// A connection that reads, with its questions prepared once: preparing costs more than asking. Between <see cref="Begin"/> and
/// <see cref="End"/> it sees one state, whoever rents it. Rented; not for two threads.
/// </summary>
internal sealed class WalletReader : IDisposable
{
    // As long as the layer above waits for a lock.
    private const int BusyMilliseconds = 30_000;

    private readonly RawStatement _begin;
    private readonly RawStatement _end;
    private readonly RawStatement _sequence;
    private ulong _seen;

    /// <summary>Takes a connection over.</summary>
    public WalletReader(SqliteConnection connection)
    {
        Connection = connection;
        History = new History(connection);
        raw.sqlite3_busy_timeout(connection.Handle, BusyMilliseconds);
        _begin = new RawStatement(connection, "BEGIN");
        _end = new RawStatement(connection, "ROLLBACK");
        _sequence = new RawStatement(connection, "SELECT value FROM dw_meta WHERE name = 'sequence'");
    }

    /// <summary>The connection.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>The history as it sees it.</summary>
    public History History { get; }

    // Asked of SQLite, which may end it when something fails.
    private bool Sees => raw.sqlite3_get_autocommit(Connection.Handle) == 0;

    /// <summary>From now on it sees what is stored now, unless it sees a state already.</summary>
    /// <returns>The sequence of the state it sees.</returns>
    public ulong Begin()
    {
        if (!Sees)
        {
            _begin.Run();
            _seen = _sequence.Step() ? (ulong)_sequence.Number(0) : 0;
            _sequence.Reset();
        }

        return _seen;
    }

    /// <summary>It sees that state no longer.</summary>
    public void End()
    {
        if (Sees)
        {
            _end.Run();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        History.Dispose();
        _begin.Dispose();
        _end.Dispose();
        _sequence.Dispose();
        Connection.Dispose();
    }
}
