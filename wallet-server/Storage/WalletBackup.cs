using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>A copy of a live wallet in one file, which Dash Core opens too.</summary>
internal static class WalletBackup
{
    /// <summary>
    /// Copies a consistent state of the wallet to a new file (replacing one that is there), without stopping the writer.
    /// A directory as target keeps the data file's name.
    /// </summary>
    /// <exception cref="WalletException">It could not be written; nothing is left at the target.</exception>
    public static void Write(WalletDatabase database, string target)
    {
        var path = Directory.Exists(target) ? Path.Combine(target, WalletFile.Name) : target;
        if (Path.GetFullPath(path) == Path.GetFullPath(database.FilePath))
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
                using var command = reader.CreateCommand();
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

    private static WalletException Failed(Exception? inner) => inner is null
        ? new(WalletError.Wallet, "Error: Wallet backup failed!")
        : new(WalletError.Wallet, "Error: Wallet backup failed!", inner);
}
