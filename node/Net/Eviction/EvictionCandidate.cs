using Dash.Node.Net.Addresses;

namespace Dash.Node.Net.Eviction;

/// <summary>What counts when one of those that connected has to go.</summary>
internal sealed record EvictionCandidate
{
    /// <summary>The peer.</summary>
    public required long Id { get; init; }

    /// <summary>When it connected, Unix seconds.</summary>
    public long ConnectedAt { get; init; }

    /// <summary>Its shortest ping in µs; the greatest number before the first.</summary>
    public long MinimumPingUs { get; init; } = long.MaxValue;

    /// <summary>When it last sent a new block.</summary>
    public long LastBlock { get; init; }

    /// <summary>When it last sent a transaction that was accepted.</summary>
    public long LastTransaction { get; init; }

    /// <summary>Whether it offers what we would look for.</summary>
    public bool HasServices { get; init; }

    /// <summary>Whether it takes transactions.</summary>
    public bool RelaysTransactions { get; init; }

    /// <summary>Whether it set a bloom filter.</summary>
    public bool HasBloomFilter { get; init; }

    /// <summary>Its group of addresses, hashed so that nobody can tell which is favoured.</summary>
    public ulong KeyedGroup { get; init; }

    /// <summary>Whether it misbehaved before.</summary>
    public bool PrefersEviction { get; init; }

    /// <summary>Whether it is on this machine.</summary>
    public bool IsLocal { get; init; }

    /// <summary>The network through which it is connected.</summary>
    public NetworkKind Network { get; init; }

    /// <summary>Whether it is under the user's protection.</summary>
    public bool IsProtected { get; init; }
}
