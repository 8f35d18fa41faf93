using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>The stored history over one connection, in whatever state that connection sees. Not for two threads.</summary>
internal sealed class History : IHistory, IDisposable
{
    // The prefix is the record name "tx" as a string; the header gives what the record does not hold.
    private const string Columns =
        """
        SELECT m.value, b.height, b.time, f.flags, t.debit, t.own, t.flags
        FROM dw_tx t JOIN main m ON m.key = CAST(x'027478' || t.txid AS BLOB)
        LEFT JOIN dw_block b ON b.hash = t.block LEFT JOIN dw_finality f ON f.txid = t.txid
        """;

    private const string NewestSql = Columns + " ORDER BY t.position DESC";
    private const string BeforeSql = Columns + " WHERE t.position < $p ORDER BY t.position DESC";
    private const string FromSql = Columns + " WHERE t.position >= $p ORDER BY t.position";
    private const string OldestSql = Columns + " ORDER BY t.position";

    // Two indexes, one for each half; "or" between them would read the whole history.
    private const string SinceSql = Columns
        + " WHERE t.txid IN (SELECT txid FROM dw_tx WHERE height IS NULL UNION ALL SELECT txid FROM dw_tx WHERE height > $p) ORDER BY t.position";
    private const string AtSql = Columns + " WHERE t.position = $p";
    private const string PositionsSql = "SELECT position FROM dw_tx ORDER BY position";
    private const string OutsideSql = "SELECT position FROM dw_tx WHERE height IS NULL";
    private const string BetweenSql = "SELECT position FROM dw_tx WHERE height > $p AND height <= $n AND flags & $f = $f";
    private const string PendingSql = Columns + " WHERE t.pending = 1 ORDER BY t.position";
    private const string GivenUpSql = Columns + " WHERE t.height IS NULL AND t.pending = 0";
    private const string EventsSql = "SELECT seq, kind, txid, block, height, time FROM dw_event WHERE seq > $p ORDER BY seq LIMIT $n";
    private const string OldestEventSql = "SELECT MIN(seq) FROM dw_event";
    private const string ReceivedSql =
        """
        SELECT r.script, r.txid, r.value, t.state, t.height, t.flags, f.flags, t.position, r.vout
        FROM dw_received r JOIN dw_tx t ON t.txid = r.txid LEFT JOIN dw_finality f ON f.txid = r.txid
        """;

    private const string KeysSql = "SELECT first, keys FROM dw_script WHERE chain = $p AND keys IS NOT NULL ORDER BY first";
    private const string ReceivedByScriptSql = ReceivedSql + " WHERE r.script = $p";

    private readonly RawStatement _find;
    private readonly RawStatement _spenders;
    private readonly SqliteCommand _request;
    private readonly SqliteCommand _latest;
    private readonly SqliteCommand _above;
    private readonly SqliteCommand _inBlock;
    private readonly SqliteConnection _connection;
    private RawStatement? _received;
    private RawStatement? _receivedBy;
    private RawStatement? _keys;
    private RawStatement? _own;
    private RawStatement? _record;

    // Those of lists, prepared when first asked; each is read to its end or let go before it is asked again.
    private readonly Dictionary<string, SqliteCommand> _lists = new(StringComparer.Ordinal);
    private readonly Dictionary<string, RawStatement> _walks = new(StringComparer.Ordinal);

    /// <summary>Prepares the questions.</summary>
    public History(SqliteConnection connection)
    {
        _connection = connection;
        _find = new RawStatement(connection, Columns + " WHERE t.txid = $p");
        _spenders = new RawStatement(connection, "SELECT txid FROM dw_spend WHERE outpoint = $p");
        _request = Prepare("SELECT hash, txid, time, answer FROM dw_request WHERE key = $p");
        _latest = Prepare("SELECT time FROM dw_tx WHERE time <= $p ORDER BY position DESC LIMIT 1");
        _above = Prepare("SELECT txid FROM dw_tx WHERE height > $p ORDER BY height, position");
        _inBlock = Prepare("SELECT txid FROM dw_tx WHERE block = $p ORDER BY position");
    }

    /// <inheritdoc/>
    public WalletTx? Find(Txid txid) => Find(txid, null);

    /// <inheritdoc/>
    public WalletTx? Find(Transaction known) => Find(known.Txid, known);

