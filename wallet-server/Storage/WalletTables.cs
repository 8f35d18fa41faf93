using System.Collections.Immutable;
using System.Globalization;
using Dash.Common.Concurrency;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Storage;

/// <summary>
/// Our tables beside Core's in the same file: an index of the history, the coins, headers of blocks that hold
/// transactions of ours. All but the headers and locks can be made anew from <c>main</c>.
/// </summary>
internal static class WalletTables
{
    private const string Definition =
        """
        CREATE TABLE IF NOT EXISTS dw_meta(name TEXT PRIMARY KEY NOT NULL, value) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dw_block(
            hash BLOB PRIMARY KEY NOT NULL, height INTEGER NOT NULL, time INTEGER NOT NULL, median INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dw_finality(txid BLOB PRIMARY KEY NOT NULL, flags INTEGER NOT NULL) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dw_tx(
            txid BLOB PRIMARY KEY NOT NULL, position INTEGER NOT NULL, block BLOB, height INTEGER, pending INTEGER NOT NULL,
            time INTEGER NOT NULL, state INTEGER NOT NULL, flags INTEGER NOT NULL, debit INTEGER NOT NULL, own INTEGER NOT NULL)
            WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS dw_tx_position ON dw_tx(position);
        CREATE INDEX IF NOT EXISTS dw_tx_height ON dw_tx(height) WHERE height IS NOT NULL;
        CREATE INDEX IF NOT EXISTS dw_tx_outside ON dw_tx(position) WHERE height IS NULL;
        CREATE INDEX IF NOT EXISTS dw_tx_block ON dw_tx(block) WHERE block IS NOT NULL;
        CREATE INDEX IF NOT EXISTS dw_tx_pending ON dw_tx(pending) WHERE pending = 1;
        CREATE TABLE IF NOT EXISTS dw_spend(outpoint BLOB NOT NULL, txid BLOB NOT NULL, PRIMARY KEY(outpoint, txid)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dw_received(
            script BLOB NOT NULL, txid BLOB NOT NULL, vout INTEGER NOT NULL, value INTEGER NOT NULL,
            PRIMARY KEY(script, txid, vout)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dw_script(
            chain BLOB NOT NULL, first INTEGER NOT NULL, marks BLOB NOT NULL, keys BLOB, PRIMARY KEY(chain, first)) WITHOUT ROWID;
        CREATE TABLE IF NOT EXISTS dw_book(seq INTEGER PRIMARY KEY NOT NULL, notes BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS dw_event(
            seq INTEGER PRIMARY KEY NOT NULL, kind INTEGER NOT NULL, txid BLOB, block BLOB, height INTEGER NOT NULL,
            time INTEGER NOT NULL);
        CREATE TABLE IF NOT EXISTS dw_log(first INTEGER PRIMARY KEY NOT NULL, id BLOB NOT NULL);
        CREATE TABLE IF NOT EXISTS dw_job(
            id INTEGER PRIMARY KEY NOT NULL, start INTEGER NOT NULL, stop INTEGER, reached INTEGER NOT NULL, state INTEGER NOT NULL,
            begun INTEGER NOT NULL, ended INTEGER NOT NULL, since INTEGER, kind INTEGER, answer TEXT, timestamps TEXT);
        CREATE TABLE IF NOT EXISTS dw_request(
            key TEXT PRIMARY KEY NOT NULL, hash BLOB NOT NULL, txid BLOB NOT NULL, time INTEGER NOT NULL, answer BLOB) WITHOUT ROWID;
        CREATE INDEX IF NOT EXISTS dw_request_time ON dw_request(time);
        CREATE TABLE IF NOT EXISTS dw_coin(
            outpoint BLOB PRIMARY KEY NOT NULL, value INTEGER NOT NULL, script BLOB NOT NULL, height INTEGER NOT NULL,
            flags INTEGER NOT NULL, time INTEGER NOT NULL) WITHOUT ROWID;
        """;

