using System.Security.Cryptography;
using Dash.Common.Time;
using Dash.Primitives.Hashing;
using Microsoft.Extensions.Logging;

namespace Dash.Node.Net.Addresses;

/// <summary>
/// The addresses of other nodes, which of them answered, and which to try next. Buckets keyed by a secret limit how much
/// a few liars can fill. Safe from any thread: one lock, held for microseconds, never over I/O.
/// </summary>
internal sealed class AddressManager
{
    private const long RecentlyOnline = 24 * 60 * 60;
    private const long UpdateInterval = 60 * 60;
    private const long ConnectedUpdateInterval = 20 * 60;
    private const long ReplacementAge = 4 * 60 * 60;
    private const long TestWindow = 40 * 60;
    private const int MostCollisions = 10;

    private readonly Lock _gate = new(); // protects all fields below
    private readonly AddressTable _table;
    private readonly Clock _clock;
    private readonly ILogger _log;
    private readonly Random _random;
    private readonly int _checkRatio;
    private readonly SortedSet<int> _collisions = [];
    private long _lastGood = 1; // so that "never" is before it

    /// <summary>Over tables that were read or are new.</summary>
    public AddressManager(AddressTable table, Clock clock, ILogger log, Random random, int checkRatio)
    {
        _table = table;
        _clock = clock;
        _log = log;
        _random = random;
        _checkRatio = checkRatio;
    }

    /// <summary>The groups into which addresses are put.</summary>
    public NetGroups Groups => _table.Hash.Groups;

    private long Now => _clock.UnixSeconds;

    /// <summary>Empty tables with a fresh secret.</summary>
    public static AddressTable CreateTable(NetGroups groups, Random random)
    {
        Span<byte> secret = stackalloc byte[Uint256.Size];
        RandomNumberGenerator.Fill(secret);
        return new AddressTable(new BucketHash(new Uint256(secret), groups), random);
    }

    /// <summary>How many addresses there are, of one network if given, of one of the tables if given.</summary>
    public int Count(NetworkKind? network = null, bool? isNew = null)
    {
        lock (_gate)
        {
            var (fresh, tried) = network is { } kind ? _table.Count(kind) : (_table.NewCount, _table.TriedCount);
            return isNew switch { true => fresh, false => tried, _ => fresh + tried };
        }
    }

    /// <summary>Hears of addresses.</summary>
    /// <param name="peers">What was told.</param>
    /// <param name="source">Who told it.</param>
    /// <param name="penaltySeconds">By how much older the addresses are taken to be than was told.</param>
    /// <returns>Whether any of it was new.</returns>
    public bool Add(IReadOnlyCollection<PeerAddress> peers, NetAddress source, long penaltySeconds = 0)
    {
        lock (_gate)
        {
            var added = 0;
            foreach (var peer in peers)
            {
                added += AddOne(peer, source, penaltySeconds) ? 1 : 0;
            }

            if (added > 0)
            {
                Log.AddressesAdded(_log, added, peers.Count, source, _table.TriedCount, _table.NewCount);
            }

            Check();
            return added > 0;
        }
    }

    /// <summary>An address answered: it goes among the tried ones, if its place there is free.</summary>
    /// <returns>Whether it was moved.</returns>
    public bool Good(NetEndpoint endpoint)
    {
        lock (_gate)
        {
            var moved = MarkGood(endpoint, testsBeforeEviction: true);
            Check();
            return moved;
        }
    }

    /// <summary>An address is being tried.</summary>
    public void Attempt(NetEndpoint endpoint, bool countsFailure)
    {
        lock (_gate)
        {
            if (_table.TryFind(endpoint, out var entry))
            {
                entry.LastTry = Now;
                if (countsFailure && entry.LastCountedAttempt < _lastGood)
                {
                    entry.LastCountedAttempt = Now;
                    entry.Attempts++;
                }
            }
        }
    }

    /// <summary>A connection to an address ended after it had been of use.</summary>
    public void Connected(NetEndpoint endpoint)
    {
        lock (_gate)
        {
            if (_table.TryFind(endpoint, out var entry) && Now - entry.Time > ConnectedUpdateInterval)
            {
                entry.Time = Now;
            }
        }
    }

    /// <summary>A peer said what it offers.</summary>
    public void SetServices(NetEndpoint endpoint, ulong services)
    {
        lock (_gate)
        {
            if (_table.TryFind(endpoint, out var entry))
            {
                entry.Services = services;
            }
        }
    }

