using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>
/// Signatures gathered to be verified together, on several threads when there are enough of them: keys and signatures
/// are parsed there, too. Adding belongs to one thread; the bytes are copied.
/// </summary>
public sealed class SignatureBatch
{
    // Starting threads takes about as long as verifying a few signatures of some 50 µs each.
    private const int SmallestShare = 16;

    private readonly List<Item> _items = [];

    /// <summary>Signatures so far.</summary>
    public int Count => _items.Count;

    /// <summary>Adds a signature in DER without hash type byte, read loosely, by a serialized public key.</summary>
    public void Add(ReadOnlySpan<byte> publicKey, Uint256 hash, ReadOnlySpan<byte> derSignature) =>
        _items.Add(new Item([.. publicKey, .. derSignature], publicKey.Length, hash));

    /// <summary>Forgets all signatures.</summary>
    public void Clear() => _items.Clear();

    /// <summary>Whether all signatures are good.</summary>
    /// <param name="maxThreads">How many may be used, this one among them.</param>
    /// <param name="firstBad">The place of the first that is not, or -1.</param>
    /// <param name="ct">Gives up.</param>
    public bool Verify(int maxThreads, out int firstBad, CancellationToken ct)
    {
        var threads = Math.Clamp(_items.Count / SmallestShare, 1, Math.Max(maxThreads, 1));
        firstBad = threads == 1 ? FindBad(ct) : FindBad(threads, ct);
        return firstBad < 0;
    }

    private int FindBad(CancellationToken ct)
    {
        for (var i = 0; i < _items.Count; i++)
        {
            ct.ThrowIfCancellationRequested();
            if (!_items[i].IsGood())
            {
                return i;
            }
        }

        return -1;
    }

    private int FindBad(int threads, CancellationToken ct)
    {
        var options = new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = ct };
        var result = Parallel.For(0, _items.Count, options, (i, state) =>
        {
            if (!_items[i].IsGood())
            {
                // Those before it are still looked at, so that the first is found.
                state.Break();
            }
        });
        return (int)(result.LowestBreakIteration ?? -1);
    }

    private readonly record struct Item(byte[] Bytes, int KeyLength, Uint256 Hash)
    {
        public bool IsGood() =>
            PublicKey.TryParse(Bytes.AsSpan(..KeyLength), out var key) && key.Verify(Hash, Bytes.AsSpan(KeyLength..));
    }
}
