using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Were we the last to write Core's records? Triggers on <c>main</c> count every write of a program that runs them; this
/// one switches them off on its own connections. A count other than zero means that Dash Core (or a tool) was there
/// and the derived tables are to be made anew. Unlike SQLite's change counter it also holds in WAL mode.
/// </summary>
internal static class TableStamp
{
    /// <summary>The layout of our tables; another number means making them anew.</summary>
    public const long Layout = 4;

    /// <summary>The triggers, and the row they count in.</summary>
    public const string Definition =
        """
        CREATE TABLE IF NOT EXISTS dw_stamp(layout INTEGER NOT NULL, foreign_writes INTEGER NOT NULL);
        CREATE TRIGGER IF NOT EXISTS dw_main_insert AFTER INSERT ON main
            BEGIN UPDATE dw_stamp SET foreign_writes = foreign_writes + 1; END;
        CREATE TRIGGER IF NOT EXISTS dw_main_update AFTER UPDATE ON main
            BEGIN UPDATE dw_stamp SET foreign_writes = foreign_writes + 1; END;
        CREATE TRIGGER IF NOT EXISTS dw_main_delete AFTER DELETE ON main
            BEGIN UPDATE dw_stamp SET foreign_writes = foreign_writes + 1; END;
        """;

    /// <summary>Our tables exist, have our layout, and nobody else wrote since.</summary>
    public static bool IsOurs(SqliteConnection connection)
    {
        if (WalletDatabase.Ask(connection, "SELECT 1 FROM sqlite_master WHERE name = 'dw_stamp'") is null)
        {
            return false;
        }

        using var command = connection.CreateCommand();
        command.CommandText = "SELECT layout, foreign_writes FROM dw_stamp";
        using var rows = command.ExecuteReader();
        return rows.Read() && rows.GetInt64(0) == Layout && rows.GetInt64(1) == 0 && !rows.Read();
    }

    /// <summary>Our tables have this layout, whether or not they agree with <c>main</c>.</summary>
    public static bool HasLayout(SqliteConnection connection) =>
        WalletDatabase.Ask(connection, "SELECT 1 FROM sqlite_master WHERE name = 'dw_stamp'") is not null
        && WalletDatabase.Ask(connection, "SELECT layout FROM dw_stamp") is Layout;

    /// <summary>Says that the derived tables agree with <c>main</c> now.</summary>
    public static void Set(SqliteConnection connection)
    {
        WalletDatabase.Execute(connection, "DELETE FROM dw_stamp");
        using var command = connection.CreateCommand();
        command.CommandText = "INSERT INTO dw_stamp VALUES($layout, 0)";
        command.Parameters.AddWithValue("$layout", Layout);
        command.ExecuteNonQuery();
    }
}
