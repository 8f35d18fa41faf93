using Dash.Common.Concurrency;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// A statement of a connection without the layer that makes a command, a reader and its rows of it: for what every call asks or
/// writes, where that layer takes longer than SQLite. Prepared when it is first used, and kept so. Not for two threads.
/// </summary>
/// <remarks>Every use may throw a <see cref="SqliteException"/>, the first one also since the statement cannot be understood.</remarks>
internal sealed class RawStatement(SqliteConnection connection, string sql) : IDisposable
{
    private readonly sqlite3 _database = connection.Handle ?? throw new InvalidOperationException("the connection is not open");
    private sqlite3_stmt? _prepared;

    private sqlite3_stmt Statement
    {
        get
        {
            if (_prepared is null)
            {
                Check(raw.sqlite3_prepare_v2(_database, sql, out var prepared));
                _prepared = prepared;
            }

            return _prepared;
        }
    }

    /// <summary>Goes to the next row.</summary>
    /// <returns>False at the end, where it begins anew.</returns>
    /// <exception cref="SqliteException">It failed; it begins anew.</exception>
    public bool Step()
    {
        ThreadTurns.Rest();
        var code = raw.sqlite3_step(Statement);
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
    public void Reset() => raw.sqlite3_reset(Statement);

    /// <summary>Sets the first parameter.</summary>
    public void Bind(ReadOnlySpan<byte> value) => Bind(1, value);

    /// <summary>Sets a parameter, counted from 1.</summary>
    public void Bind(int place, ReadOnlySpan<byte> value) => Check(raw.sqlite3_bind_blob(Statement, place, value));

    /// <summary>Sets a parameter to a hash, in wire order.</summary>
    public void Bind(int place, Uint256 value)
    {
        Span<byte> bytes = stackalloc byte[Uint256.Size];
        value.CopyTo(bytes);
        Bind(place, bytes);
    }

    /// <summary>Sets a parameter to a hash, in wire order; null is SQL's.</summary>
    public void Bind(int place, Uint256? value)
    {
        if (value is { } hash)
        {
            Bind(place, hash);
        }
        else
        {
            BindNull(place);
        }
    }

    /// <summary>Sets a parameter to an outpoint as <see cref="WalletTables.Write"/> writes it.</summary>
    public void Bind(int place, OutPoint value)
    {
        Span<byte> bytes = stackalloc byte[OutPoint.Size];
        WalletTables.Write(value, bytes);
        Bind(place, bytes);
    }

    /// <summary>Sets a parameter to a text.</summary>
    public void Bind(int place, string value) => Check(raw.sqlite3_bind_text(Statement, place, value));

    /// <summary>Sets a parameter.</summary>
    public void Bind(int place, long value) => Check(raw.sqlite3_bind_int64(Statement, place, value));

    /// <summary>Sets a parameter; null is SQL's.</summary>
    public void Bind(int place, long? value)
    {
        if (value is { } number)
        {
            Bind(place, number);
        }
        else
        {
            BindNull(place);
        }
    }

    /// <summary>Sets a parameter to SQL's null.</summary>
    public void BindNull(int place) => Check(raw.sqlite3_bind_null(Statement, place));

    /// <summary>A column of the row.</summary>
    public byte[] Bytes(int column) => Span(column).ToArray();

    /// <summary>The same without a copy, until the next step.</summary>
    public ReadOnlySpan<byte> Span(int column) => raw.sqlite3_column_blob(Statement, column);

    /// <summary>A column of the row; 0 where it is null.</summary>
    public long Number(int column) => raw.sqlite3_column_int64(Statement, column);

    /// <summary>Whether a column of the row is null.</summary>
    public bool IsNull(int column) => raw.sqlite3_column_type(Statement, column) == raw.SQLITE_NULL;

    /// <inheritdoc/>
    public void Dispose() => _prepared?.Dispose();

    private void Check(int code) => SqliteException.ThrowExceptionForRC(code, _database);
}
