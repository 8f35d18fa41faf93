using System.Security.Cryptography;
using System.Text;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;

namespace Dash.WalletServer.Keys;

/// <summary>The words a descriptor's key came from; empty where none were kept.</summary>
internal sealed record SecretWords(string Mnemonic, string Passphrase)
{
    /// <summary>No words.</summary>
    public static SecretWords None { get; } = new("", "");

    /// <inheritdoc/>
    public override string ToString() => "***";
}

/// <summary>
/// The secrets of a wallet, plain or encrypted, by descriptor. While an encrypted wallet is unlocked the key that opens
/// them is held in pinned memory, for as long as the longest of its leases on the monotonic clock lasts. Any thread may use it.
/// </summary>
internal sealed class KeyRing(TimeProvider clock) : IDisposable
{
    private static readonly TimeSpan LongestTimer = TimeSpan.FromDays(20);

    private readonly Lock _gate = new(); // protects all below; nothing is awaited under it
    private readonly List<Entry> _entries = [];
    private readonly SortedDictionary<uint, MasterKey> _masterKeys = [];
    private readonly Leases _leases = new(clock);
    private byte[]? _opened;
    private ITimer? _relock;

    /// <summary>Secrets are encrypted.</summary>
    public bool IsEncrypted
    {
        get
        {
            lock (_gate)
            {
                return _masterKeys.Count > 0;
            }
        }
    }

    /// <summary>No secret can be used for spending now.</summary>
    public bool IsLocked
    {
        get
        {
            lock (_gate)
            {
                return IsShut() || (_masterKeys.Count > 0 && _leases.AreForMixingOnly);
            }
        }
    }

    /// <summary>No secret can be used, not even for mixing.</summary>
    public bool IsLockedForMixing
    {
        get
        {
            lock (_gate)
            {
                return IsShut();
            }
        }
    }

    /// <summary>Until when it is unlocked by the clock as it was at that moment, seconds since 1970; 0 when locked, null when not encrypted.</summary>
    public long? UnlockedUntil
    {
        get
        {
            lock (_gate)
            {
                return _masterKeys.Count == 0 ? null
                    : IsShut() ? 0
                    : _leases.End;
            }
        }
    }

    /// <summary>Number of master keys.</summary>
    public IReadOnlyCollection<KeyValuePair<uint, MasterKey>> MasterKeys
    {
        get
        {
            lock (_gate)
            {
                return [.. _masterKeys];
            }
        }
    }

    /// <summary>Does a descriptor have a secret here?</summary>
    public bool Has(Uint256 descriptor)
    {
        lock (_gate)
        {
            return _entries.Exists(entry => entry.Descriptor == descriptor);
        }
    }

    /// <summary>Does a descriptor have the secret of a public key here?</summary>
    public bool Has(Uint256 descriptor, Hash160 keyId)
    {
        lock (_gate)
        {
            return _entries.Exists(entry => entry.Descriptor == descriptor && entry.PublicKey.Id == keyId);
        }
    }

    /// <summary>Takes over what was stored, in its order. A secret that is there already stays as it is.</summary>
    public void Take(IEnumerable<SecretChange> changes)
    {
        lock (_gate)
        {
            foreach (var change in changes)
            {
                switch (change)
                {
                    case SecretChange.Added added when Has(added.Descriptor, added.Key.PublicKey.Id):
                        added.Dispose();
                        break;
                    case SecretChange.Added added:
                        Add(added.Descriptor, added.Key, added.Words);
                        break;
                    case SecretChange.AddedEncrypted added when !Has(added.Descriptor, added.PublicKey.Id):
                        Add(added.Descriptor, added.PublicKey, added.Secret);
                        break;
                    case SecretChange.Encrypted encrypted:
                        Adopt(encrypted.Plan);
                        break;
                    case SecretChange.Renewed renewed:
                        Add(renewed.Id, renewed.Key);
                        break;
                }
            }
        }
    }

