using System.Collections.Immutable;
using Dash.Common.Concurrency;
using Dash.Primitives.Addresses;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// One decision in the making: facts are put in, reads see them at once, and <see cref="Build"/> works out which coins
/// and pending transactions follow. Coins are always a function of the facts, so the order of facts does not matter.
/// Lives inside one decision, on the writer's thread.
/// </summary>
internal sealed class LedgerEdit(LedgerState state)
{
    private const int NewsBelowLock = 24;

    private readonly List<WalletTx> _chainLocked = [];
    private readonly Dictionary<Txid, WalletTx> _changed = [];
    private readonly HashSet<Txid> _added = [];
    private readonly List<Txid> _arrivals = [];
    private readonly Dictionary<Txid, WalletTx> _removed = [];
    private readonly HashSet<Txid> _touched = [];
    private readonly Dictionary<Txid, (Amount Debit, bool AllMine)> _debits = [];
    private readonly HashSet<OutPoint> _watched = [];
    private readonly Dictionary<OutPoint, List<Txid>> _newSpends = [];
    private readonly Dictionary<OutPoint, bool?> _locks = [];
    private readonly Dictionary<string, AddressEntry> _addresses = new(StringComparer.Ordinal);
    private readonly SortedDictionary<int, Keychain> _keychains = [];
    private readonly Dictionary<Primitives.Blocks.BlockHash, HeaderFacts> _headers = [];
    private long _nextPosition = state.Snapshot.NextPosition;
    private ChainTrail? _trail;
    private long? _tipTime;
    private int? _chainLockHeight;

    /// <summary>The state before the edit.</summary>
    public WalletSnapshot Before => state.Snapshot;

    /// <summary>Height of the tip as edited.</summary>
    public int TipHeight => Trail.Tip.Height;

    /// <summary>The trail as edited.</summary>
    public ChainTrail Trail => _trail ?? Before.Trail;

    /// <summary>Has any fact been put in apart from the chain position?</summary>
    public bool IsUntouched => _changed.Count == 0 && _removed.Count == 0 && _locks.Count == 0 && _addresses.Count == 0
        && _keychains.Count == 0;

    /// <summary>A transaction as edited, or null.</summary>
    public WalletTx? Find(Txid txid) =>
        _changed.TryGetValue(txid, out var changed) ? changed : _removed.ContainsKey(txid) ? null : state.Find(txid);

    /// <summary>The same for one that is at hand.</summary>
    public WalletTx? Find(Transaction known) =>
        _changed.TryGetValue(known.Txid, out var changed) ? changed : _removed.ContainsKey(known.Txid) ? null : state.Find(known);

    /// <summary>Wallet transactions that spend the output, alive or not.</summary>
    public IReadOnlyCollection<Txid> Spenders(OutPoint outPoint)
    {
        var stored = state.History.Spenders(outPoint);
        if (_removed.Count > 0)
        {
            stored = [.. stored.Where(txid => !_removed.ContainsKey(txid))];
        }

        return _newSpends.TryGetValue(outPoint, out var added) ? [.. stored.Union(added)] : stored;
    }

    /// <summary>An output of ours, spent or not, by its place; null for strangers'.</summary>
    public TxOut? FindOwnOutput(OutPoint outPoint)
    {
        if (Before.Coins.TryGetValue(outPoint, out var coin))
        {
            return new TxOut(coin.Value, coin.Script);
        }

        if (Find(outPoint.Txid) is not { } tx || outPoint.Index >= tx.Tx.Outputs.Length)
        {
            return null;
        }

        var output = tx.Tx.Outputs[(int)outPoint.Index];
        return Before.IsMine(output.ScriptPubKey) ? output : null;
    }

    /// <summary>What the inputs take from this wallet, and whether all of them do.</summary>
    public (Amount Debit, bool AllMine) DebitOf(Transaction tx)
    {
        var debit = Amount.Zero;
        var all = true;
        foreach (var input in tx.Inputs)
        {
            if (FindOwnOutput(input.PreviousOutput) is { } output)
            {
                debit += output.Value;
            }
            else
            {
                all = false;
            }
        }

        return (debit, all);
    }

