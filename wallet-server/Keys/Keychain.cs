using System.Collections.Immutable;
using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;

namespace Dash.WalletServer.Keys;

/// <summary>
/// One descriptor of a wallet: which scripts it stands for, how many were given out and how far ahead it looks. All but
/// <see cref="NextIndex"/> and <see cref="RangeEnd"/> is fixed. Immutable.
/// </summary>
internal sealed record Keychain
{
    private readonly RecentExpansions _recent = new();

    private Keychain(Uint256 id, string text, Descriptor descriptor, DescriptorCache cache)
    {
        Id = id;
        Text = text;
        Descriptor = descriptor;
        Cache = cache;
        IsRanged = descriptor.IsRange;
    }

    /// <summary>What the file calls it by: SHA-256 of the text.</summary>
    public Uint256 Id { get; }

    /// <summary>The descriptor with public keys and checksum, as stored.</summary>
    public string Text { get; }

    /// <summary>The descriptor.</summary>
    public Descriptor Descriptor { get; }

    /// <summary>Extended keys past its hardened steps.</summary>
    public DescriptorCache Cache { get; init; }

    /// <summary>Birth, seconds since 1970: nothing before concerns it.</summary>
    public long CreationTime { get; init; }

    /// <summary>The first index not given out yet.</summary>
    public int NextIndex { get; init; }

    /// <summary>The first index watched.</summary>
    public int RangeStart { get; init; }

    /// <summary>One past the last index watched.</summary>
    public int RangeEnd { get; init; }

    /// <summary>It stands for a script per index.</summary>
    public bool IsRanged { get; }

    /// <summary>It says how its scripts are spent, given the keys.</summary>
    public bool IsSolvable => Descriptor.IsSolvable;

    /// <summary>Its one key is an uncompressed one, as only a descriptor with that key itself has it.</summary>
    public bool HasLongKey =>
        !IsRanged && Text.Length > 2 * PublicKey.UncompressedSize && Expand(0) is { Keys: [{ Key.IsCompressed: false }] };

    /// <summary>Indexes watched and not given out.</summary>
    public int KeysLeft => RangeEnd - NextIndex;

    /// <summary>The cached keys as the file's records.</summary>
    public IEnumerable<CachedXpub> CacheItems =>
    [
        .. Cache.Parents.Select(item => new CachedXpub(item.Key, null, false, Bytes(item.Value))),
        .. Cache.Derived.Select(item => new CachedXpub(item.Key.Expression, item.Key.Index, false, Bytes(item.Value))),
        .. Cache.LastHardened.Select(item => new CachedXpub(item.Key, null, true, Bytes(item.Value))),
    ];

    /// <summary>A keychain as its records say.</summary>
    /// <exception cref="WalletException">The text or a cached key cannot be understood.</exception>
    public static Keychain Load(
        Uint256 id, string text, ChainParams chain, IEnumerable<CachedXpub> cached, long creationTime, int next, int start, int end)
    {
        using var keys = new DescriptorKeys();
        if (!Descriptor.TryParse(text, chain.Prefixes, requireChecksum: true, keys, out var descriptor, out var error))
        {
            throw new WalletException(WalletError.Wallet, "Invalid descriptor: " + error);
        }

        var cache = DescriptorCache.Empty;
        foreach (var item in cached)
        {
            if (!ExtendedPublicKey.TryRead(item.Bytes.Span, out var key))
            {
                throw new WalletException(WalletError.Wallet, "Invalid extended key in the descriptor cache");
            }

            cache = item.IsLastHardened ? cache.WithLastHardened(item.Expression, key)
                : item.Index is { } index ? cache.WithDerived(item.Expression, index, key)
                : cache.WithParent(item.Expression, key);
        }

        return new Keychain(id, text, descriptor, cache)
        {
            CreationTime = creationTime,
            NextIndex = next,
            RangeStart = start,
            RangeEnd = end,
        };
    }

    /// <summary>A new keychain that has given out nothing and watches nothing yet.</summary>
    /// <param name="descriptor">What it stands for.</param>
    /// <param name="keys">The private keys its hardened steps need; null where there are none.</param>
    /// <param name="creationTime">Birth, seconds since 1970.</param>
    /// <exception cref="WalletException">Private keys are missing for its hardened steps.</exception>
    public static Keychain Create(Descriptor descriptor, IPrivateKeySource? keys, long creationTime)
    {
        if (!descriptor.TryExpand(0, keys, out var first))
        {
            throw new WalletException(
                WalletError.Wallet,
                "Cannot expand descriptor. Probably because of hardened derivations without private keys provided");
        }

        return new Keychain(descriptor.Id, descriptor.ToString(), descriptor, first.Cache) { CreationTime = creationTime };
    }

    /// <summary>
    /// Watching so many scripts past the next one to give out; null when a secret would be needed that the ring lacks or
    /// keeps locked. A chain whose last step is hardened needs one for every script.
    /// </summary>
    public Keychain? ToppedUp(int ahead, KeyRing? ring)
    {
        var end = IsRanged ? Math.Max(NextIndex + ahead, RangeEnd) : 1;
        if (end <= RangeEnd || (Cache.Derived.IsEmpty && Expand(end - 1) is not null))
        {
            return this with { RangeEnd = Math.Max(end, RangeEnd) };
        }

        using var source = ring is null || ring.IsLockedForMixing ? null : new RingSource(ring, Id);
        return Learn(RangeEnd, end, source) is { } cache ? this with { RangeEnd = end, Cache = cache } : null;
    }

    /// <summary>The same chain over other indexes; null when a private key is missing for some of them.</summary>
    public Keychain? WithRange(int start, int end, int next, long creationTime, IPrivateKeySource keys) =>
        Learn(start, end, keys) is { } cache
            ? this with { RangeStart = start, RangeEnd = end, NextIndex = next, CreationTime = creationTime, Cache = cache }
            : null;