    /// <inheritdoc/>
    public IReadOnlyList<Txid> Spenders(OutPoint outPoint)
    {
        _spenders.Bind(1, outPoint);
        try
        {
            List<Txid>? txids = null;
            while (_spenders.Step())
            {
                (txids ??= []).Add(new Txid(new Uint256(_spenders.Span(0))));
            }

            return txids ?? (IReadOnlyList<Txid>)[];
        }
        finally
        {
            _spenders.Reset();
        }
    }

    /// <inheritdoc/>
    public SpendRequest? Request(string key)
    {
        _request.Parameters[0].Value = key;
        using var rows = _request.ExecuteReader();
        return rows.Read()
            ? new SpendRequest(
                key, new Uint256(rows.GetFieldValue<byte[]>(0)), new Txid(rows.GetFieldValue<byte[]>(1)), rows.GetInt64(2))
            {
                Answer = rows.IsDBNull(3) ? (ReadOnlyMemory<byte>?)null : rows.GetFieldValue<byte[]>(3),
            }
            : null;
    }

    /// <inheritdoc/>
    public bool HasRecord(byte[] key)
    {
        _record ??= new RawStatement(_connection, "SELECT 1 FROM main WHERE key = $p");
        _record.Bind(key);
        var isThere = _record.Step();
        _record.Reset();
        return isThere;
    }