    /// <summary>Does a transaction take from this wallet, and bring it, what its stored figures say?</summary>
    public bool HoldsFigures(WalletTx tx)
    {
        var own = 0;
        foreach (var output in tx.Tx.Outputs)
        {
            own += Before.IsMine(output.ScriptPubKey) ? 1 : 0;
        }

        return own == tx.Figures?.OwnOutputs && (tx.Tx.IsCoinBase ? Amount.Zero : DebitOf(tx.Tx).Debit) == tx.Figures.Debit;
    }

    /// <summary>Puts a transaction's new record in.</summary>
    public void Put(WalletTx tx)
    {
        var isNew = Find(tx.Txid) is null;
        _changed[tx.Txid] = tx;
        _touched.Add(tx.Txid);
        Watch(tx);
        if (!isNew)
        {
            return;
        }

        _added.Add(tx.Txid);
        _arrivals.Add(tx.Txid);
        _removed.Remove(tx.Txid);
        if (!tx.Tx.IsCoinBase)
        {
            foreach (var input in tx.Tx.Inputs)
            {
                if (!_newSpends.TryGetValue(input.PreviousOutput, out var spenders))
                {
                    _newSpends.Add(input.PreviousOutput, spenders = []);
                }

                spenders.Add(tx.Txid);
                if (IsLocked(input.PreviousOutput))
                {
                    Unlock(input.PreviousOutput);
                }
            }
        }

        // A child may have come before its parent: what it takes from us is known only now.
        for (var i = 0; i < tx.Tx.Outputs.Length; i++)
        {
            foreach (var child in Spenders(new OutPoint(tx.Txid, (uint)i)))
            {
                _touched.Add(child);
            }
        }
    }

    /// <summary>Takes a transaction out of the wallet.</summary>
    public void Remove(WalletTx tx)
    {
        _changed.Remove(tx.Txid);
        _touched.Add(tx.Txid);
        if (!_added.Remove(tx.Txid))
        {
            _removed[tx.Txid] = tx;
        }

        foreach (var input in tx.Tx.Inputs)
        {
            if (_newSpends.TryGetValue(input.PreviousOutput, out var spenders))
            {
                spenders.Remove(tx.Txid);
            }
        }
    }

    /// <summary>Gives the next rank in the order of arrival.</summary>
    public long TakePosition() => _nextPosition++;

    /// <summary>The shown time of the latest arrival whose time is at most this.</summary>
    public long? LatestTime(long notAfter)
    {
        // What this edit added arrived last.
        for (var i = _arrivals.Count - 1; i >= 0; i--)
        {
            if (_changed.TryGetValue(_arrivals[i], out var tx) && tx.Time <= notAfter)
            {
                return tx.Time;
            }
        }

        return state.History.LatestTime(notAfter);
    }

    /// <summary>Transactions, as edited, whose state names a block above this height.</summary>
    public IEnumerable<WalletTx> Above(int height)
    {
        foreach (var txid in state.History.Above(height))
        {
            if (!_changed.ContainsKey(txid) && Find(txid) is { } tx)
            {
                yield return tx;
            }
        }

        foreach (var tx in _changed.Values.ToList())
        {
            if (tx.State is TxState.Confirmed { Height: var at } && at > height
                || tx.State is TxState.Conflicted { Height: var by } && by > height)
            {
                yield return tx;
            }
        }
    }

    /// <summary>Transactions, as edited, whose state names this block.</summary>
    public IEnumerable<WalletTx> InBlock(Primitives.Blocks.BlockHash block) =>
        state.History.InBlock(block).Select(Find).OfType<WalletTx>();

    /// <summary>Is the coin set aside, as edited?</summary>
    public bool IsLocked(OutPoint outPoint) =>
        _locks.TryGetValue(outPoint, out var locked) ? locked is not null : Before.LockedCoins.ContainsKey(outPoint);

    /// <summary>Sets a coin aside, in the file too if asked.</summary>
    public void Lock(OutPoint outPoint, bool persistent) => _locks[outPoint] = persistent;

    /// <summary>Frees a coin that was set aside.</summary>
    public void Unlock(OutPoint outPoint) => _locks[outPoint] = null;

    /// <summary>The note on an address as edited.</summary>
    public AddressEntry? FindAddress(string address) =>
        _addresses.TryGetValue(address, out var entry) ? entry : Before.AddressBook.Find(address);

    /// <summary>Notes something on an address.</summary>
    public void Note(string address, AddressEntry entry) => _addresses[address] = entry;