    /// <summary>A mark of a coin's or transaction's row: mined.</summary>
    public const long CoinBaseFlag = 1;

    /// <summary>A mark of a transaction's row: another one spends an input of it too, or did.</summary>
    public const long RivalsFlag = 2;

    /// <summary>Begins the names of settings that say how far somebody has followed the event log.</summary>
    public const string FollowedPrefix = "followed_";

    private const long FromMeFlag = 2;
    private const long LockedFlag = 4;

    /// <summary>Makes the tables that are missing; drops those first that are to be made anew.</summary>
    /// <param name="connection">The writer.</param>
    /// <param name="isOurs">They agree with Core's records: none is dropped.</param>
    public static void Ensure(SqliteConnection connection, bool isOurs)
    {
        if (!isOurs)
        {
            // What is known of scripts is true whoever wrote the rest, and takes longest to be made.
            string[] scripts = TableStamp.HasLayout(connection) ? [] : ["dw_script"];
            foreach (var table in (string[])["dw_tx", "dw_spend", "dw_coin", "dw_received", "dw_book", .. scripts])
            {
                WalletDatabase.Execute(connection, "DROP TABLE IF EXISTS " + table);
            }
        }

        WalletDatabase.Execute(connection, Definition);
        WalletDatabase.Execute(connection, TableStamp.Definition);
        foreach (var (name, type) in ((string, string)[])[("since", "INTEGER"), ("kind", "INTEGER"), ("answer", "TEXT"), ("timestamps", "TEXT")])
        {
            if (WalletDatabase.Ask(connection, $"SELECT 1 FROM pragma_table_info('dw_job') WHERE name = '{name}'") is null)
            {
                WalletDatabase.Execute(connection, $"ALTER TABLE dw_job ADD COLUMN {name} {type}");
            }
        }
    }

    /// <summary>Forgets what can be made anew from the records of transactions, and the indexes on it until <see cref="Complete"/>.</summary>
    public static void ClearDerived(SqliteConnection connection) => WalletDatabase.Execute(
        connection,
        """
        DELETE FROM dw_tx; DELETE FROM dw_spend; DELETE FROM dw_coin; DELETE FROM dw_received;
        DROP INDEX IF EXISTS dw_tx_position; DROP INDEX IF EXISTS dw_tx_height; DROP INDEX IF EXISTS dw_tx_outside;
        DROP INDEX IF EXISTS dw_tx_block; DROP INDEX IF EXISTS dw_tx_pending;
        """);

    /// <summary>Makes the indexes when the tables are filled.</summary>
    public static void Complete(SqliteConnection connection) => WalletDatabase.Execute(connection, Definition);

    /// <summary>Marks all transactions that share an input with another one.</summary>
    public static void MarkRivals(SqliteConnection connection) => WalletDatabase.Execute(
        connection,
        "UPDATE dw_tx SET flags = flags | 2 WHERE txid IN (SELECT txid FROM dw_spend WHERE outpoint IN "
        + "(SELECT outpoint FROM dw_spend GROUP BY outpoint HAVING COUNT(*) > 1))");

    /// <summary>An outpoint as a key, txid and index, into the first 36 of these bytes.</summary>
    public static void Write(OutPoint outPoint, Span<byte> bytes)
    {
        outPoint.Txid.Value.CopyTo(bytes);
        System.Buffers.Binary.BinaryPrimitives.WriteUInt32LittleEndian(bytes[Uint256.Size..], outPoint.Index);
    }

    /// <summary>The outpoint of such a key.</summary>
    public static OutPoint OutPointOf(ReadOnlySpan<byte> bytes) => new(
        new Txid(bytes[..Uint256.Size]),
        System.Buffers.Binary.BinaryPrimitives.ReadUInt32LittleEndian(bytes[Uint256.Size..]));

