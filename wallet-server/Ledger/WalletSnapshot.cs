using System.Collections.Immutable;
using Dash.Primitives.Addresses;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.WalletServer.Keys;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// All that is true of a wallet at one moment, immutable: it grows with coins, not with history. Readers take it by one
/// volatile read and never wait.
/// </summary>
internal sealed record WalletSnapshot
{
    /// <summary>So many of the latest jobs are kept.</summary>
    public const int JobsKept = 50;

    private UnconfirmedSums? _unconfirmed; // of the state before, where that was copied with other coins

    /// <summary>The wallet's name; empty for the unnamed one.</summary>
    public required string Name { get; init; }

    /// <summary>The network.</summary>
    public required ChainParams Chain { get; init; }

    /// <summary>What the options say.</summary>
    public required WalletSettings Settings { get; init; }

    /// <summary>Rises with every published change.</summary>
    public ulong Sequence { get; init; }

    /// <summary>The <see cref="Sequence"/> that the file holds; behind it when only the tip moved.</summary>
    public ulong StoredSequence { get; init; }

    /// <summary>The tip that the file holds.</summary>
    public BlockPoint StoredTip { get; init; } = BlockPoint.None;

    /// <summary>The height from which blocks were taken back, as the file holds it; 0 while none are.</summary>
    public int StoredReorganisedFrom { get; init; }

    /// <summary>The flags record.</summary>
    public WalletFlags Flags { get; init; }

    /// <summary>The <c>minversion</c> record, shown as walletversion.</summary>
    public int Version { get; init; }

    /// <summary>Blocks passed, newest last.</summary>
    public ChainTrail Trail { get; init; } = ChainTrail.Empty;

    /// <summary>The time in the tip's header; 0 when unknown.</summary>
    public long TipTime { get; init; }

    /// <summary>Blocks up to this height have a ChainLock; -1 when none is known.</summary>
    public int ChainLockHeight { get; init; } = -1;

    /// <summary>Coins nothing alive spends, confirmed or not.</summary>
    public SnapshotMap<OutPoint, Coin> Coins { get; init; } = SnapshotMap<OutPoint, Coin>.Empty;

    /// <summary>Transactions outside the chain that may still get in.</summary>
    public SnapshotMap<Txid, PendingTx> Pending { get; init; } = SnapshotMap<Txid, PendingTx>.Empty;

    /// <summary>Transactions given up: a block may contradict them all the same, or hold them after all.</summary>
    public ImmutableDictionary<Txid, Transaction> GivenUp { get; init; } = ImmutableDictionary<Txid, Transaction>.Empty;

    /// <summary>Sum of the coins in blocks, immature ones included; kept, not recounted.</summary>
    public Amount ConfirmedSum { get; init; }

    /// <summary>Sums of the transactions outside the chain; counted when first asked for, then kept.</summary>
    public UnconfirmedSums Unconfirmed
    {
        get
        {
            if (KnownUnconfirmed is { } known)
            {
                return known;
            }

            var sums = UnconfirmedSums.Of(this);
            Volatile.Write(ref _unconfirmed, sums);
            return sums;
        }
    }

    private UnconfirmedSums? KnownUnconfirmed => Volatile.Read(ref _unconfirmed) is { } sums && sums.AreOf(this) ? sums : null;

    /// <summary>Coinbase coins that were not mature when last looked at: the only ones whose maturity the tip can change.</summary>
    public ImmutableDictionary<OutPoint, Coin> YoungCoinbases { get; init; } = ImmutableDictionary<OutPoint, Coin>.Empty;

    /// <summary>The coins whose amount is a denomination of CoinJoin.</summary>
    public ImmutableDictionary<OutPoint, Coin> DenominatedCoins { get; init; } = ImmutableDictionary<OutPoint, Coin>.Empty;

    /// <summary>The coins whose amount is that of a masternode's collateral.</summary>
    public ImmutableHashSet<OutPoint> CollateralCoins { get; init; } = [];

    /// <summary>How many transactions the wallet has.</summary>
    public long TxCount { get; init; }

    /// <summary>The latest long pieces of work, oldest first.</summary>
    public ImmutableArray<WalletJob> Jobs { get; init; } = [];

    /// <summary>How far somebody has followed the event log, by name: the last line done.</summary>
    public ImmutableDictionary<string, long> Followed { get; init; } = ImmutableDictionary.Create<string, long>(StringComparer.Ordinal);

    /// <summary>The number of the next line of the event log; the first is 1.</summary>
    public long NextEvent { get; init; } = 1;

    /// <summary>The next rank in the order of arrival.</summary>
    public long NextPosition { get; init; }

    /// <summary>Coins the user set aside; true when the file says so too.</summary>
    public ImmutableDictionary<OutPoint, bool> LockedCoins { get; init; } = ImmutableDictionary<OutPoint, bool>.Empty;