    /// <summary>Labels an address; the purpose stays when none is given.</summary>
    public void Label(string address, string label, string? purpose)
    {
        var before = FindAddress(address) ?? AddressEntry.Unknown;
        Note(address, before with { Label = label, Purpose = string.IsNullOrEmpty(purpose) ? before.Purpose : purpose });
    }

    /// <summary>A keychain as edited.</summary>
    public Keychain KeychainAt(int place) =>
        _keychains.TryGetValue(place, out var keychain) ? keychain : Before.Keychains[place];

    /// <summary>Changes a keychain.</summary>
    public void Put(int place, Keychain keychain)
    {
        if (place < Before.Keychains.Length && keychain == Before.Keychains[place])
        {
            _keychains.Remove(place);
        }
        else
        {
            _keychains[place] = keychain;
        }
    }

    /// <summary>
    /// What of a block concerns the wallet, as edited so far. May name a transaction that spends what is spent already;
    /// applying it changes nothing that is not true.
    /// </summary>
    public IReadOnlyList<MatchedTx> Search(ReadOnlyMemory<byte> block) => BlockMatch.Scan(block, Before, _watched).Transactions;

    /// <summary>
    /// Widens a keychain until it looks <paramref name="ahead"/> scripts past the next one to give out. The scripts go
    /// into the shared index at once; those of an edit that is not stored are taken back.
    /// </summary>
    /// <returns>False when the descriptor cannot be expanded without a secret.</returns>
    public bool TopUp(int place, int ahead)
    {
        var keychain = KeychainAt(place);
        if (keychain.ToppedUp(ahead, Before.Secrets) is not { } wider)
        {
            return false;
        }

        if (wider.RangeEnd > keychain.RangeEnd)
        {
            Before.Scripts.Add(place, wider, keychain.RangeEnd, wider.RangeEnd);
            Put(place, wider);
        }

        return true;
    }

    /// <summary>
    /// Scripts became ours: what transactions of the wallet pay to them, and what spends that, counts from now on.
    /// </summary>
    public void AdoptScripts()
    {
        foreach (var tx in state.History.NewestFirst().Select(tx => Find(tx.Txid)).OfType<WalletTx>().ToList())
        {
            for (var i = 0; i < tx.Tx.Outputs.Length; i++)
            {
                var outPoint = new OutPoint(tx.Txid, (uint)i);
                if (!Before.IsMine(tx.Tx.Outputs[i].ScriptPubKey) || Before.Coins.ContainsKey(outPoint))
                {
                    continue;
                }

                Touch(tx.Txid);
                MarkPaid(tx.Tx.Outputs[i].ScriptPubKey);
                foreach (var child in Spenders(outPoint))
                {
                    Touch(child);
                }
            }
        }
    }

    /// <summary>A script of ours was paid: everything up to it counts as given out, in each keychain that has it.</summary>
    public void MarkPaid(Script script)
    {
        if (!Before.Scripts.TryFind(script.Span, out var place))
        {
            return;
        }

        MarkPaid(place);
        foreach (var other in Before.Scripts.OthersOf(script.Span))
        {
            MarkPaid(other);
        }
    }

    /// <summary>Remembers that an address has been spent from, while the wallet avoids reuse.</summary>
    public void MarkSpentFrom(OutPoint outPoint)
    {
        if (Before.Flags.HasFlag(WalletFlags.AvoidReuse) && FindOwnOutput(outPoint) is { } output
            && Before.AddressOf(output.ScriptPubKey) is { } address)
        {
            var entry = FindAddress(address) ?? AddressEntry.Unknown;
            if (!entry.IsUsed)
            {
                Note(address, entry with { IsUsed = true });
            }
        }
    }

    /// <summary>Moves the chain position.</summary>
    public void MoveTo(ChainTrail trail, long? tipTime)
    {
        _trail = trail;
        _tipTime = tipTime ?? _tipTime;
    }

    /// <summary>Blocks up to a height have a ChainLock; a lower height takes promises about other blocks back.</summary>
    public void LockChain(int height)
    {
        if (height == Before.ChainLockHeight)
        {
            return;
        }

        // Of a lock that comes after a long time only what it says about late blocks is news.
        _chainLockHeight = height;
        _chainLocked.AddRange(Above(Math.Max(Before.ChainLockHeight, height - NewsBelowLock))
            .Where(tx => tx.State is TxState.Confirmed confirmed && confirmed.Height <= height));
    }

