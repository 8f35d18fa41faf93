using Dash.Primitives.Encoding;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;

namespace Dash.Node.Masternodes;

/// <summary>
/// Names of what no two masternodes may share: the hash of its bytes, whatever it is. So an owner's key and a platform
/// node's id of the same bytes exclude each other, as they do in Core.
/// </summary>
internal static class UniqueProperty
{
    /// <summary>A collateral.</summary>
    public static Uint256 Of(OutPoint collateral)
    {
        var writer = new ByteWriter(OutPoint.Size);
        collateral.Write(writer);
        return Hashes.Sha256d(writer.WrittenSpan);
    }

    /// <summary>An address or domain with its port.</summary>
    public static Uint256 Of(NetInfoEntry entry)
    {
        var writer = new ByteWriter(64);
        entry.WriteUnique(writer);
        return Hashes.Sha256d(writer.WrittenSpan);
    }

    /// <summary>A key's or node's id.</summary>
    public static Uint256 Of(Hash160 id)
    {
        Span<byte> bytes = stackalloc byte[Hash160.Size];
        id.CopyTo(bytes);
        return Hashes.Sha256d(bytes);
    }

    /// <summary>An operator's key, which is another in the other scheme.</summary>
    public static Uint256 Of(BlsPublicKey key, BlsScheme scheme) => Hashes.Sha256d(key.ToBytes(scheme));
}
