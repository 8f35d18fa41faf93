using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Transactions;

/// <summary>
/// BIP37: a set of byte strings that never says no wrongly and yes only now and then, by which light clients tell a node
/// what interests them. Not for several threads at a time.
/// </summary>
public sealed class BloomFilter
{
    /// <summary>Bytes a filter may have.</summary>
    public const int MaxSize = 36_000;

    /// <summary>Hash functions a filter may have.</summary>
    public const int MaxHashFunctions = 50;

    private const double LnOfTwo = 0.6931471805599453094172321214581765680755001343602552;
    private const double LnOfTwoSquared = 0.4804530139182014246671025263266649717305529515945455;

    // Sets the hash functions far apart.
    private const uint SeedStep = 0xfba4c795;
    private const byte UpdateMask = 3;

    private readonly byte[] _bits;
    private readonly byte _flags;

    private BloomFilter(byte[] bits, uint hashFunctions, uint tweak, byte flags)
    {
        _bits = bits;
        _flags = flags;
        HashFunctions = hashFunctions;
        Tweak = tweak;
    }

    /// <summary>An empty filter for so many elements at a rate of wrong answers, as far as the limits let it.</summary>
    /// <param name="elements">How many will be added, 1 or more.</param>
    /// <param name="falsePositiveRate">Between 0 and 1.</param>
    /// <param name="tweak">A random number, so that filters differ.</param>
    /// <param name="update">What it learns.</param>
    public BloomFilter(int elements, double falsePositiveRate, uint tweak, BloomUpdate update)
    {
        ArgumentOutOfRangeException.ThrowIfNegativeOrZero(elements);
        var bits = Math.Min(
            (uint)Math.Min(-1 / LnOfTwoSquared * elements * Math.Log(falsePositiveRate), uint.MaxValue), MaxSize * 8u);
        _bits = new byte[bits / 8];
        HashFunctions = Math.Min((uint)(_bits.Length * 8 / elements * LnOfTwo), MaxHashFunctions);
        Tweak = tweak;
        _flags = (byte)update;
    }

    /// <summary>How many bits an element sets.</summary>
    public uint HashFunctions { get; }

    /// <summary>Added to the seed of the hashes.</summary>
    public uint Tweak { get; }

    /// <summary>What it learns.</summary>
    public BloomUpdate Update => (BloomUpdate)(_flags & UpdateMask);

    /// <summary>Whether it has no bits, and so matches everything.</summary>
    public bool IsEmpty => _bits.Length == 0;

    /// <summary>Whether it keeps the limits; one that was read may not.</summary>
    public bool IsWithinLimits => _bits.Length <= MaxSize && HashFunctions <= MaxHashFunctions;

    /// <summary>Reads a filter that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out BloomFilter? filter)
    {
        try
        {
            var reader = new SpanReader(bytes);
            filter = Read(ref reader);
            reader.ExpectEnd();
            return true;
        }
        catch (EncodingException)
        {
            filter = null;
            return false;
        }
    }

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static BloomFilter Read(ref SpanReader reader) =>
        new(reader.ReadVarBytes().ToArray(), reader.ReadUInt32(), reader.ReadUInt32(), reader.ReadByte());

    /// <summary>Writes it.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteVarBytes(_bits);
        writer.WriteUInt32(HashFunctions);
        writer.WriteUInt32(Tweak);
        writer.WriteByte(_flags);
    }

    /// <summary>Adds an element.</summary>
    public void Add(ReadOnlySpan<byte> element)
    {
        for (uint i = 0; i < HashFunctions && !IsEmpty; i++)
        {
            var bit = BitOf(i, element);
            _bits[bit >> 3] |= (byte)(1 << (int)(bit & 7));
        }
    }

    /// <summary>Adds an outpoint.</summary>
    public void Add(OutPoint outPoint) => Add(BytesOf(outPoint));

    /// <summary>Whether an element may have been added; false is certain.</summary>
    public bool Contains(ReadOnlySpan<byte> element)
    {
        for (uint i = 0; i < HashFunctions && !IsEmpty; i++)
        {
            var bit = BitOf(i, element);
            if ((_bits[bit >> 3] & (1 << (int)(bit & 7))) == 0)
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>Whether an outpoint may have been added; false is certain.</summary>
    public bool Contains(OutPoint outPoint) => Contains(BytesOf(outPoint));

    private static ReadOnlySpan<byte> BytesOf(OutPoint outPoint)
    {
        var writer = new ByteWriter(OutPoint.Size);
        outPoint.Write(writer);
        return writer.WrittenSpan;
    }

    private uint BitOf(uint function, ReadOnlySpan<byte> element) =>
        MurmurHash3.Hash(unchecked((function * SeedStep) + Tweak), element) % (uint)(_bits.Length * 8);
}
