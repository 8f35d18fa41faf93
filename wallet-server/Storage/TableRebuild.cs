using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Makes our tables anew from Core's records: another program wrote them since, or they have another layout. The records are walked
/// twice, so that of a wallet of a million transactions only the places of its own outputs are in memory, 64 bytes each, besides the
/// pages that SQLite may keep meanwhile. Tables are filled without their indexes, which are quicker made when all is there.
/// </summary>
internal sealed class TableRebuild
{
    // Keys come in an order like chance: with fewer pages SQLite would read and write each many times.
    private const string ManyPages = "PRAGMA cache_size = -150000";

    private readonly WalletDatabase _database;
    private readonly WalletSnapshot _snapshot;
    private readonly LoadWatch _watch;
    private readonly Dictionary<BlockHash, HeaderFacts> _headers;
    private readonly Dictionary<Txid, Finality> _promises;
    private readonly Dictionary<Txid, long> _ranks = [];
    private readonly HashSet<BlockHash> _unknown = [];
    private readonly Dictionary<OutPoint, Own> _own = [];
    private long _count;
    private long _next;
    private bool _hasErrors;

    private TableRebuild(WalletDatabase database, WalletSnapshot snapshot, LoadWatch watch)
    {
        (_database, _snapshot, _watch) = (database, snapshot, watch);
        _headers = WalletTables.ReadHeaders(database.Writer);
        _promises = WalletTables.ReadFinality(database.Writer);
        _next = snapshot.NextPosition;
    }

    /// <summary>Does it in the writer's transaction.</summary>
    /// <returns>What the state of the wallet is made of.</returns>
    public static LoadedFacts Run(WalletDatabase database, WalletSnapshot snapshot, LoadWatch watch)
    {
        var pages = WalletDatabase.Ask(database.Writer, "PRAGMA cache_size");
        database.Execute(ManyPages);
        try
        {
            WalletTables.ClearDerived(database.Writer);
            TableRebuild rebuild = new(database, snapshot, watch);
            rebuild.FindOwn();
            watch.Enter("writing tables", rebuild._count);
            var (pending, givenUp) = rebuild.WriteHistory();
            var coins = rebuild.WriteCoins();
            WalletTables.Complete(database.Writer);
            return new LoadedFacts(coins, pending, givenUp, rebuild._count, rebuild._next, rebuild._unknown, rebuild._hasErrors);
        }
        finally
        {
            database.Execute($"PRAGMA cache_size = {pages}");
        }
    }

    // The first walk: own outputs, and the order of arrival. Files older than the ranks get them by time of arrival, after those
    // that have one.
    private void FindOwn()
    {
        List<(Txid Txid, long Time)> unranked = [];
        foreach (var tx in Records(isFirst: true))
        {
            _count++;
            _next = Math.Max(_next, tx.Position + 1);
            if (tx.Position < 0)
            {
                unranked.Add((tx.Txid, tx.TimeReceived));
            }

            for (var i = 0; i < tx.Tx.Outputs.Length; i++)
            {
                if (_snapshot.IsMine(tx.Tx.Outputs[i].ScriptPubKey))
                {
                    _own.Add(new OutPoint(tx.Txid, (uint)i), new Own(tx.Tx.Outputs[i].Value, tx.State.Spends));
                }
            }
        }

        foreach (var (txid, _) in unranked.OrderBy(static tx => tx.Time))
        {
            _ranks.Add(txid, _next++);
        }
    }

