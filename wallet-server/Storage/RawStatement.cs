using Dash.Common.Concurrency;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// A prepared statement of a connection without the layer that makes a command, a reader and its rows of it: for what every call asks,
/// where that layer takes longer than SQLite. Not for two threads.
/// </summary>
internal sealed class RawStatement : IDisposable
{
    private readonly sqlite3 _database;
    private readonly sqlite3_stmt _statement;

    /// <summary>Prepares it.</summary>
    /// <exception cref="SqliteException">It cannot be understood.</exception>
    public RawStatement(SqliteConnection connection, string sql)
    {
        _database = connection.Handle ?? throw new InvalidOperationException("the connection is not open");
        Check(raw.sqlite3_prepare_v2(_database, sql, out _statement));
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end, where it begins anew.</returns>
    /// <exception cref="SqliteException">It failed; it begins anew.</exception>
    public bool Step()
    {
        ThreadTurns.Rest();
        var code = raw.sqlite3_step(_statement);
        if (code == raw.SQLITE_ROW)
        {
            return true;
        }

        Reset();
        if (code != raw.SQLITE_DONE)
        {
            Check(code);
        }

        return false;
    }

    /// <summary>Executes it to its end.</summary>
    public void Run()
    {
        while (Step())
        {
            // Nobody wants its rows.
        }
    }

    /// <summary>Begins anew, also before the end.</summary>
    public void Reset() => raw.sqlite3_reset(_statement);

    /// <summary>Sets the first parameter.</summary>
    public void Bind(ReadOnlySpan<byte> value) => Bind(1, value);

    /// <summary>Sets a parameter, counted from 1.</summary>
    public void Bind(int place, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(_statement, place, value));

    /// <summary>Sets a parameter, counted from 1; null is SQL's.</summary>
    public void Bind(int place, long? value) => Check(
        value is { } number ? raw.sqlite3_bind_int64(_statement, place, number) : raw.sqlite3_bind_null(_statement, place));

    /// <summary>A column of the row.</summary>
    public byte[] Bytes(int column) => Span(column).ToArray();

    /// <summary>The same without a copy, until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(_statement, column);

    /// <summary>A column of the row; 0 where it is null.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(_statement, column);

    /// <summary>Whether a column of the row is null.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(_statement, column) == raw.SQLITE_NULL;

    /// <inheritdoc/>
    public void Dispose() => _statement.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