    /// <summary>Keeps what a header says, because a transaction's state names its block.</summary>
    public void Keep(HeaderFacts header) => _headers[header.Hash] = header;

    /// <summary>Counts a transaction as changed in what others depend on, without changing its record.</summary>
    public void Touch(Txid txid) => _touched.Add(txid);

    /// <summary>The facts, and the coins and pending transactions that follow from them.</summary>
    public ChangeSet Build()
    {
        var coins = new Dictionary<OutPoint, Coin?>();
        var pending = new Dictionary<Txid, PendingTx?>();
        var givenUp = new Dictionary<Txid, Transaction?>();
        var derived = new List<TxDerived>();
        _debits.Clear();
        foreach (var txid in _touched)
        {
            ThreadTurns.Rest();
            var tx = Find(txid);
            if (tx is not null)
            {
                Derive(tx, derived);
            }

            var raw = tx?.Tx ?? _removed[txid].Tx;
            for (var i = 0; i < raw.Outputs.Length; i++)
            {
                Recount(new OutPoint(txid, (uint)i), coins);
            }

            if (!raw.IsCoinBase)
            {
                foreach (var input in raw.Inputs)
                {
                    Recount(input.PreviousOutput, coins);
                }
            }

            PendingTx? now = null;
            if (tx is not null && tx.State.IsPending)
            {
                var (debit, allMine) = KnownDebitOf(tx.Tx);
                now = new PendingTx(tx, debit, allMine);
            }

            if (now is not null || Before.Pending.ContainsKey(txid))
            {
                pending[txid] = now;
            }

            var isGivenUp = tx is not null && tx.State.IsAbandoned && !tx.Tx.IsCoinBase;
            if (isGivenUp || Before.GivenUp.ContainsKey(txid))
            {
                givenUp[txid] = isGivenUp ? raw : null;
            }
        }

        var stored = new List<WalletTx>(_changed.Count);
        var refreshed = new List<Txid>();
        foreach (var tx in _changed.Values)
        {
            if (!_added.Contains(tx.Txid) && state.Find(tx.Txid) is { } before && IsSameInFile(before, tx))
            {
                refreshed.Add(tx.Txid);
            }
            else
            {
                stored.Add(tx);
            }
        }

        LockCollaterals(coins);
        return new ChangeSet
        {
            Quarantined = SetDustAside(coins),
            Transactions = stored,
            Derived = derived,
            Refreshed = refreshed,
            Added = _added,
            Removed = [.. _removed.Values],
            Coins = coins,
            Pending = pending,
            GivenUp = givenUp,
            Locks = _locks,
            Addresses = _addresses,
            Keychains = _keychains,
            Trail = _trail,
            TipTime = _tipTime,
            ChainLockHeight = _chainLockHeight,
            ChainLocked = _chainLocked,
            Headers = _headers.Values,
            NextPosition = _nextPosition == Before.NextPosition ? null : _nextPosition,
        };
    }

    private void MarkPaid(ScriptPlace place)
    {
        var keychain = KeychainAt(place.Keychain);
        if (keychain.IsRanged && place.Index >= keychain.NextIndex)
        {
            var first = keychain.NextIndex;
            Put(place.Keychain, keychain with { NextIndex = place.Index + 1 });
            if (place.Keychain == Before.ActiveExternal)
            {
                for (var index = first; index <= place.Index; index++)
                {
                    NoteReceiving(keychain.ScriptAt(index));
                }
            }
        }

        TopUp(place.Keychain, Before.Settings.KeypoolSize);
    }

    // Worked out once a transaction, when all facts are in.
    private (Amount Debit, bool AllMine) KnownDebitOf(Transaction tx)
    {
        if (!_debits.TryGetValue(tx.Txid, out var known))
        {
            _debits.Add(tx.Txid, known = tx.IsCoinBase ? (Amount.Zero, false) : DebitOf(tx));
        }

        return known;
    }

