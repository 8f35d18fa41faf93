using Dash.Primitives.Hashing;

namespace Dash.Node.Consensus;

/// <summary>
/// Remembers hashes of what passed a check, as many as fit into a fixed memory; older ones give way. Safe to use from
/// any thread.
/// </summary>
internal sealed class PassedSet
{
    // Places in which a hash may be, and locks over all of them: enough that threads rarely meet.
    private const int Ways = 4;
    private const int LockCount = 64;

    private readonly Uint256[] _slots;
    private readonly uint _buckets;
    private readonly Lock[] _gates; // each guards the buckets of its number modulo LockCount
    private uint _turn;
    private bool _isUsed;

    /// <summary>A set that takes about so many bytes.</summary>
    public PassedSet(long bytes)
    {
        _buckets = (uint)Math.Clamp(bytes / (Uint256.Size * Ways), 1, int.MaxValue / Ways);
        _slots = new Uint256[_buckets * Ways];
        _gates = [.. Enumerable.Range(0, LockCount).Select(static _ => new Lock())];
    }

    /// <summary>How many hashes fit.</summary>
    public int Capacity => _slots.Length;

    /// <summary>Whether nothing has been added yet, so that it need not be asked.</summary>
    public bool IsEmpty => !Volatile.Read(ref _isUsed);

    /// <summary>Whether the hash is remembered. Never true for one that was not added.</summary>
    public bool Contains(Uint256 hash)
    {
        var bucket = BucketOf(hash);
        lock (_gates[bucket % LockCount])
        {
            return SlotsOf(bucket).Contains(hash);
        }
    }

    /// <summary>Remembers a hash.</summary>
    public void Add(Uint256 hash)
    {
        var bucket = BucketOf(hash);
        lock (_gates[bucket % LockCount])
        {
            var slots = SlotsOf(bucket);
            if (slots.Contains(hash))
            {
                return;
            }

            var free = slots.IndexOf(Uint256.Zero);
            slots[free >= 0 ? free : (int)(Interlocked.Increment(ref _turn) % Ways)] = hash;
            Volatile.Write(ref _isUsed, true);
        }
    }

    private uint BucketOf(Uint256 hash) => (uint)hash.GetHashCode() % _buckets;

    private Span<Uint256> SlotsOf(uint bucket) => _slots.AsSpan((int)bucket * Ways, Ways);
}