    /// <summary>All coins.</summary>
    public static Dictionary<OutPoint, Coin> ReadCoins(SqliteConnection connection)
    {
        var coins = new Dictionary<OutPoint, Coin>((int)(long)(WalletDatabase.Ask(connection, "SELECT COUNT(*) FROM dw_coin") ?? 0L));
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT outpoint, value, script, height, flags, time FROM dw_coin";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            ThreadTurns.Rest();
            var outPoint = OutPointOf(rows.GetFieldValue<byte[]>(0));
            var flags = rows.GetInt64(4);
            coins.Add(outPoint, new Coin(
                outPoint,
                new Amount(rows.GetInt64(1)),
                new Script(rows.GetFieldValue<byte[]>(2)),
                rows.GetInt32(3),
                (flags & CoinBaseFlag) != 0,
                (flags & FromMeFlag) != 0,
                rows.GetInt64(5),
                (flags & LockedFlag) != 0));
        }

        return coins;
    }

    /// <summary>Promises of the masternodes about transactions; they outlast whatever another program does to the file.</summary>
    public static Dictionary<Txid, Finality> ReadFinality(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT txid, flags FROM dw_finality";
        using var rows = command.ExecuteReader();
        var promises = new Dictionary<Txid, Finality>();
        while (rows.Read())
        {
            promises.Add(new Txid(rows.GetFieldValue<byte[]>(0)), (Finality)rows.GetInt64(1));
        }

        return promises;
    }

    /// <summary>A coin's row, as parameters of the statement that writes it.</summary>
    public static void Bind(RawStatement put, Coin coin)
    {
        put.Bind(1, coin.OutPoint);
        put.Bind(2, coin.Value.Duffs);
        put.Bind(3, coin.Script.Span);
        put.Bind(4, coin.Height);
        put.Bind(5, (coin.IsCoinBase ? CoinBaseFlag : 0) | (coin.FromMe ? FromMeFlag : 0) | (coin.IsInstantLocked ? LockedFlag : 0));
        put.Bind(6, coin.Time);
    }

    /// <summary>How a state stands in a transaction's row.</summary>
    public static long CodeOf(TxState state) => state switch
    {
        TxState.Confirmed => 3,
        TxState.Conflicted => 4,
        TxState.Inactive { Abandoned: true } => 1,
        TxState.Unrecognized => 2,
        _ => 0,
    };

    /// <summary>The depth that such a row tells.</summary>
    public static int DepthOf(long state, int? height, int tipHeight) => state switch
    {
        3 => new TxState.Confirmed(default, height ?? -1, 0, 0).DepthAt(tipHeight),
        4 => new TxState.Conflicted(default, height ?? -1).DepthAt(tipHeight),
        _ => 0,
    };

    /// <summary>A transaction's row, as the first parameters of the statements that write it; its figures follow or are written by another.</summary>
    public static void Bind(RawStatement put, WalletTx tx)
    {
        (BlockHash? block, int? height) = tx.State switch
        {
            TxState.Confirmed confirmed => (confirmed.Block, confirmed.Height),
            TxState.Conflicted conflicted => (conflicted.Block, conflicted.Height),
            _ => ((BlockHash?)null, (int?)null),
        };
        put.Bind(1, tx.Txid.Value);
        put.Bind(2, tx.Position);
        put.Bind(3, block?.Value);
        put.Bind(4, height);
        put.Bind(5, tx.State.IsPending ? 1 : 0);
        put.Bind(6, tx.Time);
        put.Bind(7, CodeOf(tx.State));
        put.Bind(8, tx.Tx.IsCoinBase ? CoinBaseFlag : 0);
    }

    /// <summary>A setting of ours; null if it was never written.</summary>
    public static object? ReadMeta(SqliteConnection connection, string name)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT value FROM dw_meta WHERE name = $name";
        command.Parameters.AddWithValue("$name", name);
        return command.ExecuteScalar() is { } value and not DBNull ? value : null;
    }

    /// <summary>How far the event log has been followed, by name.</summary>
    public static ImmutableDictionary<string, long> ReadFollowed(SqliteConnection connection)
    {
        var followed = ImmutableDictionary.CreateBuilder<string, long>(StringComparer.Ordinal);
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT name, value FROM dw_meta WHERE name >= $p AND name < $p || '~'";
        command.Parameters.AddWithValue("$p", FollowedPrefix);
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            followed[rows.GetString(0)[FollowedPrefix.Length..]] = rows.GetInt64(1);
        }

        return followed.ToImmutable();
    }

    /// <summary>The latest jobs, oldest first.</summary>
    public static IEnumerable<WalletJob> ReadJobs(SqliteConnection connection)
    {
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT id, start, stop, reached, state, begun, ended, since, kind FROM dw_job ORDER BY id DESC LIMIT $n";
        command.Parameters.AddWithValue("$n", WalletSnapshot.JobsKept);
        using var rows = command.ExecuteReader();
        List<WalletJob> jobs = [];
        while (rows.Read())
        {
            jobs.Add(new WalletJob(rows.GetInt64(0), rows.GetInt32(1), rows.IsDBNull(2) ? null : rows.GetInt32(2), rows.GetInt64(5))
            {
                Reached = rows.GetInt32(3),
                State = (JobState)rows.GetInt64(4),
                Ended = rows.GetInt64(6),
                Since = rows.IsDBNull(7) ? null : rows.GetInt64(7),
                Kind = rows.IsDBNull(8) ? JobKind.Rescan : (JobKind)rows.GetInt64(8),
            });
        }

        jobs.Reverse();
        return jobs;
    }

    /// <summary>The timestamps of a job's requests as <see cref="PutJob"/> writes them.</summary>
    public static IReadOnlyList<long> ReadTimes(string text) =>
        [.. text.Split(',', StringSplitOptions.RemoveEmptyEntries).Select(static time => long.Parse(time, CultureInfo.InvariantCulture))];

    /// <summary>Writes a job down, or how far one is; the answer stays as it is where none is given.</summary>
    public static void PutJob(SqliteConnection connection, WalletJob job)
    {
        WalletDatabase.Execute(
            connection,
            "INSERT INTO dw_job(id, start, stop, reached, state, begun, ended, since, kind, answer, timestamps) "
            + "VALUES($a, $b, $c, $d, $e, $f, $g, $h, $i, $j, $k) ON CONFLICT(id) DO UPDATE SET "
            + "reached = excluded.reached, state = excluded.state, ended = excluded.ended, "
            + "answer = COALESCE(excluded.answer, answer), timestamps = COALESCE(excluded.timestamps, timestamps)",
            job.Id, job.StartHeight, job.StopHeight is { } stop ? stop : DBNull.Value, job.Reached, (long)job.State, job.Begun, job.Ended,
            job.Since is { } since ? since : DBNull.Value, (long)job.Kind, job.Answer ?? (object)DBNull.Value,
            job.Timestamps is { } times ? string.Join(',', times.Select(static time => time.ToString(CultureInfo.InvariantCulture))) : DBNull.Value);
        WalletDatabase.Execute(connection, "DELETE FROM dw_job WHERE id <= $a", job.Id - WalletSnapshot.JobsKept);
    }

    /// <summary>The heights and times of blocks told so far.</summary>
    public static Dictionary<BlockHash, HeaderFacts> ReadHeaders(SqliteConnection connection)
    {
        var headers = new Dictionary<BlockHash, HeaderFacts>();
        using var command = connection.CreateCommand();
        command.CommandText = "SELECT hash, height, time, median FROM dw_block";
        using var rows = command.ExecuteReader();
        while (rows.Read())
        {
            var hash = new BlockHash(rows.GetFieldValue<byte[]>(0));
            headers.Add(hash, new HeaderFacts(hash, rows.GetInt32(1), rows.GetInt64(2), rows.GetInt64(3), OnActiveChain: true));
        }

        return headers;
    }
}
