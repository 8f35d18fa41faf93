using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>A copy of a live wallet in one file, which Dash Core opens too.</summary>
internal static class WalletBackup
{
    /// <summary>
    /// Copies a consistent state of the wallet to a new file (replacing one that is there), without stopping the writer.
    /// A directory is no file, and refused.
    /// </summary>
    /// <exception cref="WalletException">It could not be written; nothing is left at the target.</exception>
    public static void Write(WalletDatabase database, string target)
    {
        var path = target;
        if (Directory.Exists(path) || Path.GetFullPath(path) == Path.GetFullPath(database.FilePath))
        {
            throw Failed(null);
        }

        var partial = path + ".partial";
        try
        {
            File.Delete(partial);
            var reader = database.RentReader();
            try
            {
                using var command = reader.Connection.CreateCommand();
                command.CommandText = "VACUUM INTO $path";
                command.Parameters.AddWithValue("$path", partial);
                command.ExecuteNonQuery();
            }
            finally
            {
                database.Return(reader);
            }

            if (!OperatingSystem.IsWindows())
            {
                File.SetUnixFileMode(partial, UnixFileMode.UserRead | UnixFileMode.UserWrite);
            }

            using (var stream = new FileStream(partial, FileMode.Open, FileAccess.ReadWrite))
            {
                stream.Flush(flushToDisk: true);
            }

            File.Move(partial, path, overwrite: true);
        }
        catch (Exception error) when (error is SqliteException or IOException or UnauthorizedAccessException)
        {
            throw Failed(error);
        }
    }

    /// <summary>Opens a copy and checks that it is whole.</summary>
    /// <exception cref="WalletException">It is not.</exception>
    public static void Verify(string path)
    {
        try
        {
            using var connection = new SqliteConnection(
                new SqliteConnectionStringBuilder { DataSource = path, Mode = SqliteOpenMode.ReadOnly, Pooling = false }.ToString());
            connection.Open();
            if (WalletDatabase.Ask(connection, "PRAGMA integrity_check") is not "ok"
                || WalletDatabase.Ask(connection, "SELECT COUNT(*) FROM main") is not > 0L)
            {
                throw Failed(null);
            }
        }
        catch (SqliteException error)
        {
            throw Failed(error);
        }
    }

    private static WalletException Failed(Exception? inner) => inner is null
        ? new(WalletError.Wallet, "Error: Wallet backup failed!")
        : new(WalletError.Wallet, "Error: Wallet backup failed!", inner);
}
