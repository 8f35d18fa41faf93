using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>The prepared statements of the writer connection for our tables; kept for the life of the wallet.</summary>
internal sealed class DraftStatements : IDisposable
{
    private readonly SqliteCommand _putTx;
    private readonly SqliteCommand _deleteTx;
    private readonly SqliteCommand _putSpend;
    private readonly SqliteCommand _deleteSpend;
    private readonly SqliteCommand _putCoin;
    private readonly SqliteCommand _deleteCoin;
    private readonly SqliteCommand _putHeader;
    private readonly SqliteCommand _putFinality;
    private readonly SqliteCommand _deleteFinality;
    private readonly SqliteCommand _putMeta;

    /// <summary>Prepares all.</summary>
    public DraftStatements(WalletDatabase database)
    {
        Database = database;
        History = new History(database.Writer);
        _putTx = Prepare("INSERT OR REPLACE INTO dw_tx VALUES($a, $b, $c, $d, $e, $f)", 6);
        _deleteTx = Prepare("DELETE FROM dw_tx WHERE txid = $a", 1);
        _putSpend = Prepare("INSERT OR IGNORE INTO dw_spend VALUES($a, $b)", 2);
        _deleteSpend = Prepare("DELETE FROM dw_spend WHERE outpoint = $a AND txid = $b", 2);
        _putCoin = Prepare("INSERT OR REPLACE INTO dw_coin VALUES($a, $b, $c, $d, $e, $f)", 6);
        _deleteCoin = Prepare("DELETE FROM dw_coin WHERE outpoint = $a", 1);
        _putHeader = Prepare("INSERT OR REPLACE INTO dw_block VALUES($a, $b, $c, $d)", 4);
        _putFinality = Prepare("INSERT OR REPLACE INTO dw_finality VALUES($a, $b)", 2);
        _deleteFinality = Prepare("DELETE FROM dw_finality WHERE txid = $a", 1);
        _putMeta = Prepare("INSERT OR REPLACE INTO dw_meta VALUES($a, $b)", 2);
    }

    /// <summary>The file.</summary>
    public WalletDatabase Database { get; }

    /// <summary>The history as the writer sees it, uncommitted changes included.</summary>
    public History History { get; }

    /// <summary>A transaction's row; its inputs too when it is new.</summary>
    public void Put(WalletTx tx, bool isNew)
    {
        WalletTables.Bind(_putTx, tx);
        _putTx.ExecuteNonQuery();
        if (isNew && !tx.Tx.IsCoinBase)
        {
            foreach (var input in tx.Tx.Inputs)
            {
                Run(_putSpend, WalletTables.Bytes(input.PreviousOutput), tx.Txid.Value.ToArray());
            }
        }

        if (tx.Finality != Finality.None)
        {
            Run(_putFinality, tx.Txid.Value.ToArray(), (long)tx.Finality);
        }
        else if (!isNew)
        {
            Run(_deleteFinality, tx.Txid.Value.ToArray());
        }
    }

    /// <summary>Takes a transaction out.</summary>
    public void Delete(WalletTx tx)
    {
        Run(_deleteTx, tx.Txid.Value.ToArray());
        Run(_deleteFinality, tx.Txid.Value.ToArray());
        foreach (var input in tx.Tx.Inputs)
        {
            Run(_deleteSpend, WalletTables.Bytes(input.PreviousOutput), tx.Txid.Value.ToArray());
        }
    }

    /// <summary>A coin's row; null takes it out.</summary>
    public void Put(OutPoint outPoint, Coin? coin)
    {
        if (coin is null)
        {
            Run(_deleteCoin, WalletTables.Bytes(outPoint));
            return;
        }

        WalletTables.Bind(_putCoin, coin);
        _putCoin.ExecuteNonQuery();
    }

    /// <summary>A header's row.</summary>
    public void PutHeader(HeaderFacts header) =>
        Run(_putHeader, header.Hash.Value.ToArray(), header.Height, header.Time, header.MedianTime);

    /// <summary>A setting of ours.</summary>
    public void PutMeta(string name, object value) => Run(_putMeta, name, value);

    /// <inheritdoc/>
    public void Dispose()
    {
        History.Dispose();
        foreach (var command in (SqliteCommand[])[_putTx, _deleteTx, _putSpend, _deleteSpend, _putCoin, _deleteCoin,
            _putHeader, _putFinality, _deleteFinality, _putMeta])
        {
            command.Dispose();
        }
    }

    private static void Run(SqliteCommand command, params ReadOnlySpan<object> values)
    {
        for (var i = 0; i < values.Length; i++)
        {
            command.Parameters[i].Value = values[i];
        }

        command.ExecuteNonQuery();
    }

    private SqliteCommand Prepare(string sql, int parameters)
    {
        var command = Database.Writer.CreateCommand();
        command.CommandText = sql;
        for (var i = 0; i < parameters; i++)
        {
            command.Parameters.Add(new SqliteParameter { ParameterName = "$" + (char)('a' + i) });
        }

        return command;
    }
}
