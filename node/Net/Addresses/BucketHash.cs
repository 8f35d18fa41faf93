using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Addresses;

/// <summary>
/// Where an address goes in the tables: keyed by a secret, so that nobody can aim, and by groups, so that nobody with
/// addresses of few groups can fill more than a few buckets.
/// </summary>
internal sealed class BucketHash(Uint256 key, NetGroups groups)
{
    /// <summary>Buckets of addresses this node was connected to.</summary>
    public const int TriedBuckets = 256;

    /// <summary>Buckets of addresses it only heard of.</summary>
    public const int NewBuckets = 1024;

    /// <summary>Places in a bucket.</summary>
    public const int BucketSize = 64;

    private const ulong TriedBucketsPerGroup = 8;
    private const ulong NewBucketsPerSource = 64;

    /// <summary>The secret.</summary>
    public Uint256 Key => key;

    /// <summary>The groups it goes by.</summary>
    public NetGroups Groups => groups;

    /// <summary>The bucket of tried addresses.</summary>
    public int TriedBucket(NetEndpoint endpoint)
    {
        var spread = Hash(writer => writer.WriteVarBytes(endpoint.ToKey())) % TriedBucketsPerGroup;
        return (int)(Hash(writer =>
        {
            writer.WriteVarBytes(groups.Of(endpoint.Address));
            writer.WriteUInt64(spread);
        }) % TriedBuckets);
    }

    /// <summary>The bucket of new addresses for what that source told.</summary>
    public int NewBucket(NetEndpoint endpoint, NetAddress source)
    {
        var sourceGroup = groups.Of(source);
        var spread = Hash(writer =>
        {
            writer.WriteVarBytes(groups.Of(endpoint.Address));
            writer.WriteVarBytes(sourceGroup);
        }) % NewBucketsPerSource;
        return (int)(Hash(writer =>
        {
            writer.WriteVarBytes(sourceGroup);
            writer.WriteUInt64(spread);
        }) % NewBuckets);
    }

    /// <summary>The place in a bucket.</summary>
    public int Position(NetEndpoint endpoint, bool isNew, int bucket) => (int)(Hash(writer =>
    {
        writer.WriteByte(isNew ? (byte)'N' : (byte)'K');
        writer.WriteInt32(bucket);
        writer.WriteVarBytes(endpoint.ToKey());
    }) % BucketSize);

    private ulong Hash(Action<ByteWriter> write)
    {
        ByteWriter writer = new(96);
        writer.WriteUint256(key);
        write(writer);
        return Hashes.Sha256d(writer.WrittenSpan).LowWord;
    }
}
