using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.WalletServer.Keys;
using Microsoft.Data.Sqlite;
using SQLitePCL;

namespace Dash.WalletServer.Storage;

/// <summary>
/// A wallet file that is looked at by itself: locked for nobody else, not changed by the looking. It stays in whatever journal
/// mode it is.
/// </summary>
internal sealed class OfflineFile : IDisposable
{
    private readonly SqliteConnection _connection;

    private OfflineFile(SqliteConnection connection)
    {
        _connection = connection;
        Main = new MainTable(connection);
    }

    /// <summary>Core's table.</summary>
    public MainTable Main { get; }

    /// <summary>Opens an existing wallet.</summary>
    /// <exception cref="WalletException">With Core's text for what is wrong.</exception>
    public static OfflineFile Open(string walletPath, ChainParams chain)
    {
        WalletFile.RequireExisting(walletPath, chain.Magic.Span, new OpenFiles());
        Batteries_V2.Init();
        var connection = new SqliteConnection(new SqliteConnectionStringBuilder
        {
            DataSource = WalletFile.DataFile(walletPath),
            Mode = SqliteOpenMode.ReadWrite,
            Pooling = false,
            DefaultTimeout = 1,
        }.ToString());
        try
        {
            connection.Open();
            WalletDatabase.Execute(connection, "PRAGMA locking_mode = exclusive");
            WalletDatabase.Execute(connection, "BEGIN EXCLUSIVE");
            WalletDatabase.Execute(connection, "COMMIT");
        }
        catch (SqliteException)
        {
            connection.Dispose();
            throw new WalletException(WalletError.Wallet, FileOpening.NoLock);
        }

        try
        {
            FileOpening.Verify(connection, connection.DataSource, chain, isNew: false);
            if (WalletDatabase.Ask(connection, "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = 'main'") is null)
            {
                WalletDatabase.Execute(connection, MainTable.Definition); // as Core does
            }

            return new OfflineFile(connection);
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Is there a transaction that cannot be read?</summary>
    public bool HasBadTransaction()
    {
        foreach (var (_, value) in Main.Scan(CoreRecords.Key(RecordName.Transaction), isExcluded: false))
        {
            try
            {
                WalletTxCodec.Read(value);
            }
            catch (EncodingException)
            {
                return true;
            }
        }

        return false;
    }

    /// <summary>How many transactions there are, by their keys.</summary>
    public long CountTransactions()
    {
        var prefix = CoreRecords.Key(RecordName.Transaction);
        return Main.Scan(prefix, isExcluded: false).LongCount(record => record.Key.Length >= prefix.Length + Uint256.Size);
    }

    /// <summary>Deletes the records that begin with these bytes.</summary>
    public void DeleteAll(byte[] prefix)
    {
        WalletDatabase.Execute(_connection, "BEGIN IMMEDIATE");
        foreach (var (key, _) in Main.Scan(prefix, isExcluded: false).ToList())
        {
            Main.Delete(key);
        }

        WalletDatabase.Execute(_connection, "COMMIT");
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Main.Dispose();
        _connection.Dispose();
    }
}
