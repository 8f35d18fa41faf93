using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Storage;

/// <summary>
/// All records of a file but the transactions, read. Records of other kinds are counted and left alone; one that cannot
/// be read is reported, as far as Core lives with it.
/// </summary>
internal sealed class WalletRecords
{
    private readonly ChainParams _chain;
    private readonly KeyRing _keys;
    private readonly Dictionary<Uint256, List<CachedXpub>> _caches = [];
    private readonly Dictionary<Uint256, DescriptorValue> _descriptors = [];

    private WalletRecords(ChainParams chain, KeyRing keys)
    {
        _chain = chain;
        _keys = keys;
    }

    /// <summary>The <c>minversion</c> record; 0 if there is none.</summary>
    public int MinVersion { get; private set; }

    /// <summary>The <c>version</c> record: the program that opened the file last.</summary>
    public int? LastClient { get; private set; }

    /// <summary>The <c>flags</c> record; null in a file that was only just made.</summary>
    public WalletFlags? Flags { get; private set; }

    /// <summary>The next rank in the order of arrival.</summary>
    public long NextPosition { get; private set; }

    /// <summary>The sync point.</summary>
    public Primitives.Blocks.BlockLocator Locator { get; private set; } = Primitives.Blocks.BlockLocator.Empty;

    /// <summary>Notes on addresses.</summary>
    public Dictionary<string, AddressEntry> Addresses { get; } = new(StringComparer.Ordinal);

    /// <summary>Coins set aside.</summary>
    public List<OutPoint> LockedCoins { get; } = [];

    /// <summary>The descriptor that receives.</summary>
    public Uint256? ActiveExternal { get; private set; }

    /// <summary>The descriptor that takes change.</summary>
    public Uint256? ActiveInternal { get; private set; }

    /// <summary>The salt of CoinJoin rounds.</summary>
    public Uint256? CoinJoinSalt { get; private set; }

    /// <summary>Some record could not be read, none of those without which nothing goes.</summary>
    public bool HasErrors { get; private set; }

    /// <summary>A master key could not be read.</summary>
    public bool IsCorrupt { get; private set; }

    /// <summary>Reads them; secrets go into the ring.</summary>
    /// <param name="main">Core's table.</param>
    /// <param name="chain">The network.</param>
    /// <param name="keys">The ring.</param>
    /// <param name="withAddresses">Notes on addresses too; without them they are known from elsewhere.</param>
    /// <param name="watch">Counts them.</param>
    public static WalletRecords Read(MainTable main, ChainParams chain, KeyRing keys, bool withAddresses, LoadWatch watch)
    {
        var records = new WalletRecords(chain, keys);
        string[] others = withAddresses
            ? [RecordName.Transaction]
            : [RecordName.Transaction, RecordName.Name, RecordName.Purpose, RecordName.Destination];
        foreach (var (key, value) in watch.Count(main.ScanExcept([.. others.Select(CoreRecords.Key)])))
        {
            records.Read(key, value);
        }

        return records;
    }

    /// <summary>The notes on addresses alone.</summary>
    public static IReadOnlyDictionary<string, AddressEntry> ReadAddresses(MainTable main)
    {
        using var none = new KeyRing(TimeProvider.System);
        var records = new WalletRecords(ChainParams.Regtest, none);
        foreach (var name in (string[])[RecordName.Name, RecordName.Purpose, RecordName.Destination])
        {
            foreach (var (key, value) in main.Scan(CoreRecords.Key(name), isExcluded: false))
            {
                records.Read(key, value);
            }
        }

        return records.Addresses;
    }

    /// <summary>The keychains: the receiving one, the change one, then the rest by text.</summary>
    /// <exception cref="WalletException">A descriptor of the file cannot be understood.</exception>
    public List<Keychain> BuildKeychains()
    {
        var keychains = new List<Keychain>();
        var order = _descriptors
            .OrderBy(item => item.Key == ActiveExternal ? 0 : item.Key == ActiveInternal ? 1 : 2)
            .ThenBy(item => item.Value.Text, StringComparer.Ordinal);
        foreach (var (id, value) in order)
        {
            var cache = _caches.TryGetValue(id, out var items) ? items : [];
            keychains.Add(Keychain.Load(
                id, value.Text, _chain, cache, value.CreationTime, value.Next, value.Start, value.End));
        }

        return keychains;
    }

    private void Read(byte[] key, byte[] value)
    {
        var name = "";
        try
        {
            var keyReader = new SpanReader(key);
            var reader = new SpanReader(value);
            name = keyReader.ReadString();
            Read(name, ref keyReader, ref reader);
        }
        catch (EncodingException)
        {
            // Core looks at these without counting them among the records. A salt that cannot be read is made anew.
            HasErrors |= name is not (RecordName.MinVersion or RecordName.Version or RecordName.BestBlock or RecordName.BestBlockNoMerkle
                or RecordName.CoinJoinSalt);
            IsCorrupt |= name == RecordName.MasterKey;
        }
    }