    /// <summary>Works out what an index stands for, if that takes no secret, so that who asks for it soon has not to. Any thread.</summary>
    public void Foresee(int index) => _ = Expand(index);

    /// <summary>The scripts of an index: one, or several for <c>combo</c>.</summary>
    public ImmutableArray<Script> ScriptsAt(int index) => Require(index).Scripts;

    /// <summary>The (first) script of an index.</summary>
    public Script ScriptAt(int index) => Require(index).Scripts[0];

    /// <summary>The script behind the script hash of an index, if its script is one.</summary>
    public Script? RedeemScriptAt(int index) =>
        Descriptor.Kind is DescriptorKind.Sh or DescriptorKind.Combo && Require(index).RedeemScripts is [var redeem, ..]
            ? redeem
            : null;

    /// <summary>The scripts behind script hashes of an index.</summary>
    public ImmutableArray<Script> RedeemScriptsAt(int index) => Require(index).RedeemScripts;

    /// <summary>The public keys of an index and where they come from.</summary>
    public ImmutableArray<DerivedKey> KeysAt(int index) => Require(index).Keys;

    /// <summary>
    /// The same for a script of the index by the public key that was stored for it, which saves the derivation; derived where none
    /// was or it is not this script's.
    /// </summary>
    public ImmutableArray<DerivedKey> KeysAt(int index, Script script, PublicKey? stored) =>
        stored is not null && Descriptor.ExpandKnown(index, stored) is { } known && known.Scripts.Contains(script) ? known.Keys : KeysAt(index);

    /// <summary>The private key of an index with this id, if the ring has what it derives from. The caller disposes it.</summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public PrivateKey? PrivateKeyAt(int index, Hash160 keyId, KeyRing ring)
    {
        using var source = new RingSource(ring, Id);
        PrivateKey? found = null;
        foreach (var key in Descriptor.DerivePrivateKeys(index, source))
        {
            if (found is null && key.PublicKey.Id == keyId)
            {
                found = key;
            }
            else
            {
                key.Dispose();
            }
        }

        return found;
    }

    /// <summary>The private keys of an index, as far as the ring has what they derive from. The caller disposes them.</summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public IReadOnlyList<PrivateKey> PrivateKeysAt(int index, KeyRing ring)
    {
        using var source = new RingSource(ring, Id);
        return Descriptor.DerivePrivateKeys(index, source);
    }

    /// <summary>The descriptor with its private keys, as <c>listdescriptors true</c> shows it.</summary>
    /// <exception cref="WalletException">The wallet is locked, or has no secret for it.</exception>
    public string ToPrivateText(KeyRing ring)
    {
        using var source = new RingSource(ring, Id);
        return Descriptor.TryToPrivate(source, out var text)
            ? text
            : throw new WalletException(WalletError.Wallet, "Can't get descriptor string.");
    }

    /// <summary>The descriptor from its last hardened key on, with that key's origin, as <c>listdescriptors</c> shows it.</summary>
    /// <exception cref="WalletException">The cache lacks a key.</exception>
    public string ToPublicText() => Descriptor.TryToNormalized(null, Cache, out var text)
        ? text
        : throw new WalletException(WalletError.Wallet, "Can't get descriptor string.");

    /// <summary>Its scripts take part in CoinJoin; told by the path alone.</summary>
    public bool IsCoinJoin(ChainParams chain) =>
        Text.Contains(string.Create(System.Globalization.CultureInfo.InvariantCulture, $"/9'/{chain.Bip44CoinType}'/4'/0'"), StringComparison.Ordinal);

    private static byte[] Bytes(ExtendedPublicKey key)
    {
        var bytes = new byte[ExtendedPublicKey.Size];
        key.CopyTo(bytes);
        return bytes;
    }

    // What it takes to expand each index without secrets, known or learned now.
    private DescriptorCache? Learn(int from, int to, IPrivateKeySource? keys)
    {
        var cache = Cache;
        if (cache.Derived.IsEmpty && to > from && Descriptor.TryExpandFromCache(from, cache, out _))
        {
            return cache;
        }

        for (var index = from; index < to; index++)
        {
            if (Descriptor.TryExpandFromCache(index, cache, out _))
            {
                continue;
            }

            if (!Descriptor.TryExpand(index, keys, out var expansion))
            {
                return null;
            }

            cache = cache.Merge(expansion.Cache, out _);
        }

        return cache;
    }

    private DescriptorExpansion? Expand(int index)
    {
        if (_recent.Find(index) is { } known)
        {
            return known;
        }

        if (!Descriptor.TryExpandFromCache(index, Cache, out var expansion))
        {
            return null;
        }

        if (IsRanged)
        {
            _recent.Put(index, expansion);
        }

        return expansion;
    }

    private DescriptorExpansion Require(int index) => Expand(index)
        ?? throw new WalletException(WalletError.Wallet, "Error: Unable to expand wallet descriptor from cache");

    // The descriptors ask by key id; the ring gives copies, which live as long as the question.
    private sealed class RingSource(KeyRing ring, Uint256 descriptor) : IPrivateKeySource, IDisposable
    {
        private readonly Dictionary<Hash160, PrivateKey> _keys = [];

        public bool TryGet(Hash160 keyId, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PrivateKey? key)
        {
            if (!_keys.TryGetValue(keyId, out key) && (key = ring.Find(descriptor, keyId)) is not null)
            {
                _keys.Add(keyId, key);
            }

            return key is not null;
        }

        public void Dispose()
        {
            foreach (var key in _keys.Values)
            {
                key.Dispose();
            }
        }
    }
}
