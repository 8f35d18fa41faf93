using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>
/// A connection that reads, with its questions prepared once: preparing costs more than asking. Between <see cref="Begin"/> and
/// <see cref="End"/> it sees one state. Rented; not for two threads.
/// </summary>
internal sealed class WalletReader : IDisposable
{
    private readonly SqliteCommand _begin;
    private readonly SqliteCommand _end;
    private readonly SqliteCommand _sequence;

    /// <summary>Takes a connection over.</summary>
    public WalletReader(SqliteConnection connection)
    {
        Connection = connection;
        History = new History(connection);
        _begin = Command("BEGIN");
        _end = Command("ROLLBACK");
        _sequence = Command("SELECT value FROM dw_meta WHERE name = 'sequence'");
    }

    /// <summary>The connection.</summary>
    public SqliteConnection Connection { get; }

    /// <summary>The history as it sees it.</summary>
    public History History { get; }

    /// <summary>From now on it sees what is stored now.</summary>
    /// <returns>The sequence of that state.</returns>
    public ulong Begin()
    {
        _begin.ExecuteNonQuery();
        return (ulong)(_sequence.ExecuteScalar() as long? ?? 0);
    }

    /// <summary>It sees that state no longer.</summary>
    public void End() => _end.ExecuteNonQuery();

    /// <inheritdoc/>
    public void Dispose()
    {
        History.Dispose();
        _begin.Dispose();
        _end.Dispose();
        _sequence.Dispose();
        Connection.Dispose();
    }

    private SqliteCommand Command(string sql)
    {
        var command = Connection.CreateCommand();
        command.CommandText = sql;
        return command;
    }
}
