using System.Diagnostics.CodeAnalysis;

namespace Dash.Node.Net.Addresses;

/// <summary>
/// The two tables of addresses: those this node was connected to ("tried") and those it heard of ("new"), in buckets. An
/// address is in one place of tried, or in up to eight of new. Not for several threads.
/// </summary>
internal sealed class AddressTable(BucketHash hash, Random random)
{
    /// <summary>In how many buckets of new addresses one may be.</summary>
    public const int MostReferences = 8;

    /// <summary>An empty place.</summary>
    public const int Empty = -1;

    private readonly Dictionary<int, AddressEntry> _entries = [];
    private readonly Dictionary<NetEndpoint, AddressEntry> _byEndpoint = [];
    private readonly List<int> _random = [];
    private readonly int[,] _new = Blank(BucketHash.NewBuckets);
    private readonly int[,] _tried = Blank(BucketHash.TriedBuckets);
    private readonly Dictionary<NetworkKind, (int New, int Tried)> _counts = [];
    private int _nextId;

    /// <summary>Where addresses go.</summary>
    public BucketHash Hash => hash;

    /// <summary>Addresses that were only heard of.</summary>
    public int NewCount { get; private set; }

    /// <summary>Addresses this node was connected to.</summary>
    public int TriedCount { get; private set; }

    /// <summary>All addresses, by number.</summary>
    public IReadOnlyCollection<AddressEntry> Entries => _entries.Values;

    /// <summary>How many of a network there are.</summary>
    public (int New, int Tried) Count(NetworkKind network) => _counts.GetValueOrDefault(network);

    /// <summary>The entry of an address.</summary>
    public bool TryFind(NetEndpoint endpoint, [NotNullWhen(true)] out AddressEntry? entry) =>
        _byEndpoint.TryGetValue(endpoint, out entry);

    /// <summary>The entry of a number.</summary>
    public AddressEntry? Find(int id) => _entries.GetValueOrDefault(id);

    /// <summary>The number at a place, or <see cref="Empty"/>.</summary>
    public int At(bool isNew, int bucket, int position) => isNew ? _new[bucket, position] : _tried[bucket, position];

    /// <summary>The bucket and the place that an address has among the tried ones.</summary>
    public (int Bucket, int Position) TriedPlace(NetEndpoint endpoint)
    {
        var bucket = hash.TriedBucket(endpoint);
        return (bucket, hash.Position(endpoint, isNew: false, bucket));
    }

    /// <summary>The bucket and the place that an address has among the new ones when told by <paramref name="source"/>.</summary>
    public (int Bucket, int Position) NewPlace(NetEndpoint endpoint, NetAddress source)
    {
        var bucket = hash.NewBucket(endpoint, source);
        return (bucket, hash.Position(endpoint, isNew: true, bucket));
    }

    /// <summary>Makes an entry that is in no bucket yet; the caller puts it into one or removes it.</summary>
    public AddressEntry Create(NetEndpoint endpoint, NetAddress source)
    {
        AddressEntry entry = new(_nextId++, endpoint, source) { RandomPosition = _random.Count };
        _entries.Add(entry.Id, entry);
        _byEndpoint[endpoint] = entry;
        _random.Add(entry.Id);
        CountNew(entry, 1);
        return entry;
    }

    /// <summary>Removes an entry that is in no bucket.</summary>
    public void Remove(AddressEntry entry)
    {
        Swap(entry.RandomPosition, _random.Count - 1);
        _random.RemoveAt(_random.Count - 1);
        CountNew(entry, -1);
        if (_byEndpoint.TryGetValue(entry.Endpoint, out var known) && ReferenceEquals(known, entry))
        {
            _byEndpoint.Remove(entry.Endpoint);
        }

        _entries.Remove(entry.Id);
    }

    /// <summary>Puts an entry into an empty place of the new table.</summary>
    public void PlaceNew(AddressEntry entry, int bucket, int position)
    {
        _new[bucket, position] = entry.Id;
        entry.References++;
    }

    /// <summary>Empties a place of the new table; an entry that has no other is gone.</summary>
    public AddressEntry? ClearNew(int bucket, int position)
    {
        if (Find(_new[bucket, position]) is not { } entry)
        {
            return null;
        }

        _new[bucket, position] = Empty;
        if (--entry.References == 0)
        {
            Remove(entry);
        }

        return entry;
    }

    /// <summary>Puts an entry that was just created among the tried ones; false if the place is taken.</summary>
    public bool PlaceTried(AddressEntry entry)
    {
        var (bucket, position) = TriedPlace(entry.Endpoint);
        if (_tried[bucket, position] != Empty)
        {
            return false;
        }

        _tried[bucket, position] = entry.Id;
        entry.IsTried = true;
        CountNew(entry, -1);
        CountTried(entry, 1);
        return true;
    }