    /// <summary>Draws an address to connect to; null if there is none.</summary>
    /// <param name="onlyNew">Only one that was never tried with success.</param>
    /// <param name="network">Only of that network.</param>
    /// <returns>The address and when it was tried last (0 for never).</returns>
    public (PeerAddress Peer, long LastTry)? Select(bool onlyNew = false, NetworkKind? network = null)
    {
        lock (_gate)
        {
            var (fresh, tried) = network is { } kind ? _table.Count(kind) : (_table.NewCount, _table.TriedCount);
            tried = onlyNew ? 0 : tried;
            if (fresh + tried == 0)
            {
                return null;
            }

            var isNew = tried == 0 || (fresh != 0 && _random.Next(2) == 0);
            var buckets = isNew ? BucketHash.NewBuckets : BucketHash.TriedBuckets;
            for (var factor = 1.0; ; )
            {
                if (FirstFrom(isNew, _random.Next(buckets), _random.Next(BucketHash.BucketSize), network) is not { } entry)
                {
                    continue; // an empty bucket; another one is not
                }

                if (_random.NextDouble() < factor * entry.Chance(Now))
                {
                    Log.AddressSelected(_log, entry.Endpoint, isNew ? "new" : "tried");
                    return (entry.Peer, entry.LastTry);
                }

                factor *= 1.2;
            }
        }
    }

    /// <summary>Random addresses worth telling others.</summary>
    /// <param name="most">At most so many; 0 for no limit.</param>
    /// <param name="percent">At most that part of all; 0 for no limit.</param>
    /// <param name="network">Only of that network.</param>
    public List<PeerAddress> GetAddresses(int most, int percent, NetworkKind? network = null)
    {
        lock (_gate)
        {
            var all = _table.NewCount + _table.TriedCount;
            var limit = percent > 0 ? (int)((long)percent * all / 100) : all;
            limit = most > 0 ? Math.Min(limit, most) : limit;
            var now = Now;
            Check();
            return
            [
                .. _table.InRandomOrder()
                    .Where(e => (network is null || e.Endpoint.Address.Class == network) && !e.IsTerrible(now))
                    .Take(limit)
                    .Select(e => e.Peer),
            ];
        }
    }

    /// <summary>Decides between addresses that want the same place among the tried ones, once the older one was tested.</summary>
    public void ResolveCollisions()
    {
        lock (_gate)
        {
            foreach (var id in _collisions.ToArray())
            {
                if (_table.Find(id) is not { } candidate || Settles(candidate))
                {
                    _collisions.Remove(id);
                }
            }

            Check();
        }
    }

    /// <summary>An address among the tried ones whose place another wants: to be tested by connecting to it.</summary>
    public (PeerAddress Peer, long LastTry)? SelectTriedCollision()
    {
        lock (_gate)
        {
            if (_collisions.Count == 0)
            {
                return null;
            }

            var id = _collisions.ElementAt(_random.Next(_collisions.Count));
            if (_table.Find(id) is not { } candidate)
            {
                _collisions.Remove(id);
                return null;
            }

            var (bucket, position) = _table.TriedPlace(candidate.Endpoint);
            return _table.Find(_table.At(isNew: false, bucket, position)) is { } old ? (old.Peer, old.LastTry) : null;
        }
    }

    /// <summary>Runs over the tables, for writing them to a file.</summary>
    public void Read(Action<AddressTable> read)
    {
        lock (_gate)
        {
            read(_table);
        }
    }

    private bool AddOne(in PeerAddress peer, NetAddress source, long penaltySeconds)
    {
        if (!peer.Endpoint.Address.IsRoutable)
        {
            return false;
        }

        // Who speaks of itself knows when it was online.
        var penalty = peer.Endpoint.Address == source ? 0 : penaltySeconds;
        var isKnown = _table.TryFind(peer.Endpoint, out var entry);
        if (!isKnown)
        {
            entry = _table.Create(peer.Endpoint, source);
            entry.Services = peer.Services;
            entry.Time = Math.Max(0, peer.Time - penalty);
        }
        else if (!IsNews(entry!, peer, penalty))
        {
            return false;
        }

        var known = entry!; // found or created
        var (bucket, position) = _table.NewPlace(known.Endpoint, source);
        var there = _table.Find(_table.At(isNew: true, bucket, position));
        if (ReferenceEquals(there, known))
        {
            return false;
        }

        if (there is not null && !there.IsTerrible(Now) && !(there.References > 1 && known.References == 0))
        {
            if (known.References == 0)
            {
                _table.Remove(known);
            }

            return false;
        }

        _table.ClearNew(bucket, position);
        _table.PlaceNew(known, bucket, position);
        var system = Groups.MappedAs(peer.Endpoint.Address);
        Log.AddressPlaced(_log, peer.Endpoint, system, bucket, position);
        return true;
    }