    // The second one: rows, and which own outputs are spent.
    private (Dictionary<Txid, PendingTx> Pending, List<Transaction> GivenUp) WriteHistory()
    {
        var pending = new Dictionary<Txid, PendingTx>();
        List<Transaction> givenUp = [];
        using var putTx = new RawStatement(_database.Writer, "INSERT INTO dw_tx VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
        using var putSpend = new RawStatement(_database.Writer, "INSERT OR IGNORE INTO dw_spend VALUES(?, ?)");
        using var putReceived = new RawStatement(_database.Writer, "INSERT OR IGNORE INTO dw_received VALUES(?, ?, ?, ?)");
        foreach (var record in _watch.Count(Records(isFirst: false)))
        {
            var tx = Complete(record);
            var (debit, allMine) = DebitOf(tx.Tx);
            var own = 0;
            for (var i = 0; i < tx.Tx.Outputs.Length; i++)
            {
                if (_own.ContainsKey(new OutPoint(tx.Txid, (uint)i)))
                {
                    own++;
                    putReceived.Bind(1, tx.Tx.Outputs[i].ScriptPubKey.Span);
                    putReceived.Bind(2, tx.Txid.Value);
                    putReceived.Bind(3, i);
                    putReceived.Bind(4, tx.Tx.Outputs[i].Value.Duffs);
                    putReceived.Run();
                }
            }

            WalletTables.Bind(putTx, tx);
            putTx.Bind(9, debit.Duffs);
            putTx.Bind(10, own);
            putTx.Run();
            foreach (var input in tx.Tx.IsCoinBase ? [] : tx.Tx.Inputs)
            {
                putSpend.Bind(1, input.PreviousOutput);
                putSpend.Bind(2, tx.Txid.Value);
                putSpend.Run();
                if (tx.State.Spends && _own.TryGetValue(input.PreviousOutput, out var spent))
                {
                    _own[input.PreviousOutput] = spent with { IsCoin = false };
                }
            }

            if (tx.State.IsPending)
            {
                pending.Add(tx.Txid, new PendingTx(tx, debit, allMine));
            }
            else if (tx.State.IsAbandoned && !tx.Tx.IsCoinBase)
            {
                givenUp.Add(tx.Tx);
            }
        }

        WalletTables.MarkRivals(_database.Writer);
        return (pending, givenUp);
    }

    private Dictionary<OutPoint, Coin> WriteCoins()
    {
        var coins = new Dictionary<OutPoint, Coin>();
        using var statements = new DraftStatements(_database);
        foreach (var places in _own.Where(static own => own.Value.IsCoin).Select(static own => own.Key).GroupBy(static place => place.Txid))
        {
            var record = _database.Main.Get(CoreRecords.TransactionKey(places.Key))
                ?? throw new InvalidOperationException($"the record of {places.Key} was there a moment ago");
            var tx = Complete(WalletTxCodec.Read(record));
            var height = tx.State switch
            {
                TxState.Confirmed { Height: >= 0 } confirmed => confirmed.Height,
                TxState.Confirmed => Coin.UnknownHeight,
                _ => -1,
            };
            var isFromMe = DebitOf(tx.Tx).Debit > Amount.Zero;
            foreach (var place in places)
            {
                var output = tx.Tx.Outputs[(int)place.Index];
                Coin coin = new(place, output.Value, output.ScriptPubKey, height, tx.Tx.IsCoinBase, isFromMe, tx.Time, tx.IsInstantLocked);
                coins.Add(place, coin);
                statements.Put(place, coin);
            }
        }

        return coins;
    }

    private (Amount Debit, bool AllMine) DebitOf(Transaction tx)
    {
        var debit = Amount.Zero;
        var all = !tx.IsCoinBase;
        foreach (var input in tx.Inputs)
        {
            if (!tx.IsCoinBase && _own.TryGetValue(input.PreviousOutput, out var own))
            {
                debit += own.Value;
            }
            else
            {
                all = false;
            }
        }

        return (debit, all);
    }

    private WalletTx Complete(WalletTx tx)
    {
        var block = tx.State switch
        {
            TxState.Confirmed confirmed => confirmed.Block,
            TxState.Conflicted conflicted => conflicted.Block,
            _ => (BlockHash?)null,
        };
        HeaderFacts? header = null;
        if (block is { } hash && !_headers.TryGetValue(hash, out header))
        {
            _unknown.Add(hash);
        }

        var ranked = tx.Position < 0 ? tx with { Position = _ranks[tx.Txid] } : tx;
        return History.Complete(ranked, header, _promises.GetValueOrDefault(tx.Txid));
    }

    private IEnumerable<WalletTx> Records(bool isFirst)
    {
        var records = _database.Main.Scan(CoreRecords.Key(RecordName.Transaction), isExcluded: false);
        foreach (var (key, value) in isFirst ? _watch.Count(records) : records)
        {
            if (TryRead(key, value) is { } tx)
            {
                yield return tx;
            }
            else
            {
                _hasErrors = true;
            }
        }
    }

    private static WalletTx? TryRead(byte[] key, byte[] value)
    {
        try
        {
            var tx = WalletTxCodec.Read(value);
            return key.AsSpan().SequenceEqual(CoreRecords.TransactionKey(tx.Txid)) ? tx : null;
        }
        catch (EncodingException)
        {
            return null;
        }
    }

    // An output of ours; a coin as long as its transaction is alive and nothing alive spends it.
    private readonly record struct Own(Amount Value, bool IsCoin);
}
