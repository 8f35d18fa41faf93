using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Evo;

/// <summary>
/// BIP158's basic filter of a block: tells a light client, with one false alarm in 784,931, whether scripts of its own
/// are in the block. Dash adds what payloads name (<see cref="PayloadElements"/>). Immutable.
/// </summary>
public sealed class BlockFilter
{
    /// <summary>Number of the basic filter on the wire.</summary>
    public const byte BasicType = 0;

    /// <summary>Name of the basic filter in RPC.</summary>
    public const string BasicName = "basic";

    private const int RemainderBits = 19;
    private const ulong FalsePositiveRate = 784_931;

    private readonly byte[] _encoded;
    private readonly int _start;
    private readonly int _count;

    private BlockFilter(BlockHash block, byte[] encoded, int start, int count)
    {
        Block = block;
        _encoded = encoded;
        _start = start;
        _count = count;
    }

    /// <summary>The block it is of, whose hash is the key of the hashes in it.</summary>
    public BlockHash Block { get; }

    /// <summary>The filter as it is sent and stored: the number of elements and their coded set.</summary>
    public ReadOnlyMemory<byte> Encoded => _encoded;

    /// <summary>Elements in it.</summary>
    public int Count => _count;

    /// <summary>The double SHA-256 of <see cref="Encoded"/>.</summary>
    public Uint256 Hash => Hashes.Sha256d(_encoded);

    /// <summary>Makes the filter of a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="spentScripts">The scripts of all outputs it spends.</param>
    public static BlockFilter Create(Block block, IEnumerable<Script> spentScripts)
    {
        ArgumentNullException.ThrowIfNull(block);
        ArgumentNullException.ThrowIfNull(spentScripts);
        var elements = new HashSet<Script>();
        foreach (var transaction in block.Transactions)
        {
            elements.UnionWith(transaction.Outputs
                .Select(static output => output.ScriptPubKey)
                .Where(static script => !script.IsEmpty && script.Span[0] != (byte)Opcode.Return));
            elements.UnionWith(PayloadElements.Of(transaction).Select(static element => new Script(element)));
        }

        elements.UnionWith(spentScripts.Where(static script => !script.IsEmpty));
        return OfElements(block.Hash, [.. elements.Select(static script => script.Memory)]);
    }

    /// <summary>Makes a filter of elements, none of which may come twice.</summary>
    public static BlockFilter OfElements(BlockHash block, IReadOnlyCollection<ReadOnlyMemory<byte>> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        var values = MapAll(block, elements, elements.Count);
        var writer = new ByteWriter(16 + (elements.Count * 3));
        writer.WriteCompactSize(elements.Count);
        var start = writer.Length;
        GolombCodedSet.Encode(values, RemainderBits, writer);
        return new BlockFilter(block, writer.ToArray(), start, elements.Count);
    }

    /// <summary>Reads a filter; false if it is not coded as one or has bytes left over.</summary>
    public static bool TryParse(BlockHash block, ReadOnlySpan<byte> encoded, [NotNullWhen(true)] out BlockFilter? filter)
    {
        filter = null;
        try
        {
            var reader = new SpanReader(encoded);
            var count = reader.ReadCompactSize();
            var start = reader.Position;
            if (GolombCodedSet.TryDecode(encoded[start..], count, RemainderBits, out _))
            {
                filter = new BlockFilter(block, encoded.ToArray(), start, count);
            }
        }
        catch (EncodingException)
        {
            return false;
        }

        return filter is not null;
    }

    /// <summary>Whether an element may be in the block; false is certain.</summary>
    public bool Matches(ReadOnlyMemory<byte> element) => MatchesAny([element]);

    /// <summary>Whether any of the elements may be in the block; false is certain.</summary>
    public bool MatchesAny(IReadOnlyCollection<ReadOnlyMemory<byte>> elements)
    {
        ArgumentNullException.ThrowIfNull(elements);
        return GolombCodedSet.MatchesAny(
            _encoded.AsSpan(_start), _count, RemainderBits, MapAll(Block, elements, _count));
    }

    /// <summary>
    /// The header that chains this filter to those before: the hash of the filter's hash and the previous header, which
    /// is zero before the first.
    /// </summary>
    public Uint256 ComputeHeader(Uint256 previous)
    {
        Span<byte> joined = stackalloc byte[2 * Uint256.Size];
        Hash.CopyTo(joined);
        previous.CopyTo(joined[Uint256.Size..]);
        return Hashes.Sha256d(joined);
    }

    private static ulong[] MapAll(BlockHash block, IReadOnlyCollection<ReadOnlyMemory<byte>> elements, int count)
    {
        Span<byte> key = stackalloc byte[Uint256.Size];
        block.Value.CopyTo(key);
        var key0 = BinaryPrimitives.ReadUInt64LittleEndian(key);
        var key1 = BinaryPrimitives.ReadUInt64LittleEndian(key[sizeof(ulong)..]);
        var range = (ulong)count * FalsePositiveRate;
        var values = new ulong[elements.Count];
        var next = 0;
        foreach (var element in elements)
        {
            values[next++] = GolombCodedSet.Map(key0, key1, range, element.Span);
        }

        Array.Sort(values);
        return values;
    }
}
