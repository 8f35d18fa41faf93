using System.Collections.Immutable;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// What a decision changes, as facts. It is stored and applied to the snapshot the same way whoever decided; values are
/// the new ones, null means gone.
/// </summary>
internal sealed record ChangeSet
{
    /// <summary>Nothing changes.</summary>
    public static ChangeSet Nothing { get; } = new();

    /// <summary>Transactions that are new or whose record changed.</summary>
    public IReadOnlyList<WalletTx> Transactions { get; init; } = [];

    /// <summary>Which of <see cref="Transactions"/> the wallet did not have.</summary>
    public IReadOnlySet<Txid> Added { get; init; } = ImmutableHashSet<Txid>.Empty;

    /// <summary>Figures to be stored beside transactions: of all that are new, and of others where they changed.</summary>
    public IReadOnlyList<TxDerived> Derived { get; init; } = [];

    /// <summary>Transactions taken out of the wallet.</summary>
    public IReadOnlyList<WalletTx> Removed { get; init; } = [];

    /// <summary>Transactions that only entered or left the mempool: known in memory, not in the file.</summary>
    public IReadOnlyList<Txid> Refreshed { get; init; } = [];

    /// <summary>Coins that came, changed or went.</summary>
    public IReadOnlyCollection<KeyValuePair<OutPoint, Coin?>> Coins { get; init; } = [];

    /// <summary>Pending transactions that came, changed or went.</summary>
    public IReadOnlyCollection<KeyValuePair<Txid, PendingTx?>> Pending { get; init; } = [];

    /// <summary>Transactions that were given up; null for those that no longer are.</summary>
    public IReadOnlyCollection<KeyValuePair<Txid, Transaction?>> GivenUp { get; init; } = [];

    /// <summary>Coins set aside (true: also in the file) or freed (null).</summary>
    public IReadOnlyCollection<KeyValuePair<OutPoint, bool?>> Locks { get; init; } = [];

    /// <summary>Notes on addresses.</summary>
    public IReadOnlyCollection<KeyValuePair<string, AddressEntry>> Addresses { get; init; } = [];

    /// <summary>Keychains by place; a place one past the end adds one.</summary>
    public IReadOnlyCollection<KeyValuePair<int, Keychain>> Keychains { get; init; } = [];

    /// <summary>The keychain that receives from now on.</summary>
    public int? ActiveExternal { get; init; }

    /// <summary>The keychain that takes change from now on.</summary>
    public int? ActiveInternal { get; init; }

    /// <summary>The chain position moved.</summary>
    public ChainTrail? Trail { get; init; }

    /// <summary>The time in the new tip's header.</summary>
    public long? TipTime { get; init; }

    /// <summary>Blocks up to this height have a ChainLock. Asked again at the next start, so nothing that must be stored.</summary>
    public int? ChainLockHeight { get; init; }

    /// <summary>Transactions of late blocks that the ChainLock holds, which is news.</summary>
    public IReadOnlyList<WalletTx> ChainLocked { get; init; } = [];

    /// <summary>New transactions of which coins were set aside because they are so small, which is news.</summary>
    public IReadOnlyList<WalletTx> Quarantined { get; init; } = [];

    /// <summary>Headers of blocks that hold transactions of ours: facts for ever.</summary>
    public IReadOnlyCollection<HeaderFacts> Headers { get; init; } = [];

    /// <summary>The next rank in the order of arrival.</summary>
    public long? NextPosition { get; init; }

    /// <summary>New flags.</summary>
    public WalletFlags? Flags { get; init; }

    /// <summary>New minimum version.</summary>
    public int? Version { get; init; }

    /// <summary>From now on secrets are stored encrypted.</summary>
    public bool Encrypts { get; init; }

    /// <summary>Blocks whose height is still to be told.</summary>
    public ImmutableHashSet<BlockHash>? UnknownBlocks { get; init; }

    /// <summary>A long piece of work that began, is further or has ended.</summary>
    public WalletJob? Job { get; init; }

    /// <summary>A caller's request that this change fulfils, so that it is never fulfilled again.</summary>
    public SpendRequest? Request { get; init; }

    /// <summary>Somebody has followed the event log up to this line, under this name.</summary>
    public (string Name, long Sequence)? Followed { get; init; }

    /// <summary>Records of the file as bytes (keys, master keys): value null deletes.</summary>
    public IReadOnlyCollection<KeyValuePair<byte[], byte[]?>> Records { get; init; } = [];

    /// <summary>What becomes of the secrets in memory when <see cref="Records"/> are stored.</summary>
    public IReadOnlyList<SecretChange> Secrets { get; init; } = [];

    /// <summary>
    /// Nothing that must be stored: the chain position moved (being behind is safe) or the mempool's content did.
    /// </summary>
    public bool IsOnlyProgress => Transactions.Count == 0 && Derived.Count == 0 && Removed.Count == 0 && Coins.Count == 0
        && Locks.All(change => change.Value == false) && Addresses.Count == 0 && Keychains.Count == 0 && Headers.Count == 0 && Records.Count == 0
        && ActiveExternal is null && ActiveInternal is null && NextPosition is null && ChainLocked.Count == 0 && Flags is null
        && Version is null && UnknownBlocks is null && !Encrypts && Request is null && Job is null && Followed is null;

    /// <summary>Nothing at all changes.</summary>
    public bool IsEmpty =>
        IsOnlyProgress && ChainLockHeight is null && Trail is null && TipTime is null && Pending.Count == 0 && Refreshed.Count == 0 && Locks.Count == 0;
}
