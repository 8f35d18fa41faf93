using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>Core's <c>main(key, value)</c> table over one connection. Not for two threads.</summary>
internal sealed class MainTable : IDisposable
{
    /// <summary>The table, as Core makes it.</summary>
    public const string Definition = "CREATE TABLE main(key BLOB PRIMARY KEY NOT NULL, value BLOB NOT NULL)";

    private readonly SqliteConnection _connection;
    private readonly RawStatement _get;
    private readonly RawStatement _put;
    private readonly RawStatement _delete;

    /// <summary>The table of a connection that is open; it need not be there yet.</summary>
    public MainTable(SqliteConnection connection)
    {
        _connection = connection;
        _get = new RawStatement(connection, "SELECT value FROM main WHERE key = ?");
        _put = new RawStatement(connection, "INSERT OR REPLACE INTO main VALUES(?, ?)");
        _delete = new RawStatement(connection, "DELETE FROM main WHERE key = ?");
    }

    /// <summary>The value of a key, or null.</summary>
    public byte[]? Get(byte[] key)
    {
        _get.Bind(key);
        if (!_get.Step())
        {
            return null;
        }

        var value = _get.Bytes(0);
        _get.Reset();
        return value;
    }

    /// <summary>Writes a value, or replaces it.</summary>
    public void Put(byte[] key, byte[] value)
    {
        _put.Bind(key);
        _put.Bind(2, value);
        _put.Run();
    }

    /// <summary>Deletes a key if it is there.</summary>
    public void Delete(byte[] key)
    {
        _delete.Bind(key);
        _delete.Run();
    }

    /// <summary>The highest row: about as many records as there ever were.</summary>
    public long Highest => WalletDatabase.Ask(_connection, "SELECT MAX(rowid) FROM main") as long? ?? 0;

    /// <summary>The records whose key starts with these bytes, or (negated) all others.</summary>
    public IEnumerable<(byte[] Key, byte[] Value)> Scan(byte[] prefix, bool isExcluded)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = isExcluded
            ? "SELECT key, value FROM main WHERE key < $from OR key >= $to"
            : "SELECT key, value FROM main WHERE key >= $from AND key < $to";
        command.Parameters.AddWithValue("$from", prefix);
        command.Parameters.AddWithValue("$to", After(prefix));
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return (rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1));
        }
    }

    /// <summary>The records whose key starts with none of these.</summary>
    public IEnumerable<(byte[] Key, byte[] Value)> ScanExcept(params byte[][] prefixes)
    {
        byte[] from = [];
        foreach (var prefix in prefixes.OrderBy(static prefix => prefix, ByteOrder.Instance))
        {
            foreach (var record in Between(from, prefix))
            {
                yield return record;
            }

            from = After(prefix);
        }

        foreach (var record in Between(from, null))
        {
            yield return record;
        }
    }

    private IEnumerable<(byte[] Key, byte[] Value)> Between(byte[] from, byte[]? to)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT key, value FROM main WHERE key >= $from" + (to is null ? "" : " AND key < $to");
        command.Parameters.AddWithValue("$from", from);
        if (to is not null)
        {
            command.Parameters.AddWithValue("$to", to);
        }

        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return (rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1));
        }
    }

    private sealed class ByteOrder : IComparer<byte[]>
    {
        public static ByteOrder Instance { get; } = new();

        public int Compare(byte[]? x, byte[]? y) => x.AsSpan().SequenceCompareTo(y);
    }

    /// <summary>Every record.</summary>
    public IEnumerable<(byte[] Key, byte[] Value)> All()
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT key, value FROM main";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return (rows.GetFieldValue<byte[]>(0), rows.GetFieldValue<byte[]>(1));
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _get.Dispose();
        _put.Dispose();
        _delete.Dispose();
    }

    // Record names are short ASCII, so the last byte never overflows.
    private static byte[] After(byte[] prefix)
    {
        var after = (byte[])prefix.Clone();
        after[^1]++;
        return after;
    }
}
