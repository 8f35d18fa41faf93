using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Tests.Scenario;

/// <summary>Does to a wallet file what another program would.</summary>
internal static class ForeignWrites
{
    /// <summary>Rewrites a record with the value it has.</summary>
    public static void Touch(string file) =>
        Run(file, "INSERT OR REPLACE INTO main SELECT key, value FROM main WHERE key = x'05666c616773'");

    /// <summary>All of Core's records, as text to compare.</summary>
    public static IReadOnlyList<string> Records(string file) =>
        Rows(file, "SELECT hex(key) || ' ' || hex(value) FROM main ORDER BY key");

    /// <summary>What a question about a file that nobody has open gives, a text a row.</summary>
    public static IReadOnlyList<string> Rows(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False;Mode=ReadOnly");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        using var rows = command.ExecuteReader();
        var records = new List<string>();
        while (rows.Read())
        {
            records.Add(rows.GetString(0));
        }

        return records;
    }

    /// <summary>SQLite's answer to a program that wants the file for itself, as Dash Core does.</summary>
    public static int TryExclusive(string file)
    {
        Assert.Equal(raw.SQLITE_OK, raw.sqlite3_open_v2(file, out var database, raw.SQLITE_OPEN_READWRITE, null));
        using (database)
        {
            raw.sqlite3_exec(database, "PRAGMA locking_mode = exclusive");
            return raw.sqlite3_exec(database, "BEGIN EXCLUSIVE TRANSACTION");
        }
    }

    public static void Run(string file, string sql)
    {
        using var connection = new SqliteConnection($"Data Source={file};Pooling=False");
        connection.Open();
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}