    // Where the user wants it, what is too small is set aside when it comes; what he frees later stays free.
    private List<WalletTx> SetDustAside(Dictionary<OutPoint, Coin?> coins)
    {
        List<WalletTx> concerned = [];
        if (Before.Settings.QuarantineBelow <= Amount.Zero)
        {
            return concerned;
        }

        foreach (var coin in coins.Values)
        {
            if (coin is not null && _added.Contains(coin.OutPoint.Txid) && Quarantine.Concerns(coin, Before.Settings.QuarantineBelow)
                && _locks.TryAdd(coin.OutPoint, true) && concerned.TrueForAll(tx => tx.Txid != coin.OutPoint.Txid))
            {
                concerned.Add(_changed[coin.OutPoint.Txid]);
            }
        }

        return concerned;
    }

    // When they become ours, as in Core (CWallet::AddToWallet): not when they are spent no more, nor again after the user freed them.
    private void LockCollaterals(Dictionary<OutPoint, Coin?> coins)
    {
        foreach (var (outPoint, coin) in coins)
        {
            if (coin is not null && Denominations.IsMasternodeCollateral(coin.Value) && !Before.Coins.ContainsKey(outPoint)
                && Find(outPoint.Txid) is { } tx && MasternodeCollateral.IsOwn(tx.Tx, (int)outPoint.Index)
                && Spenders(outPoint).Count == 0)
            {
                _locks.TryAdd(outPoint, true);
            }
        }
    }

    private void Derive(WalletTx tx, List<TxDerived> derived)
    {
        var own = new List<int>();
        for (var i = 0; i < tx.Tx.Outputs.Length; i++)
        {
            if (Before.IsMine(tx.Tx.Outputs[i].ScriptPubKey))
            {
                own.Add(i);
            }
        }

        var figures = new TxFigures(KnownDebitOf(tx.Tx).Debit, own.Count);
        var stored = _added.Contains(tx.Txid) ? null : state.History.Find(tx.Txid)?.Figures;
        if (stored is null || stored.Debit != figures.Debit || stored.OwnOutputs != figures.OwnOutputs)
        {
            derived.Add(new TxDerived(tx, figures, own));
        }
    }

    // Its outputs that are ours, and what it spends as long as another transaction may spend it instead.
    private void Watch(WalletTx tx)
    {
        for (var i = 0; i < tx.Tx.Outputs.Length; i++)
        {
            if (Before.IsMine(tx.Tx.Outputs[i].ScriptPubKey))
            {
                _watched.Add(new OutPoint(tx.Txid, (uint)i));
            }
        }

        if (tx.State.IsPending || tx.State.IsAbandoned)
        {
            _watched.UnionWith(tx.Tx.Inputs.Select(input => input.PreviousOutput));
        }
    }

    // Whether a transaction is in the mempool is not in the file.
    private static bool IsSameInFile(WalletTx before, WalletTx after) =>
        before.State is TxState.InMempool or TxState.Inactive { Abandoned: false }
        && after.State is TxState.InMempool or TxState.Inactive { Abandoned: false }
        && before with { State = after.State } == after;

    private void NoteReceiving(Script script)
    {
        if (Before.AddressOf(script) is { } address && FindAddress(address) is null or { IsChange: true })
        {
            Label(address, "", "receive");
        }
    }

    private void Recount(OutPoint outPoint, Dictionary<OutPoint, Coin?> coins)
    {
        if (coins.ContainsKey(outPoint))
        {
            return;
        }

        var now = CoinAt(outPoint);
        if (now != Before.Coins.Find(outPoint))
        {
            coins[outPoint] = now;
        }
    }

    private Coin? CoinAt(OutPoint outPoint)
    {
        foreach (var spender in Spenders(outPoint))
        {
            if (Find(spender) is { State.Spends: true })
            {
                return null;
            }
        }

        if (Find(outPoint.Txid) is not { } tx || !tx.State.Spends || outPoint.Index >= tx.Tx.Outputs.Length)
        {
            return null;
        }

        var output = tx.Tx.Outputs[(int)outPoint.Index];
        if (!Before.IsMine(output.ScriptPubKey))
        {
            return null;
        }

        var height = tx.State switch
        {
            TxState.Confirmed { Height: >= 0 } confirmed => confirmed.Height,
            TxState.Confirmed => Coin.UnknownHeight,
            _ => -1,
        };
        var fromMe = !tx.Tx.IsCoinBase && KnownDebitOf(tx.Tx).Debit > Amount.Zero;
        return new Coin(outPoint, output.Value, output.ScriptPubKey, height, tx.Tx.IsCoinBase, fromMe, tx.Time, tx.IsInstantLocked);
    }
}
