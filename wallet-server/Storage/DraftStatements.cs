using System.Security.Cryptography;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Storage;

/// <summary>The statements of the writer connection for our tables, each prepared when it is first used; kept for the life of the wallet.</summary>
internal sealed class DraftStatements : IDisposable
{
    private const int LogNameSize = 8;

    private readonly List<RawStatement> _all = [];
    private readonly RawStatement _putTx;
    private readonly RawStatement _changeTx;
    private readonly RawStatement _deleteTx;
    private readonly RawStatement _putFigures;
    private readonly RawStatement _putReceived;
    private readonly RawStatement _deleteReceived;
    private readonly RawStatement _markRivals;
    private readonly RawStatement _putEvent;
    private readonly RawStatement _pruneEvents;
    private readonly RawStatement _putLog;
    private readonly RawStatement _pruneLogs;
    private readonly RawStatement _putRequest;
    private readonly RawStatement _putAnswer;
    private readonly RawStatement _pruneRequests;
    private readonly RawStatement _putSpend;
    private readonly RawStatement _deleteSpend;
    private readonly RawStatement _putCoin;
    private readonly RawStatement _deleteCoin;
    private readonly RawStatement _putHeader;
    private readonly RawStatement _putFinality;
    private readonly RawStatement _deleteFinality;
    private readonly RawStatement _putMeta;