    /// <summary>Labels and purposes.</summary>
    public AddressBook AddressBook { get; init; } = AddressBook.Empty;

    /// <summary>The descriptors. A keychain's place in it never changes.</summary>
    public ImmutableArray<Keychain> Keychains { get; init; } = [];

    /// <summary>Place of the keychain that receives; -1 if none.</summary>
    public int ActiveExternal { get; init; } = -1;

    /// <summary>Place of the keychain that takes change; -1 if none.</summary>
    public int ActiveInternal { get; init; } = -1;

    /// <summary>Script to keychain and index; shared by all snapshots.</summary>
    public required ScriptIndex Scripts { get; init; }

    /// <summary>
    /// Another number whenever this state has other scripts than the one before. <see cref="Scripts"/> may have more than are in
    /// <see cref="Keychains"/>: those of a change that is not stored yet.
    /// </summary>
    public int ScriptsVersion { get; init; }

    /// <summary>The secrets, for descriptors that cannot be widened without; null where nothing is to be widened.</summary>
    public KeyRing? Secrets { get; init; }

    /// <summary>The wallet's own randomness in deciding which CoinJoin round is a coin's last.</summary>
    public Uint256 CoinJoinSalt { get; init; }

    /// <summary>Secrets are stored encrypted.</summary>
    public bool IsEncrypted { get; init; }

    /// <summary>
    /// How many changes of master keys were stored since it was loaded. The ring has at least these, so what is planned with its master
    /// keys still fits as long as this number is the same.
    /// </summary>
    public int MasterKeyChanges { get; init; }

    /// <summary>Blocks named in the file whose height no header has told yet; empty once attached to a node.</summary>
    public ImmutableHashSet<BlockHash> UnknownBlocks { get; init; } = [];

    /// <summary>The newest block the wallet has processed.</summary>
    public BlockPoint Tip => Trail.Tip;

    /// <summary>For the node's findFork.</summary>
    public BlockLocator Locator => Trail.ToLocator();

    /// <summary>Nothing before this time concerns the wallet, seconds since 1970; long.MaxValue without keychains.</summary>
    public long BirthTime => Keychains.IsEmpty ? long.MaxValue : Keychains.Min(keychain => keychain.CreationTime);

    /// <summary>No secret may be stored.</summary>
    public bool IsWatchOnly => Flags.HasFlag(WalletFlags.DisablePrivateKeys);

    /// <summary>What a block is searched for from now on; the scripts are those of this moment, not of the snapshot.</summary>
    public Watched Watched => new(Coins, Pending, GivenUp, Scripts.Version);

    /// <summary>In a block with a ChainLock.</summary>
    public bool IsChainLocked(WalletTx tx) => tx.State is TxState.Confirmed { Height: >= 0 } confirmed && confirmed.Height <= ChainLockHeight;

    /// <summary>Locked by InstantSend and not yet under a ChainLock.</summary>
    public bool IsInstantLocked(WalletTx tx) => tx.IsInstantLocked && !IsChainLocked(tx);

    /// <summary>Is the script one of ours?</summary>
    public bool IsMine(Script script) => Scripts.TryFind(script.Span, out _);

    /// <summary>
    /// The keychain and index of a script of ours. Of several keychains the one with the least id speaks for it: that is the one Core's map of
    /// them has first (CWallet::GetSolvingProvider).
    /// </summary>
    public (Keychain Keychain, int Index)? FindKey(Script script)
    {
        if (!Scripts.TryFind(script.Span, out var place))
        {
            return null;
        }

        if (Scripts.OthersOf(script.Span) is { IsEmpty: false })
        {
            return OwnersOf(script) is [var first, ..] ? first : null;
        }

        return place.Keychain < Keychains.Length ? (Keychains[place.Keychain], place.Index) : null;
    }

    /// <summary>All keychains that have a script, and its index there, in the order of their ids. None of a stranger's.</summary>
    public IReadOnlyList<(Keychain Keychain, int Index)> OwnersOf(Script script)
    {
        if (!Scripts.TryFind(script.Span, out var place))
        {
            return [];
        }

        // The index may know of keychains that are not stored yet.
        IEnumerable<ScriptPlace> places = Scripts.OthersOf(script.Span).Prepend(place).Where(owner => owner.Keychain < Keychains.Length);
        return
        [
            .. places.Select(owner => (Keychain: Keychains[owner.Keychain], owner.Index))
                .OrderBy(static owner => owner.Keychain.Id.ToArray(), Comparer<byte[]>.Create(static (left, right) => left.AsSpan().SequenceCompareTo(right))),
        ];
    }

    /// <summary>The address a script pays, as text; null when it has none.</summary>
    public string? AddressOf(Script script) =>
        AddressCodec.Encode(Destination.FromScript(script), Chain.Prefixes) is { Length: > 0 } address ? address : null;