    /// <summary>
    /// Moves an entry from the new table to the tried one. Who was there goes back to the new one, in the place of whoever
    /// is there.
    /// </summary>
    /// <returns>Who had to go back.</returns>
    public AddressEntry? MoveToTried(AddressEntry entry)
    {
        var start = hash.NewBucket(entry.Endpoint, entry.Source);
        for (var i = 0; i < BucketHash.NewBuckets && entry.References > 0; i++)
        {
            var bucket = (start + i) % BucketHash.NewBuckets;
            var position = hash.Position(entry.Endpoint, isNew: true, bucket);
            if (_new[bucket, position] == entry.Id)
            {
                _new[bucket, position] = Empty;
                entry.References--;
            }
        }

        var (triedBucket, triedPosition) = TriedPlace(entry.Endpoint);
        var evicted = Find(_tried[triedBucket, triedPosition]);
        if (evicted is not null)
        {
            _tried[triedBucket, triedPosition] = Empty;
            evicted.IsTried = false;
            CountTried(evicted, -1);
            var (bucket, position) = NewPlace(evicted.Endpoint, evicted.Source);
            ClearNew(bucket, position);
            PlaceNew(evicted, bucket, position);
            CountNew(evicted, 1);
        }

        PlaceTried(entry);
        return evicted;
    }

    /// <summary>All entries once, in an order that is drawn as it is read.</summary>
    public IEnumerable<AddressEntry> InRandomOrder()
    {
        for (var i = 0; i < _random.Count; i++)
        {
            Swap(i, random.Next(i, _random.Count));
            yield return _entries[_random[i]];
        }
    }

    /// <summary>What is wrong with the tables, if anything: every count and place is recounted.</summary>
    public string? FindFault()
    {
        if (_random.Count != NewCount + TriedCount || _entries.Count != _random.Count)
        {
            return "the number of addresses is not that of the tables";
        }

        if (hash.Key.IsZero)
        {
            return "the buckets have no secret";
        }

        Dictionary<int, int> references = [];
        HashSet<int> tried = [];
        foreach (var entry in _entries.Values)
        {
            if (FaultOf(entry) is { } fault)
            {
                return fault;
            }
        }

        for (var bucket = 0; bucket < BucketHash.NewBuckets; bucket++)
        {
            for (var position = 0; position < BucketHash.BucketSize; position++)
            {
                var id = _new[bucket, position];
                if (id != Empty)
                {
                    references[id] = references.GetValueOrDefault(id) + 1;
                    if (Find(id) is not { } entry || hash.Position(entry.Endpoint, isNew: true, bucket) != position)
                    {
                        return "a new address is in the wrong place";
                    }
                }

                if (bucket < BucketHash.TriedBuckets && _tried[bucket, position] is var triedId && triedId != Empty)
                {
                    tried.Add(triedId);
                    if (Find(triedId) is not { } entry || TriedPlace(entry.Endpoint) != (bucket, position))
                    {
                        return "a tried address is in the wrong place";
                    }
                }
            }
        }

        return tried.Count != TriedCount || references.Count != NewCount
                || _entries.Values.Any(e => e.References != references.GetValueOrDefault(e.Id) || e.IsTried != tried.Contains(e.Id))
            ? "an address is not where it is said to be"
            : null;
    }

    private string? FaultOf(AddressEntry entry) =>
        entry.IsTried && entry.LastSuccess == 0 ? "a tried address never answered"
        : entry.IsTried && entry.References != 0 ? "a tried address is among the new ones"
        : !entry.IsTried && entry.References is < 1 or > MostReferences ? "a new address is in too few or too many buckets"
        : entry.LastTry < 0 || entry.LastSuccess < 0 ? "a time is negative"
        : !_byEndpoint.TryGetValue(entry.Endpoint, out var known) || !ReferenceEquals(known, entry) ? "an address is there twice"
        : _random.ElementAtOrDefault(entry.RandomPosition) != entry.Id ? "an address can't be drawn"
        : null;

    private static int[,] Blank(int buckets)
    {
        var table = new int[buckets, BucketHash.BucketSize];
        System.Runtime.InteropServices.MemoryMarshal.CreateSpan(ref table[0, 0], table.Length).Fill(Empty);
        return table;
    }

    private void Swap(int first, int second)
    {
        (_random[first], _random[second]) = (_random[second], _random[first]);
        _entries[_random[first]].RandomPosition = first;
        _entries[_random[second]].RandomPosition = second;
    }

    private void CountNew(AddressEntry entry, int change)
    {
        NewCount += change;
        var network = entry.Endpoint.Address.Network;
        var (@new, tried) = _counts.GetValueOrDefault(network);
        _counts[network] = (@new + change, tried);
    }

    private void CountTried(AddressEntry entry, int change)
    {
        TriedCount += change;
        var network = entry.Endpoint.Address.Network;
        var (@new, tried) = _counts.GetValueOrDefault(network);
        _counts[network] = (@new, tried + change);
    }
}