    /// <summary>Those of a file that is open.</summary>
    public DraftStatements(WalletDatabase database)
    {
        Database = database;
        History = new History(database.Writer);
        _putTx = Prepare("INSERT INTO dw_tx VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0, 0)");
        _changeTx = Prepare(
            "UPDATE dw_tx SET position = ?2, block = ?3, height = ?4, pending = ?5, time = ?6, state = ?7, flags = flags | ?8 WHERE txid = ?1");
        _putFigures = Prepare("UPDATE dw_tx SET debit = ?2, own = ?3 WHERE txid = ?1");
        _putReceived = Prepare("INSERT OR IGNORE INTO dw_received VALUES(?1, ?2, ?3, ?4)");
        _deleteReceived = Prepare("DELETE FROM dw_received WHERE script = ?1 AND txid = ?2 AND vout = ?3");
        _markRivals = Prepare(
            "UPDATE dw_tx SET flags = flags | 2 WHERE (SELECT COUNT(*) FROM dw_spend WHERE outpoint = ?1) > 1 "
            + "AND txid IN (SELECT txid FROM dw_spend WHERE outpoint = ?1)");
        _putEvent = Prepare("INSERT INTO dw_event VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
        _pruneEvents = Prepare("DELETE FROM dw_event WHERE seq < ?1");
        _putLog = Prepare("INSERT OR REPLACE INTO dw_log VALUES(?1, ?2)");
        _pruneLogs = Prepare("DELETE FROM dw_log WHERE first < (SELECT MAX(first) FROM dw_log WHERE first <= ?1)");
        _putRequest = Prepare("INSERT INTO dw_request VALUES(?1, ?2, ?3, ?4, NULL)");
        _putAnswer = Prepare("INSERT INTO dw_request VALUES(?1, ?2, ?3, ?4, ?5) ON CONFLICT(key) DO UPDATE SET answer = ?5");
        _pruneRequests = Prepare("DELETE FROM dw_request WHERE time < ?1");
        _deleteTx = Prepare("DELETE FROM dw_tx WHERE txid = ?1");
        _putSpend = Prepare("INSERT OR IGNORE INTO dw_spend VALUES(?1, ?2)");
        _deleteSpend = Prepare("DELETE FROM dw_spend WHERE outpoint = ?1 AND txid = ?2");
        _putCoin = Prepare("INSERT OR REPLACE INTO dw_coin VALUES(?1, ?2, ?3, ?4, ?5, ?6)");
        _deleteCoin = Prepare("DELETE FROM dw_coin WHERE outpoint = ?1");
        _putHeader = Prepare("INSERT OR REPLACE INTO dw_block VALUES(?1, ?2, ?3, ?4)");
        _putFinality = Prepare("INSERT OR REPLACE INTO dw_finality VALUES(?1, ?2)");
        _deleteFinality = Prepare("DELETE FROM dw_finality WHERE txid = ?1");
        _putMeta = Prepare("INSERT OR REPLACE INTO dw_meta VALUES(?1, ?2)");
        PutScripts = Prepare(ScriptTable.Insertion);
        PutNotes = Prepare(BookTable.Insertion);
    }

    /// <summary>The file.</summary>
    public WalletDatabase Database { get; }

    /// <summary>Stores marks of scripts (<see cref="ScriptTable"/>).</summary>
    public RawStatement PutScripts { get; }

    /// <summary>Stores notes of the address book (<see cref="BookTable"/>).</summary>
    public RawStatement PutNotes { get; }

    /// <summary>The history as the writer sees it, uncommitted changes included.</summary>
    public History History { get; }

    /// <summary>A transaction's row; its inputs too when it is new.</summary>
    public void Put(WalletTx tx, bool isNew)
    {
        var put = isNew ? _putTx : _changeTx;
        WalletTables.Bind(put, tx);
        put.Run();
        if (isNew && !tx.Tx.IsCoinBase)
        {
            foreach (var input in tx.Tx.Inputs)
            {
                _putSpend.Bind(1, input.PreviousOutput);
                _putSpend.Bind(2, tx.Txid.Value);
                _putSpend.Run();
                _markRivals.Bind(1, input.PreviousOutput);
                _markRivals.Run();
            }
        }

        if (tx.Finality != Finality.None)
        {
            _putFinality.Bind(1, tx.Txid.Value);
            _putFinality.Bind(2, (long)tx.Finality);
            _putFinality.Run();
        }
        else if (!isNew)
        {
            _deleteFinality.Bind(1, tx.Txid.Value);
            _deleteFinality.Run();
        }
    }

    /// <summary>What follows from a transaction whose row is there.</summary>
    public void Put(TxDerived derived)
    {
        _putFigures.Bind(1, derived.Txid.Value);
        _putFigures.Bind(2, derived.Figures.Debit.Duffs);
        _putFigures.Bind(3, derived.Figures.OwnOutputs);
        _putFigures.Run();
        _putReceived.Bind(2, derived.Txid.Value);
        foreach (var index in derived.Own)
        {
            var output = derived.Tx.Tx.Outputs[index];
            _putReceived.Bind(1, output.ScriptPubKey.Span);
            _putReceived.Bind(3, index);
            _putReceived.Bind(4, output.Value.Duffs);
            _putReceived.Run();
        }
    }

    /// <summary>A line of the event log.</summary>
    public void Put(LoggedEvent line)
    {
        _putEvent.Bind(1, line.Sequence);
        _putEvent.Bind(2, (long)line.Kind);
        _putEvent.Bind(3, line.Txid?.Value);
        _putEvent.Bind(4, line.Block?.Value);
        _putEvent.Bind(5, line.Height);
        _putEvent.Bind(6, line.Time);
        _putEvent.Run();
    }

    /// <summary>Forgets lines of the event log before one.</summary>
    public void PruneEvents(long before)
    {
        _pruneEvents.Bind(1, before);
        _pruneEvents.Run();
        _pruneLogs.Bind(1, before);
        _pruneLogs.Run();
    }

    /// <summary>The event log has a name of its own since the file was opened.</summary>
    public bool IsLogNamed { get; set; }

    /// <summary>
    /// Names the event log from a line on, at random: two copies of a file that are used have two names from where they part, and the same
    /// before.
    /// </summary>
    public void NameLog(long first)
    {
        _putLog.Bind(1, first);
        _putLog.Bind(2, RandomNumberGenerator.GetBytes(LogNameSize));
        _putLog.Run();
    }

    /// <summary>A caller's request that is fulfilled now.</summary>
    public void Put(SpendRequest request)
    {
        var put = request.Answer is null ? _putRequest : _putAnswer;
        put.Bind(1, request.Key);
        put.Bind(2, request.Hash);
        put.Bind(3, request.Txid.Value);
        put.Bind(4, request.Time);
        if (request.Answer is { } answer)
        {
            put.Bind(5, answer.Span);
        }

        put.Run();
    }

    /// <summary>Forgets callers' requests that were stored before a time.</summary>
    public void PruneRequests(long before)
    {
        _pruneRequests.Bind(1, before);
        _pruneRequests.Run();
    }

    /// <summary>Takes a transaction out.</summary>
    public void Delete(WalletTx tx)
    {
        _deleteReceived.Bind(2, tx.Txid.Value);
        for (var i = 0; i < tx.Tx.Outputs.Length; i++)
        {
            _deleteReceived.Bind(1, tx.Tx.Outputs[i].ScriptPubKey.Span);
            _deleteReceived.Bind(3, i);
            _deleteReceived.Run();
        }

        _deleteTx.Bind(1, tx.Txid.Value);
        _deleteTx.Run();
        _deleteFinality.Bind(1, tx.Txid.Value);
        _deleteFinality.Run();
        _deleteSpend.Bind(2, tx.Txid.Value);
        foreach (var input in tx.Tx.Inputs)
        {
            _deleteSpend.Bind(1, input.PreviousOutput);
            _deleteSpend.Run();
        }
    }

    /// <summary>A coin's row; null takes it out.</summary>
    public void Put(OutPoint outPoint, Coin? coin)
    {
        if (coin is null)
        {
            _deleteCoin.Bind(1, outPoint);
            _deleteCoin.Run();
            return;
        }

        WalletTables.Bind(_putCoin, coin);
        _putCoin.Run();
    }

    /// <summary>A header's row.</summary>
    public void PutHeader(HeaderFacts header)
    {
        _putHeader.Bind(1, header.Hash.Value);
        _putHeader.Bind(2, header.Height);
        _putHeader.Bind(3, header.Time);
        _putHeader.Bind(4, header.MedianTime);
        _putHeader.Run();
    }

    /// <summary>A setting of ours that is a number.</summary>
    public void PutMeta(string name, long value)
    {
        _putMeta.Bind(1, name);
        _putMeta.Bind(2, value);
        _putMeta.Run();
    }

    /// <summary>A setting of ours that is bytes.</summary>
    public void PutMeta(string name, ReadOnlySpan<byte> value)
    {
        _putMeta.Bind(1, name);
        _putMeta.Bind(2, value);
        _putMeta.Run();
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        History.Dispose();
        _all.ForEach(static statement => statement.Dispose());
    }

    private RawStatement Prepare(string sql)
    {
        RawStatement statement = new(Database.Writer, sql);
        _all.Add(statement);
        return statement;
    }
}
