using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Storage;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// A snapshot and a read transaction of the same sequence: hot and cold parts of an answer agree. One request's; not
/// for two threads; dispose it soon, since the file keeps what it can see.
/// </summary>
internal sealed class WalletView : IDisposable
{
    private readonly WalletDatabase _database;
    private readonly WalletReader _reader;
    private readonly History _history;
    private readonly CoinTexts _texts;
    private readonly KnownReceipts _receipts;
    private readonly bool _isShared;

    // A look through another one.
    private WalletView(WalletView owner)
    {
        (_database, _reader, _history, _texts, _receipts, _isShared) = (owner._database, owner._reader, owner._history, owner._texts, owner._receipts, true);
        (Snapshot, Trust) = (owner.Snapshot, owner.Trust);
    }

    private WalletView(WalletDatabase database, WalletReader reader, WalletSnapshot snapshot, CoinTexts texts, KnownReceipts receipts)
    {
        _texts = texts;
        _receipts = receipts;
        _database = database;
        _reader = reader;
        _history = reader.History;
        Snapshot = snapshot;
        Trust = new Trust(snapshot);
    }

    /// <summary>The hot part.</summary>
    public WalletSnapshot Snapshot { get; }

    /// <summary>Both parts as a decision sees them.</summary>
    public LedgerState State => new(Snapshot, _history);

    /// <summary>Which unconfirmed transactions count as sure.</summary>
    public Trust Trust { get; }

    /// <summary>Opens a view on the newest state.</summary>
    /// <param name="database">The file.</param>
    /// <param name="newest">The newest snapshot.</param>
    /// <param name="broken">Why nothing is published any more; null while it is.</param>
    /// <param name="texts">Known texts of coins.</param>
    /// <param name="receipts">Known sums of addresses.</param>
    /// <exception cref="WalletException">The file is not where the snapshot is and never will be.</exception>
    public static WalletView Open(
        WalletDatabase database, Func<WalletSnapshot> newest, Func<Exception?> broken, CoinTexts texts, KnownReceipts receipts)
    {
        var reader = database.RentReader();
        try
        {
            var wait = new SpinWait();
            while (true)
            {
                // First: what is published before it breaks is seen below.
                var failure = broken();
                var stored = reader.Begin();
                var snapshot = newest();
                if (snapshot.StoredSequence == stored)
                {
                    return new WalletView(database, reader, snapshot, texts, receipts);
                }

                if (failure is not null)
                {
                    throw new WalletException(WalletError.Wallet, failure.Message, failure);
                }

                // Between a commit and its publication, or a commit came in between: microseconds either way.
                reader.End();
                wait.SpinOnce();
            }
        }
        catch
        {
            database.Discard(reader);
            throw;
        }
    }

    /// <summary>The same for one of several that look one after another; this one must outlive it.</summary>
    public WalletView Share() => new(this);

    /// <summary>A transaction with its present state, or null.</summary>
    public WalletTx? Find(Txid txid) => Snapshot.Pending.Find(txid)?.Tx ?? _history.Find(txid);

    /// <summary>All transactions, the last to arrive first. Read as far as needed.</summary>
    public IEnumerable<WalletTx> NewestFirst() => _history.NewestFirst().Select(Present);

    /// <summary>Those that arrived before a place in the order of arrival, the last of them first. Read as far as needed.</summary>
    public IEnumerable<WalletTx> Before(long position) => _history.Before(position).Select(Present);

    /// <summary>Those that arrived at a place in the order of arrival and after it, the first of them first. Read as far as needed.</summary>
    public IEnumerable<WalletTx> From(long position) => _history.From(position).Select(Present);

    /// <summary>Transactions outside the chain or in (or against) blocks above a height, in order of arrival.</summary>
    public IEnumerable<WalletTx> Since(int height) => _history.Since(height).Select(Present);

    /// <summary>Outputs of ours, spent or not, in transactions dead or alive; only those that pay a script if one is given.</summary>
    public IEnumerable<ReceivedRow> Received(Script? script) => script is null
        ? _history.Received(null, Snapshot.Tip.Height, Snapshot.ChainLockHeight)
        : _receipts.Of(Snapshot, script, () => _history.Received(script.ToArray(), Snapshot.Tip.Height, Snapshot.ChainLockHeight));

    /// <summary>The places of all outputs of ours, spent or not, in transactions dead or alive, and the scripts they pay.</summary>
    public IEnumerable<(OutPoint OutPoint, byte[] Script)> OwnOutputs() => _history.OwnOutputs();

    /// <summary>Whether an output of a transaction of the wallet is among these.</summary>
    public bool IsOwn(OutPoint outPoint, Script script) => Snapshot.IsMine(script) && _history.IsOwn(outPoint, script);

    /// <summary>What the inputs of all transactions take, dead or alive, and whose inputs they are.</summary>
    public IEnumerable<(OutPoint OutPoint, Txid Spender)> Spends() => _history.Spends();

    /// <summary>The transactions at a place in the order of arrival: one, or none.</summary>
    public IEnumerable<WalletTx> At(long position) => _history.At(position).Select(Present);

    /// <summary>The places of all transactions in the order of arrival.</summary>
    public IEnumerable<long> Positions() => _history.Positions();

    /// <summary>The places of those outside the chain that no block contradicts.</summary>
    public IEnumerable<long> PositionsOutside() => _history.PositionsOutside();