    /// <summary>Ours, and nobody was given its address: change.</summary>
    public bool IsChange(Script script) =>
        IsMine(script) && AddressBook.FindNamed(script) is null;

    /// <summary>Money on this script has been spent from before (kept only while reuse is avoided).</summary>
    public bool IsUsed(Script script) =>
        AddressBook.Find(script) is { IsUsed: true };

    /// <summary>The snapshot after a change. Pure.</summary>
    public WalletSnapshot Apply(ChangeSet changes)
    {
        var trail = changes.Trail ?? Trail;
        var tipHeight = trail.Tip.Height;
        var confirmed = ConfirmedSum;
        var young = YoungCoinbases;
        var denominated = DenominatedCoins;
        var collaterals = CollateralCoins;
        foreach (var (outPoint, coin) in changes.Coins)
        {
            denominated = coin is not null && Denominations.Contains(coin.Value)
                ? denominated.SetItem(outPoint, coin)
                : denominated.Remove(outPoint);
            collaterals = coin is not null && Denominations.IsMasternodeCollateral(coin.Value)
                ? collaterals.Add(outPoint)
                : collaterals.Remove(outPoint);
            if (Coins.Find(outPoint) is { IsConfirmed: true } before)
            {
                confirmed -= before.Value;
                young = young.Remove(outPoint);
            }

            if (coin is { IsConfirmed: true })
            {
                confirmed += coin.Value;
                young = coin.IsImmatureAt(tipHeight) ? young.SetItem(outPoint, coin) : young;
            }
        }

        var coins = Coins.With(changes.Coins);
        if (tipHeight < Tip.Height)
        {
            // Going back can make mature coins immature again: rare enough to look at all of them.
            young = coins.Values.Where(coin => coin.IsConfirmed && coin.IsImmatureAt(tipHeight))
                .ToImmutableDictionary(coin => coin.OutPoint);
        }
        else if (tipHeight > Tip.Height && !young.IsEmpty)
        {
            young = young.RemoveRange(young.Values.Where(coin => !coin.IsImmatureAt(tipHeight)).Select(coin => coin.OutPoint));
        }

        var keychains = Keychains;
        if (changes.Keychains.Count > 0)
        {
            var builder = keychains.ToBuilder();
            foreach (var (place, keychain) in changes.Keychains)
            {
                if (place == builder.Count)
                {
                    builder.Add(keychain);
                }
                else
                {
                    builder[place] = keychain;
                }
            }

            keychains = builder.ToImmutable();
        }

        var locked = LockedCoins;
        foreach (var (outPoint, persistent) in changes.Locks)
        {
            locked = persistent is { } kept ? locked.SetItem(outPoint, kept) : locked.Remove(outPoint);
        }

        var givenUp = GivenUp;
        foreach (var (txid, tx) in changes.GivenUp)
        {
            givenUp = tx is null ? givenUp.Remove(txid) : givenUp.SetItem(txid, tx);
        }

        var after = this with
        {
            GivenUp = givenUp,
            Trail = trail,
            TipTime = changes.TipTime ?? TipTime,
            ChainLockHeight = changes.ChainLockHeight ?? ChainLockHeight,
            Coins = coins,
            Pending = Pending.With(changes.Pending),
            ConfirmedSum = confirmed,
            YoungCoinbases = young,
            DenominatedCoins = denominated,
            CollateralCoins = collaterals,
            TxCount = TxCount + changes.Added.Count - changes.Removed.Count,
            NextPosition = changes.NextPosition ?? NextPosition,
            LockedCoins = locked,
            AddressBook = changes.Addresses.Count > 0 ? AddressBook.With(changes.Addresses) : AddressBook,
            Keychains = keychains,
            ActiveExternal = changes.ActiveExternal ?? ActiveExternal,
            ActiveInternal = changes.ActiveInternal ?? ActiveInternal,
            Flags = changes.Flags ?? Flags,
            Version = changes.Version ?? Version,
            IsEncrypted = IsEncrypted || changes.Encrypts,
            MasterKeyChanges = MasterKeyChanges + changes.Secrets.Count(static change => change is SecretChange.Encrypted or SecretChange.Renewed),
            UnknownBlocks = changes.UnknownBlocks ?? UnknownBlocks,
            Followed = changes.Followed is var (name, line) ? Followed.SetItem(name, line) : Followed,
            Jobs = changes.Job is { } job ? [.. Jobs.Where(other => other.Id != job.Id).Append(job with { Answer = null, Timestamps = null }).OrderBy(other => other.Id).TakeLast(JobsKept)] : Jobs,
        };
        after._unconfirmed = KnownUnconfirmed?.After(changes, after);
        return after;
    }
}
