using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>The prepared statements of the writer connection for our tables; kept for the life of the wallet.</summary>
internal sealed class DraftStatements : IDisposable
{
    private readonly SqliteCommand _putTx;
    private readonly SqliteCommand _changeTx;
    private readonly SqliteCommand _deleteTx;
    private readonly SqliteCommand _putFigures;
    private readonly SqliteCommand _putReceived;
    private readonly SqliteCommand _deleteReceived;
    private readonly SqliteCommand _markRivals;
    private readonly SqliteCommand _putEvent;
    private readonly SqliteCommand _pruneEvents;
    private readonly SqliteCommand _putRequest;
    private readonly SqliteCommand _putAnswer;
    private readonly SqliteCommand _pruneRequests;
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
        _putTx = Prepare("INSERT INTO dw_tx VALUES($a, $b, $c, $d, $e, $f, $g, $h, 0, 0)", 8);
        _changeTx = Prepare(
            "UPDATE dw_tx SET position = $b, block = $c, height = $d, pending = $e, time = $f, state = $g, flags = flags | $h WHERE txid = $a",
            8);
        _putFigures = Prepare("UPDATE dw_tx SET debit = $b, own = $c WHERE txid = $a", 3);
        _putReceived = Prepare("INSERT OR IGNORE INTO dw_received VALUES($a, $b, $c, $d)", 4);
        _deleteReceived = Prepare("DELETE FROM dw_received WHERE script = $a AND txid = $b AND vout = $c", 3);
        _markRivals = Prepare(
            "UPDATE dw_tx SET flags = flags | 2 WHERE (SELECT COUNT(*) FROM dw_spend WHERE outpoint = $a) > 1 "
            + "AND txid IN (SELECT txid FROM dw_spend WHERE outpoint = $a)",
            1);
        _putEvent = Prepare("INSERT INTO dw_event VALUES($a, $b, $c, $d, $e, $f)", 6);
        _pruneEvents = Prepare("DELETE FROM dw_event WHERE seq < $a", 1);
        _putRequest = Prepare("INSERT INTO dw_request VALUES($a, $b, $c, $d, NULL)", 4);
        _putAnswer = Prepare("INSERT INTO dw_request VALUES($a, $b, $c, $d, $e) ON CONFLICT(key) DO UPDATE SET answer = $e", 5);
        _pruneRequests = Prepare("DELETE FROM dw_request WHERE time < $a", 1);
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
        var put = isNew ? _putTx : _changeTx;
        WalletTables.Bind(put, tx);
        put.ExecuteNonQuery();
        if (isNew && !tx.Tx.IsCoinBase)
        {
            foreach (var input in tx.Tx.Inputs)
            {
                var outPoint = WalletTables.Bytes(input.PreviousOutput);
                Run(_putSpend, outPoint, tx.Txid.Value.ToArray());
                Run(_markRivals, outPoint);
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

    /// <summary>What follows from a transaction whose row is there.</summary>
    public void Put(TxDerived derived)
    {
        var txid = derived.Txid.Value.ToArray();
        Run(_putFigures, txid, derived.Figures.Debit.Duffs, derived.Figures.OwnOutputs);
        foreach (var index in derived.Own)
        {
            var output = derived.Tx.Tx.Outputs[index];
            Run(_putReceived, output.ScriptPubKey.ToArray(), txid, index, output.Value.Duffs);
        }
    }

    /// <summary>A line of the event log.</summary>
    public void Put(LoggedEvent line) => Run(
        _putEvent,
        line.Sequence,
        (long)line.Kind,
        line.Txid is { } txid ? txid.Value.ToArray() : DBNull.Value,
        line.Block is { } block ? block.Value.ToArray() : DBNull.Value,
        line.Height,
        line.Time);

    /// <summary>Forgets lines of the event log before one.</summary>
    public void PruneEvents(long before) => Run(_pruneEvents, before);

    /// <summary>A caller's request that is fulfilled now.</summary>
    public void Put(SpendRequest request)
    {
        if (request.Answer is { } answer)
        {
            Run(_putAnswer, request.Key, request.Hash.ToArray(), request.Txid.Value.ToArray(), request.Time, answer.ToArray());
        }
        else
        {
            Run(_putRequest, request.Key, request.Hash.ToArray(), request.Txid.Value.ToArray(), request.Time);
        }
    }

    /// <summary>Forgets callers' requests that were stored before a time.</summary>
    public void PruneRequests(long before) => Run(_pruneRequests, before);

    /// <summary>Takes a transaction out.</summary>
    public void Delete(WalletTx tx)
    {
        for (var i = 0; i < tx.Tx.Outputs.Length; i++)
        {
            Run(_deleteReceived, tx.Tx.Outputs[i].ScriptPubKey.ToArray(), tx.Txid.Value.ToArray(), i);
        }

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
        foreach (var command in (SqliteCommand[])[_putTx, _changeTx, _deleteTx, _putFigures, _putReceived, _deleteReceived,
            _markRivals, _putEvent, _pruneEvents, _putRequest, _putAnswer, _pruneRequests, _putSpend, _deleteSpend, _putCoin, _deleteCoin,
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