    /// <summary>The places of those in (or against) blocks above a height, up to another one; only coinbases if that is wanted.</summary>
    public IEnumerable<long> PositionsBetween(int above, int upTo, bool onlyMined) => _history.PositionsBetween(above, upTo, onlyMined);

    /// <summary>What lists say about a script of ours.</summary>
    public CoinText TextOf(Script script) => _texts.Of(Snapshot, script);

    /// <summary>The public keys that are stored for indexes of a keychain, in ascending order; null for each that has none.</summary>
    public PublicKey?[] StoredKeys(Uint256 keychain, ReadOnlySpan<int> indexes) => _history.Keys(keychain, indexes);

    /// <summary>Works out what lists will say about many scripts, faster than one by one.</summary>
    public Task PrepareTextsAsync(IEnumerable<Script> scripts, CancellationToken ct) =>
        _texts.PrepareAsync(Snapshot, scripts, StoredKeys, ct);

    /// <summary>Lines of the event log after a number, oldest first.</summary>
    public EventPage EventsSince(long since, int most) => new(
        _history.EventsSince(since, most), OldestEvent, Snapshot.NextEvent - 1);

    /// <summary>
    /// The name in hex of the event log at a line: the same in two copies of the wallet up to where they part, and another one after that. Null
    /// where it has none.
    /// </summary>
    public string? EventLogAt(long sequence) => _history.LogName(sequence) is { } name ? Hex.Encode(name) : null;

    /// <summary>Number of the oldest line of the event log that is kept; one past the newest when there is none.</summary>
    public long OldestEvent => _history.OldestEvent() ?? Snapshot.NextEvent;

    /// <summary>What a caller asked for under a key before; null if nothing.</summary>
    public SpendRequest? FindRequest(string key) => _history.Request(key);

    /// <summary>What the caller of a job is answered, as JSON; null if nothing was stored.</summary>
    public string? JobAnswer(long id) => _history.JobAnswer(id).Answer;

    /// <summary>Wallet transactions, alive or not, that spend an output.</summary>
    public IReadOnlyList<Txid> Spenders(OutPoint outPoint) => _history.Spenders(outPoint);

    /// <summary>An output of a wallet transaction, whoever owns it; null if there is none.</summary>
    public TxOut? FindOutput(OutPoint outPoint) =>
        Find(outPoint.Txid) is { } tx && outPoint.Index < tx.Tx.Outputs.Length ? tx.Tx.Outputs[(int)outPoint.Index] : null;

    /// <summary>Other wallet transactions that spend an input of this one, in the order of their ids' bytes.</summary>
    public IReadOnlyList<Txid> ConflictsOf(WalletTx tx)
    {
        if (tx.Figures is { HasRivals: false })
        {
            return [];
        }

        var conflicts = new HashSet<Txid>();
        if (!tx.Tx.IsCoinBase)
        {
            foreach (var input in tx.Tx.Inputs)
            {
                conflicts.UnionWith(Spenders(input.PreviousOutput));
            }
        }

        conflicts.Remove(tx.Txid);
        return [.. conflicts.Order(TxidOrder.Instance)];
    }

    /// <summary>What the transaction takes from the wallet.</summary>
    public Amount DebitOf(Transaction tx)
    {
        var debit = Amount.Zero;
        if (!tx.IsCoinBase)
        {
            foreach (var input in tx.Inputs)
            {
                if (FindOutput(input.PreviousOutput) is { } output && Snapshot.IsMine(output.ScriptPubKey))
                {
                    debit += output.Value;
                }
            }
        }

        return debit;
    }

    /// <summary>Who got what by the transaction, as lists show it.</summary>
    public TxAmounts AmountsOf(WalletTx tx)
    {
        var debit = tx.Figures?.Debit ?? DebitOf(tx.Tx);
        var isPaying = debit > Amount.Zero;
        var credit = Amount.Zero;
        var sent = new List<TxEntry>();
        var received = new List<TxEntry>();
        for (var i = 0; i < tx.Tx.Outputs.Length; i++)
        {
            var (value, script) = (tx.Tx.Outputs[i].Value, tx.Tx.Outputs[i].ScriptPubKey);
            var isMine = Snapshot.IsMine(script);
            credit += isMine ? value : Amount.Zero;
            if (!isMine && !isPaying)
            {
                continue;
            }

            // Ours, and nobody was given its address: change.
            var named = Snapshot.AddressBook.FindNamed(script);
            if (isMine && isPaying && named is null)
            {
                continue;
            }

            var entry = new TxEntry(i, Snapshot.AddressOf(script), value, named?.Label);
            if (isPaying)
            {
                sent.Add(entry);
            }

            if (isMine)
            {
                received.Add(entry);
            }
        }

        var fee = isPaying ? debit - tx.Tx.OutputValue : Amount.Zero;
        return new TxAmounts(debit, credit, fee, sent, received);
    }

    /// <summary>
    /// How often a coin was mixed by CoinJoin. Negative: -1 not a wallet transaction, -2 no denomination, -3 a
    /// collateral amount, -4 no such output.
    /// </summary>
    public int MixingRoundsOf(OutPoint outPoint) => new MixingRounds(this).Of(outPoint);

    /// <inheritdoc/>
    public void Dispose()
    {
        if (_isShared)
        {
            return;
        }

        _database.Return(_reader);
    }

    // Whether a transaction is in the mempool is known in memory only.
    private WalletTx Present(WalletTx tx) =>
        Snapshot.Pending.Find(tx.Txid) is { } pending ? pending.Tx with { Figures = tx.Figures } : tx;
}