    // Updates what is known; tells whether the address may get one more place.
    private bool IsNews(AddressEntry entry, in PeerAddress peer, long penalty)
    {
        var interval = Now - peer.Time < RecentlyOnline ? UpdateInterval : RecentlyOnline;
        if (entry.Time < peer.Time - interval - penalty)
        {
            entry.Time = Math.Max(0, peer.Time - penalty);
        }

        entry.Services |= peer.Services;
        if (peer.Time <= entry.Time || entry.IsTried || entry.References == AddressTable.MostReferences)
        {
            return false;
        }

        // Each further place is twice as hard to get.
        return entry.References == 0 || _random.Next(1 << entry.References) == 0;
    }

    private bool MarkGood(NetEndpoint endpoint, bool testsBeforeEviction)
    {
        _lastGood = Now;
        if (!_table.TryFind(endpoint, out var entry))
        {
            return false;
        }

        entry.LastSuccess = Now;
        entry.LastTry = Now;
        entry.Attempts = 0;
        if (entry.IsTried || entry.References == 0)
        {
            return false;
        }

        var (bucket, position) = _table.TriedPlace(endpoint);
        if (testsBeforeEviction && _table.Find(_table.At(isNew: false, bucket, position)) is { } there)
        {
            if (_collisions.Count < MostCollisions)
            {
                _collisions.Add(entry.Id);
            }

            Log.AddressCollision(_log, there.Endpoint, endpoint, _collisions.Count);
            return false;
        }

        if (_table.MoveToTried(entry) is { } evicted)
        {
            Log.AddressEvicted(_log, evicted.Endpoint);
        }

        var system = Groups.MappedAs(endpoint.Address);
        Log.AddressTried(_log, endpoint, system, bucket, position);
        return true;
    }

    // Whether the question is settled, one way or the other.
    private bool Settles(AddressEntry candidate)
    {
        var (bucket, position) = _table.TriedPlace(candidate.Endpoint);
        if (!candidate.Endpoint.Address.IsValid)
        {
            return true;
        }

        if (_table.Find(_table.At(isNew: false, bucket, position)) is { } old)
        {
            if (Now - old.LastSuccess < ReplacementAge)
            {
                return true; // the old one works
            }

            if (Now - old.LastTry < ReplacementAge)
            {
                if (Now - old.LastTry <= 60)
                {
                    return false; // it still has time to answer
                }

                Log.AddressReplaced(_log, old.Endpoint, candidate.Endpoint);
            }
            else if (Now - candidate.LastSuccess <= TestWindow)
            {
                return false;
            }
        }

        MarkGood(candidate.Endpoint, testsBeforeEviction: false);
        return true;
    }

    private AddressEntry? FirstFrom(bool isNew, int bucket, int start, NetworkKind? network)
    {
        for (var i = 0; i < BucketHash.BucketSize; i++)
        {
            var id = _table.At(isNew, bucket, (start + i) % BucketHash.BucketSize);
            if (_table.Find(id) is { } entry && (network is null || entry.Endpoint.Address.Network == network))
            {
                return entry;
            }
        }

        return null;
    }

    private void Check()
    {
        if (_checkRatio > 0 && _random.Next(_checkRatio) == 0)
        {
            CheckNow();
        }
    }

    private void CheckNow()
    {
        Log.CheckStarted(_log, _table.NewCount, _table.TriedCount, _table.NewCount + _table.TriedCount);
        var start = _clock.GetTimestamp();
        if (_table.FindFault() is { } fault)
        {
            throw new InvalidOperationException("The tables of addresses contradict themselves: " + fault);
        }

        var ms = _clock.GetElapsedTime(start).TotalMilliseconds;
        Log.CheckDone(_log, ms);
    }
}