    /// <inheritdoc/>
    public (string? Answer, IReadOnlyList<long>? Timestamps) JobAnswer(long id)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT answer, timestamps FROM dw_job WHERE id = $id";
        command.Parameters.AddWithValue("$id", id);
        using var rows = command.ExecuteReader();
        return rows.Read()
            ? (rows.IsDBNull(0) ? null : rows.GetString(0), rows.IsDBNull(1) ? null : WalletTables.ReadTimes(rows.GetString(1)))
            : (null, null);
    }

    /// <inheritdoc/>
    public long? LatestTime(long notAfter)
    {
        _latest.Parameters[0].Value = notAfter;
        return _latest.ExecuteScalar() as long?;
    }

    /// <inheritdoc/>
    public IReadOnlyList<Txid> Above(int height) => Txids(_above, height);

    /// <inheritdoc/>
    public IReadOnlyList<Txid> InBlock(BlockHash block) => Txids(_inBlock, block.Value.ToArray());

    /// <inheritdoc/>
    public IEnumerable<WalletTx> NewestFirst() => All(NewestSql);

    /// <summary>Those that arrived before a place in the order of arrival, the last of them first.</summary>
    public IEnumerable<WalletTx> Before(long position) => All(BeforeSql, position);

    /// <summary>Those that arrived at a place in the order of arrival and after it, the first of them first.</summary>
    public IEnumerable<WalletTx> From(long position) => All(FromSql, position);

    /// <summary>Transactions outside the chain or in (or against) blocks above a height, in order of arrival.</summary>
    public IEnumerable<WalletTx> Since(int height) => height < 0 ? All(OldestSql) : All(SinceSql, height);

    /// <summary>Those at a place in the order of arrival: one, or none.</summary>
    public IEnumerable<WalletTx> At(long position) => All(AtSql, position);

    /// <summary>The places of all transactions in the order of arrival.</summary>
    public IEnumerable<long> Positions() => Numbers(List(PositionsSql));

    /// <summary>The places of those outside the chain that no block contradicts.</summary>
    public IEnumerable<long> PositionsOutside() => Numbers(List(OutsideSql));

    /// <summary>The places of those in (or against) blocks above a height, up to another one.</summary>
    /// <param name="above">The height below the first.</param>
    /// <param name="upTo">The last height.</param>
    /// <param name="onlyMined">Only coinbases.</param>
    public IEnumerable<long> PositionsBetween(int above, int upTo, bool onlyMined)
    {
        var command = List(BetweenSql);
        command.Parameters[0].Value = above;
        command.Parameters[1].Value = upTo;
        command.Parameters[2].Value = onlyMined ? WalletTables.CoinBaseFlag : 0;
        return Numbers(command);
    }

    /// <summary>Outputs of ours in order of arrival, spent or not, in transactions dead or alive.</summary>
    /// <param name="script">Only those that pay it; null for all.</param>
    /// <param name="tipHeight">For the depths.</param>
    /// <param name="chainLockHeight">Blocks up to here are under a ChainLock.</param>
    public IEnumerable<ReceivedRow> Received(byte[]? script, int tipHeight, int chainLockHeight)
    {
        var rows = script is null
            ? _received ??= new RawStatement(_connection, ReceivedSql)
            : _receivedBy ??= new RawStatement(_connection, ReceivedByScriptSql);
        if (script is not null)
        {
            rows.Bind(script);
        }

        try
        {
            while (rows.Step())
            {
                var (state, height) = (rows.Number(3), rows.IsNull(4) ? (int?)null : (int)rows.Number(4));
                yield return new ReceivedRow(
                    rows.Bytes(0),
                    new Txid(rows.Bytes(1)),
                    (uint)rows.Number(8),
                    new Amount(rows.Number(2)),
                    height,
                    WalletTables.DepthOf(state, height, tipHeight),
                    (rows.Number(5) & WalletTables.CoinBaseFlag) != 0,
                    ((Finality)rows.Number(6)).HasFlag(Finality.InstantSend) && !(state == 3 && height is >= 0 && height <= chainLockHeight),
                    rows.Number(7));
            }
        }
        finally
        {
            rows.Reset();
        }
    }

    /// <summary>The places of all outputs of ours, spent or not, in transactions dead or alive, and the scripts they pay.</summary>
    public IEnumerable<(OutPoint OutPoint, byte[] Script)> OwnOutputs()
    {
        using RawStatement rows = new(_connection, "SELECT script, txid, vout FROM dw_received");
        while (rows.Step())
        {
            yield return (new OutPoint(new Txid(new Uint256(rows.Span(1))), (uint)rows.Number(2)), rows.Bytes(0));
        }
    }

    /// <summary>Whether an output of a transaction of the wallet is among these.</summary>
    public bool IsOwn(OutPoint outPoint, Script script)
    {
        var row = _own ??= new RawStatement(_connection, "SELECT 1 FROM dw_received WHERE script = ? AND txid = ? AND vout = ?");
        row.Bind(1, script.Span);
        row.Bind(2, outPoint.Txid.Value.ToArray());
        row.Bind(3, outPoint.Index);
        var isThere = row.Step();
        row.Reset();
        return isThere;
    }

    /// <summary>What the inputs of all transactions take, dead or alive, and whose inputs they are.</summary>
    public IEnumerable<(OutPoint OutPoint, Txid Spender)> Spends()
    {
        using RawStatement rows = new(_connection, "SELECT outpoint, txid FROM dw_spend");
        while (rows.Step())
        {
            yield return (WalletTables.OutPointOf(rows.Span(0)), new Txid(new Uint256(rows.Span(1))));
        }
    }

    /// <summary>The public keys of some scripts of a keychain, as they were stored when those were derived; null for each that was not.</summary>
    /// <param name="chain">The keychain.</param>
    /// <param name="indexes">Where the scripts are in it, in ascending order.</param>
    public PublicKey?[] Keys(Uint256 chain, ReadOnlySpan<int> indexes)
    {
        var found = new PublicKey?[indexes.Length];
        var rows = _keys ??= new RawStatement(_connection, KeysSql);
        rows.Bind(chain.ToArray());
        var next = 0;
        while (next < indexes.Length && rows.Step())
        {
            var first = (int)rows.Number(0);
            var keys = rows.Span(1);
            for (; next < indexes.Length && (indexes[next] - first + 1L) * PublicKey.CompressedSize <= keys.Length; next++)
            {
                if (indexes[next] >= first)
                {
                    PublicKey.TryReadForm(keys.Slice((indexes[next] - first) * PublicKey.CompressedSize, PublicKey.CompressedSize), out found[next]);
                }
            }
        }

        rows.Reset();
        return found;
    }

    /// <summary>Lines of the event log after a number, oldest first.</summary>
    public IReadOnlyList<LoggedEvent> EventsSince(long since, int most)
    {
        var command = List(EventsSql);
        command.Parameters[0].Value = since;
        command.Parameters[1].Value = most;
        using var rows = command.ExecuteReader();
        List<LoggedEvent> lines = [];
        while (rows.Read())
        {
            lines.Add(new LoggedEvent(
                rows.GetInt64(0),
                (EventKind)rows.GetInt64(1),
                rows.IsDBNull(2) ? null : new Txid(rows.GetFieldValue<byte[]>(2)),
                rows.IsDBNull(3) ? null : new BlockHash(rows.GetFieldValue<byte[]>(3)),
                rows.GetInt32(4),
                rows.GetInt64(5)));
        }

        return lines;
    }

    /// <summary>Number of the oldest line of the event log; null while it is empty.</summary>
    public long? OldestEvent() => List(OldestEventSql).ExecuteScalar() as long?;

    /// <summary>The name of the event log at a line (<see cref="DraftStatements.NameLog"/>); null where it has none, or that is forgotten.</summary>
    public byte[]? LogName(long sequence)
    {
        using var command = _connection.CreateCommand();
        command.CommandText = "SELECT id FROM dw_log WHERE first <= $p ORDER BY first DESC LIMIT 1";
        command.Parameters.AddWithValue("$p", sequence);
        return command.ExecuteScalar() as byte[];
    }

    /// <summary>Transactions that may still get into a block.</summary>
    public IEnumerable<WalletTx> Pending() => All(PendingSql);

    /// <summary>Transactions that were given up.</summary>
    public IEnumerable<WalletTx> GivenUp() => All(GivenUpSql).Where(static tx => tx.State.IsAbandoned && !tx.Tx.IsCoinBase);

    private IEnumerable<WalletTx> All(string sql, long? parameter = null)
    {
        if (!_walks.TryGetValue(sql, out var rows))
        {
            _walks.Add(sql, rows = new RawStatement(_connection, sql));
        }

        if (parameter is { } value)
        {
            rows.Bind(1, value);
        }

        try
        {
            while (rows.Step())
            {
                yield return Read(rows, known: null);
            }
        }
        finally
        {
            rows.Reset();
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        _find.Dispose();
        _spenders.Dispose();
        _request.Dispose();
        _latest.Dispose();
        _above.Dispose();
        _inBlock.Dispose();
        _received?.Dispose();
        _receivedBy?.Dispose();
        _keys?.Dispose();
        _own?.Dispose();
        _record?.Dispose();
        foreach (var list in (IEnumerable<IDisposable>)[.. _lists.Values, .. _walks.Values])
        {
            list.Dispose();
        }
    }

    /// <summary>Adds what a header and the masternodes say to a transaction as its record has it.</summary>
    public static WalletTx Complete(WalletTx tx, HeaderFacts? header, Finality finality) => tx with
    {
        Finality = finality,
        State = (tx.State, header) switch
        {
            (TxState.Confirmed confirmed, { } known) => confirmed with { Height = known.Height, BlockTime = known.Time },
            (TxState.Conflicted conflicted, { } known) => conflicted with { Height = known.Height },
            _ => tx.State,
        },
    };

    private WalletTx? Find(Txid txid, Transaction? known)
    {
        _find.Bind(txid.Value.ToArray());
        try
        {
            return _find.Step() ? Read(_find, known) : null;
        }
        finally
        {
            _find.Reset();
        }
    }

    private static WalletTx Read(RawStatement row, Transaction? known) => Make(
        WalletTxCodec.Read(row.Span(0), known),
        row.IsNull(1) ? null : ((int)row.Number(1), row.Number(2)),
        row.Number(3), row.Number(4), (int)row.Number(5), row.Number(6));

    // Of the columns that all look-ups of transactions have.
    private static WalletTx Make(WalletTx tx, (int Height, long Time)? block, long finality, long debit, int ownOutputs, long flags) =>
        Complete(tx, block is var (height, time) ? new HeaderFacts(default, height, time, 0, true) : null, (Finality)finality) with
        {
            Figures = new TxFigures(new Amount(debit), ownOutputs) { HasRivals = (flags & WalletTables.RivalsFlag) != 0 },
        };

    private static IEnumerable<long> Numbers(SqliteCommand command)
    {
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            yield return rows.GetInt64(0);
        }
    }

    private static List<Txid> Txids(SqliteCommand command, object parameter)
    {
        command.Parameters[0].Value = parameter;
        using var rows = command.ExecuteReader();
        var txids = new List<Txid>();
        while (rows.Read())
        {
            txids.Add(new Txid(rows.GetFieldValue<byte[]>(0)));
        }

        return txids;
    }

    private SqliteCommand List(string sql)
    {
        if (!_lists.TryGetValue(sql, out var command))
        {
            _lists.Add(sql, command = Prepare(sql));
            if (sql.Contains("$n", StringComparison.Ordinal))
            {
                command.Parameters.Add(new SqliteParameter { ParameterName = "$n" });
                if (sql.Contains("$f", StringComparison.Ordinal))
                {
                    command.Parameters.Add(new SqliteParameter { ParameterName = "$f" });
                }
            }
            else if (!sql.Contains("$p", StringComparison.Ordinal))
            {
                command.Parameters.Clear();
            }
        }

        return command;
    }

    private SqliteCommand Prepare(string sql)
    {
        var command = _connection.CreateCommand();
        command.CommandText = sql;
        command.Parameters.Add(new SqliteParameter { ParameterName = "$p" });
        return command;
    }
}