    /// <summary>A secret in the clear; takes the key over.</summary>
    public void Add(Uint256 descriptor, PrivateKey key, SecretWords words)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(descriptor, key.PublicKey) { Key = key, Words = words });
        }
    }

    /// <summary>An encrypted secret.</summary>
    public void Add(Uint256 descriptor, PublicKey publicKey, EncryptedSecret secret)
    {
        lock (_gate)
        {
            _entries.Add(new Entry(descriptor, publicKey) { Encrypted = secret });
        }
    }

    /// <summary>A master key.</summary>
    public void Add(uint id, MasterKey key)
    {
        lock (_gate)
        {
            _masterKeys[id] = key;
        }
    }

    /// <summary>
    /// The private key of a descriptor whose public key has this id; null when there is none. The caller disposes it.
    /// </summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public PrivateKey? Find(Uint256 descriptor, Hash160 keyId)
    {
        lock (_gate)
        {
            var entry = _entries.Find(candidate => candidate.Descriptor == descriptor && candidate.PublicKey.Id == keyId);
            if (entry is null)
            {
                return null;
            }

            if (entry.Key is not null)
            {
                return entry.Key.Clone();
            }

            return Decrypt(Open(), entry);
        }
    }

    /// <summary>The words of a descriptor, if any were kept.</summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public SecretWords Words(Uint256 descriptor)
    {
        lock (_gate)
        {
            var entries = _entries.FindAll(entry => entry.Descriptor == descriptor);
            if (entries is not [var entry])
            {
                return SecretWords.None;
            }

            if (entry.Encrypted is not { } encrypted)
            {
                return entry.Words;
            }

            if (encrypted.Mnemonic.IsEmpty)
            {
                return SecretWords.None;
            }

            var key = Open();
            var iv = Iv(entry.PublicKey);
            return new SecretWords(Text(key, iv, encrypted.Mnemonic), Text(key, iv, encrypted.MnemonicPassphrase));
        }
    }

    /// <summary>Opens the secrets with the passphrase for some time (null: until locked again).</summary>
    /// <param name="passphrase">The passphrase.</param>
    /// <param name="lease">For how long.</param>
    /// <param name="forMixingOnly">Not for payments.</param>
    /// <param name="name">Whose lease it is, in the place of the one of that name; those of others stay.</param>
    /// <returns>False when the passphrase does not fit.</returns>
    public bool Unlock(string passphrase, TimeSpan? lease, bool forMixingOnly, string name = Leases.Unnamed)
    {
        // The derivation takes a tenth of a second on purpose; nobody waits for it under the lock.
        foreach (var (_, masterKey) in MasterKeys)
        {
            if (masterKey.TryOpen(passphrase) is not { } key)
            {
                continue;
            }

            lock (_gate)
            {
                if (!OpensAll(key))
                {
                    CryptographicOperations.ZeroMemory(key);
                    continue;
                }

                if (IsShut())
                {
                    _opened = GC.AllocateArray<byte>(key.Length, pinned: true);
                    key.CopyTo(_opened, 0);
                }

                CryptographicOperations.ZeroMemory(key);
                _leases.Set(name, lease, forMixingOnly);
                PlanRelock();
                return true;
            }
        }

        return false;
    }

    /// <summary>Forgets the key that opens the secrets, whoever holds a lease.</summary>
    public void Lock()
    {
        lock (_gate)
        {
            Shut();
        }
    }

    /// <summary>Ends one lease; the secrets stay open as long as another one lasts.</summary>
    public void Lock(string name)
    {
        lock (_gate)
        {
            _leases.Remove(name);
            IsShut();
        }
    }

    /// <summary>
    /// The same secrets, opened for whoever holds them and for nobody else: this ring stays as it is. Null when the passphrase does
    /// not fit; the caller disposes it.
    /// </summary>
    public KeyRing? OpenAside(string passphrase)
    {
        KeyRing aside = new(clock);
        lock (_gate)
        {
            foreach (var (id, masterKey) in _masterKeys)
            {
                aside._masterKeys[id] = masterKey;
            }

            aside._entries.AddRange(_entries.Where(static entry => entry.Encrypted is not null)
                .Select(static entry => new Entry(entry.Descriptor, entry.PublicKey) { Encrypted = entry.Encrypted }));
        }

        if (aside.Unlock(passphrase, lease: null, forMixingOnly: false))
        {
            return aside;
        }

        aside.Dispose();
        return null;
    }

    /// <summary>
    /// What encrypting all secrets under a passphrase gives: a master key and a replacement for each plain secret. Nothing
    /// changes here until <see cref="Adopt"/>, after the records are stored. Secrets that come meanwhile are in it after <see cref="Complete"/>.
    /// </summary>
    public EncryptionPlan PlanEncryption(string passphrase)
    {
        var key = GC.AllocateArray<byte>(MasterKey.KeySize, pinned: true);
        RandomNumberGenerator.Fill(key);
        var masterKey = MasterKey.Create(key, passphrase, clock);
        EncryptionPlan plan = new(key, masterKey);
        Complete(plan, []);
        return plan;
    }

    /// <summary>Takes into a plan what has come since it was made.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="coming">What is being stored, and not here yet.</param>
    public void Complete(EncryptionPlan plan, IEnumerable<SecretChange> coming)
    {
        lock (_gate)
        {
            foreach (var entry in _entries)
            {
                if (entry.Key is not null)
                {
                    plan.Include(entry.Descriptor, entry.Key, entry.Words);
                }
            }
        }

        foreach (var added in coming.OfType<SecretChange.Added>())
        {
            plan.Include(added.Descriptor, added.Key, added.Words);
        }
    }

    /// <summary>Makes a plan true. The wallet is locked afterwards.</summary>
    public void Adopt(EncryptionPlan plan)
    {
        lock (_gate)
        {
            var id = _masterKeys.Count == 0 ? 1 : _masterKeys.Keys.Max() + 1;
            _masterKeys[id] = plan.MasterKey;
            foreach (var (descriptor, publicKey, secret) in plan.Secrets)
            {
                var entry = _entries.Find(candidate => candidate.Descriptor == descriptor && candidate.PublicKey == publicKey);
                if (entry is not null)
                {
                    entry.Key?.Dispose();
                    entry.Key = null;
                    entry.Words = SecretWords.None;
                    entry.Encrypted = secret;
                }
            }

            Shut();
        }
    }

    /// <summary>Encrypts a new secret under the opened key; without words no encrypted words are kept either.</summary>
    /// <exception cref="WalletException">The wallet is locked.</exception>
    public EncryptedSecret Encrypt(PrivateKey key, SecretWords words)
    {
        lock (_gate)
        {
            var secret = Encrypt(Open(), key, words);
            return words.Mnemonic.Length > 0 ? secret : secret with { Mnemonic = default, MnemonicPassphrase = default };
        }
    }

    /// <summary>The master keys under another passphrase, for those the old one opens; empty when it does not fit.</summary>
    public IReadOnlyList<KeyValuePair<uint, MasterKey>> PlanNewPassphrase(string oldPassphrase, string newPassphrase)
    {
        foreach (var (id, masterKey) in MasterKeys)
        {
            if (masterKey.TryOpen(oldPassphrase) is { } key)
            {
                var renewed = MasterKey.Create(key, newPassphrase, clock);
                CryptographicOperations.ZeroMemory(key);
                return [new(id, renewed)];
            }
        }

        return [];
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        lock (_gate)
        {
            Shut();
            _relock?.Dispose();
            foreach (var entry in _entries)
            {
                entry.Key?.Dispose();
            }

            _entries.Clear();
        }
    }

    /// <summary>A secret and its words under a key.</summary>
    internal static EncryptedSecret Encrypt(ReadOnlySpan<byte> key, PrivateKey secret, SecretWords words)
    {
        var iv = Iv(secret.PublicKey);
        Span<byte> plain = stackalloc byte[PrivateKey.Size];
        secret.CopyTo(plain);
        var encrypted = MasterKey.EncryptSecret(key, plain, iv);
        CryptographicOperations.ZeroMemory(plain);
        return new EncryptedSecret(
            encrypted,
            MasterKey.EncryptSecret(key, Encoding.UTF8.GetBytes(words.Mnemonic), iv),
            MasterKey.EncryptSecret(key, Encoding.UTF8.GetBytes(words.Passphrase), iv));
    }

    private static PrivateKey? Decrypt(ReadOnlySpan<byte> key, Entry entry)
    {
        if (entry.Encrypted is not { } encrypted
            || MasterKey.TryDecrypt(key, Iv(entry.PublicKey), encrypted.Key.Span) is not { Length: PrivateKey.Size } secret)
        {
            return null;
        }

        try
        {
            if (PrivateKey.TryFromBytes(secret, entry.PublicKey.IsCompressed, out var found)
                && found.PublicKey == entry.PublicKey)
            {
                return found;
            }

            found?.Dispose();
            return null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(secret);
        }
    }

    private static string Text(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlyMemory<byte> encrypted) =>
        MasterKey.TryDecrypt(key, iv, encrypted.Span) is { } plain ? Encoding.UTF8.GetString(plain) : "";

    private static byte[] Iv(PublicKey key) => Hashes.Sha256d(key.Bytes).ToArray()[..16];

    private bool OpensAll(byte[] key)
    {
        foreach (var entry in _entries)
        {
            if (entry.Encrypted is null)
            {
                continue;
            }

            using var secret = Decrypt(key, entry);
            if (secret is null)
            {
                return false;
            }
        }

        return true;
    }

    private bool IsShut()
    {
        if (_opened is not null && !_leases.Last)
        {
            Shut();
        }

        return _masterKeys.Count > 0 && _opened is null;
    }

    // So that the key goes at its time, and not when somebody asks next.
    private void PlanRelock()
    {
        if (_leases.Left is { } left)
        {
            _relock ??= clock.CreateTimer(_ => Relock(), null, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
            _relock.Change(left < LongestTimer ? left : LongestTimer, Timeout.InfiniteTimeSpan);
        }
    }

    private void Relock()
    {
        lock (_gate)
        {
            if (!IsShut())
            {
                PlanRelock();
            }
        }
    }

    private byte[] Open() => !IsShut() && _opened is { } key ? key : throw WalletException.Locked();

    private void Shut()
    {
        if (_opened is not null)
        {
            CryptographicOperations.ZeroMemory(_opened);
            _opened = null;
        }

        _leases.Clear();
    }

    private sealed class Entry(Uint256 descriptor, PublicKey publicKey)
    {
        public Uint256 Descriptor { get; } = descriptor;

        public PublicKey PublicKey { get; } = publicKey;

        public PrivateKey? Key { get; set; }

        public SecretWords Words { get; set; } = SecretWords.None;

        public EncryptedSecret? Encrypted { get; set; }
    }
}