    private void Read(string name, ref SpanReader key, ref SpanReader value)
    {
        switch (name)
        {
            case RecordName.MinVersion:
                MinVersion = value.ReadInt32();
                break;
            case RecordName.Version:
                LastClient = value.ReadInt32();
                break;
            case RecordName.Flags:
                Flags = (WalletFlags)value.ReadUInt64();
                break;
            case RecordName.OrderPosNext:
                NextPosition = value.ReadInt64();
                break;
            case RecordName.BestBlock or RecordName.BestBlockNoMerkle:
                if (Primitives.Blocks.BlockLocator.Read(ref value) is { IsEmpty: false } locator)
                {
                    Locator = locator;
                }

                break;
            case RecordName.CoinJoinSalt:
                CoinJoinSalt = value.ReadUint256();
                break;
            case RecordName.ActiveExternal:
                ActiveExternal = value.ReadUint256();
                break;
            case RecordName.ActiveInternal:
                ActiveInternal = value.ReadUint256();
                break;
            case RecordName.GovernanceObject:
                SkipProposal(ref key, ref value);
                break;
            case RecordName.LockedCoin:
                LockedCoins.Add(OutPoint.Read(ref key));
                break;
            case RecordName.MasterKey:
                _keys.Add(key.ReadUInt32(), ReadMasterKey(ref value));
                break;
            case RecordName.ObsoleteKey:
                throw new EncodingException("Found unsupported 'wkey' record, try loading with version 0.18");
            default:
                ReadAddress(name, ref key, ref value);
                ReadDescriptor(name, ref key, ref value);
                break;
        }
    }

    // A proposal that Dash Core waits to hand in: kept as it is, if it is one.
    private static void SkipProposal(ref SpanReader key, ref SpanReader value)
    {
        key.ReadUint256();
        value.ReadUint256(); // the parent
        value.ReadInt32();
        value.ReadInt64(); // the time
        value.ReadUint256(); // the collateral
        value.ReadVarBytes();
        value.ReadInt32();
        OutPoint.Read(ref value);
        value.ReadVarBytes(); // the signature
    }

    private void ReadAddress(string name, ref SpanReader key, ref SpanReader value)
    {
        if (name is not (RecordName.Name or RecordName.Purpose or RecordName.Destination))
        {
            return;
        }

        var address = key.ReadString();
        var entry = Addresses.GetValueOrDefault(address) ?? AddressEntry.Unknown;
        if (name != RecordName.Destination)
        {
            Addresses[address] = entry; // there even if the rest cannot be read
        }

        switch (name)
        {
            case RecordName.Name:
                Addresses[address] = entry with { Label = value.ReadString() };
                break;
            case RecordName.Purpose:
                Addresses[address] = entry with { Purpose = value.ReadString() };
                break;
            default:
                Addresses[address] = key.ReadString() == "used" ? entry with { IsUsed = true } : entry;
                break;
        }
    }

    private void ReadDescriptor(string name, ref SpanReader key, ref SpanReader value)
    {
        switch (name)
        {
            case RecordName.Descriptor:
                _descriptors[key.ReadUint256()] = new DescriptorValue(
                    value.ReadString(), (long)value.ReadUInt64(), value.ReadInt32(), value.ReadInt32(), value.ReadInt32());
                break;
            case RecordName.DescriptorCache or RecordName.DescriptorLastHardenedCache:
                var id = key.ReadUint256();
                var expression = key.ReadUInt32();
                uint? index = key.IsAtEnd ? null : key.ReadUInt32();
                if (!_caches.TryGetValue(id, out var items))
                {
                    _caches.Add(id, items = []);
                }

                items.Add(new CachedXpub(
                    expression, index, name == RecordName.DescriptorLastHardenedCache, value.ReadVarBytes().ToArray()));
                break;
            case RecordName.DescriptorKey:
                ReadSecret(ref key, ref value);
                break;
            case RecordName.DescriptorCryptedKey:
                var descriptor = key.ReadUint256();
                if (!PublicKey.TryParse(key.ReadVarBytes(), out var publicKey))
                {
                    throw new EncodingException("Error reading wallet database: CPubKey corrupt");
                }

                var secret = value.ReadVarBytes().ToArray();
                byte[] mnemonic = value.IsAtEnd ? [] : value.ReadVarBytes().ToArray();
                byte[] passphrase = value.IsAtEnd ? [] : value.ReadVarBytes().ToArray();
                _keys.Add(descriptor, publicKey, new EncryptedSecret(secret, mnemonic, passphrase));
                break;
        }
    }

    private void ReadSecret(ref SpanReader key, ref SpanReader value)
    {
        var descriptor = key.ReadUint256();
        var publicKeyBytes = key.ReadVarBytes();
        if (!PublicKey.TryParse(publicKeyBytes, out var publicKey))
        {
            throw new EncodingException("Error reading wallet database: CPubKey corrupt");
        }

        var der = value.ReadVarBytes();
        if (CoreRecords.SecretChecksum(publicKeyBytes, der) != value.ReadUint256())
        {
            throw new EncodingException("Error reading wallet database: CPubKey/CPrivKey corrupt");
        }

        if (!PrivateKey.TryFromDer(der, publicKey.IsCompressed, out var secret))
        {
            throw new EncodingException("Error reading wallet database: CPrivKey corrupt");
        }

        var mnemonic = value.IsAtEnd ? "" : value.ReadString();
        var passphrase = value.IsAtEnd ? "" : value.ReadString();
        _keys.Add(descriptor, secret, new SecretWords(mnemonic, passphrase));
    }

    private static MasterKey ReadMasterKey(ref SpanReader value)
    {
        var encrypted = value.ReadVarBytes().ToArray();
        var salt = value.ReadVarBytes().ToArray();
        var method = value.ReadUInt32();
        var iterations = value.ReadUInt32();
        return new MasterKey(encrypted, salt, method, iterations, value.ReadVarBytes().ToArray());
    }

    private sealed record DescriptorValue(string Text, long CreationTime, int Next, int Start, int End);
}
