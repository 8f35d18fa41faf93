using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Wallets;

/// <summary>What may be another in a wallet than it was, for lists that are kept.</summary>
internal sealed class WalletChanges
{
    /// <summary>Coins that came, went or changed, or were set aside or freed; each as it was before, null where it was none.</summary>
    public Dictionary<OutPoint, Coin?> Coins { get; } = [];

    /// <summary>Transactions that are new or whose record or figures changed.</summary>
    public HashSet<Txid> Transactions { get; } = [];

    /// <summary>Addresses about which something else is noted.</summary>
    public HashSet<AddressKey> Addresses { get; } = [];

    /// <summary>Scripts that are watched now and were not, by their hashes in the script index.</summary>
    public HashSet<ulong> Scripts { get; } = [];

    /// <summary>There are new transactions.</summary>
    public bool HasNew { get; set; }

    /// <summary>Anything may be another.</summary>
    public bool IsEverything { get; set; }
}

/// <summary>
/// The latest changes of a wallet, so that a list that is kept need not be made anew as a whole. Noted only while somebody wants to
/// know; so many at most. Any thread.
/// </summary>
internal sealed class RecentChanges
{
    // What a list looks up one by one; of more it is made anew as fast.
    private const int Most = 20_000;

    private readonly Lock _gate = new(); // protects all below
    private readonly Queue<Noted> _noted = [];
    private ulong _from;
    private ulong _last;
    private int _items;
    private bool _isWanted;

    /// <summary>Begins to note, unless it does already. Whoever looks at the wallet after this call misses nothing from there on.</summary>
    public void Want()
    {
        lock (_gate)
        {
            if (!_isWanted)
            {
                _isWanted = true;
                _from = _last;
            }
        }
    }

    /// <summary>Nobody wants to know any more.</summary>
    public void Forget()
    {
        lock (_gate)
        {
            _isWanted = false;
            _noted.Clear();
            _items = 0;
        }
    }

    /// <summary>Notes a change that is stored and not yet published. The writer's.</summary>
    /// <param name="before">The state before it.</param>
    /// <param name="changes">The change.</param>
    /// <param name="after">The state after it.</param>
    /// <param name="scripts">Scripts watched since, by their hashes.</param>
    public void Note(WalletSnapshot before, ChangeSet changes, WalletSnapshot after, IReadOnlyList<ulong> scripts)
    {
        lock (_gate)
        {
            _last = after.Sequence;
            if (!_isWanted)
            {
                return;
            }

            var noted = new Noted(before, changes, after.Sequence, scripts);
            _items += noted.Items;
            _noted.Enqueue(noted);
            while (_items > Most)
            {
                var oldest = _noted.Dequeue();
                _items -= oldest.Items;
                _from = oldest.Sequence;
            }
        }
    }

    /// <summary>All that changed after one state up to another.</summary>
    /// <returns>Null if that is not known any more.</returns>
    public WalletChanges? Between(ulong after, ulong upTo)
    {
        lock (_gate)
        {
            if (!_isWanted || after < _from)
            {
                return null;
            }

            WalletChanges all = new();
            foreach (var noted in _noted)
            {
                if (noted.Sequence > after && noted.Sequence <= upTo)
                {
                    noted.AddTo(all);
                }
            }

            return all;
        }
    }

    /// <summary>One change, without what lists do not ask for.</summary>
    private sealed class Noted
    {
        private readonly (OutPoint OutPoint, Coin? Before)[] _coins;
        private readonly Txid[] _transactions;
        private readonly AddressKey[] _addresses;
        private readonly IReadOnlyList<ulong> _scripts;
        private readonly bool _hasNew;
        private readonly bool _isEverything;

        public Noted(WalletSnapshot before, ChangeSet changes, ulong sequence, IReadOnlyList<ulong> scripts)
        {
            Sequence = sequence;
            _scripts = scripts;
            _hasNew = changes.Added.Count > 0;
            _coins = [.. changes.Coins.Select(static change => change.Key).Concat(changes.Locks.Select(static change => change.Key))
                .Select(outPoint => (outPoint, before.Coins.Find(outPoint)))];
            _transactions = [.. changes.Transactions.Select(static tx => tx.Txid), .. changes.Derived.Select(static derived => derived.Txid)];
            _addresses = [.. changes.Addresses.Select(change => AddressKey.Of(change.Key, before.Chain.Prefixes)).OfType<AddressKey>()];
            _isEverything = changes.Removed.Count > 0 || changes.Flags is not null || changes.UnknownBlocks is not null
                || !before.UnknownBlocks.IsEmpty || changes.Keychains.Any(change => change.Key >= before.Keychains.Length);
        }

        public ulong Sequence { get; }

        public int Items => 1 + _coins.Length + _transactions.Length + _addresses.Length + _scripts.Count;

        public void AddTo(WalletChanges all)
        {
            foreach (var (outPoint, before) in _coins)
            {
                all.Coins.TryAdd(outPoint, before);
            }

            all.Transactions.UnionWith(_transactions);
            all.Addresses.UnionWith(_addresses);
            all.Scripts.UnionWith(_scripts);
            all.HasNew |= _hasNew;
            all.IsEverything |= _isEverything;
        }
    }
}
