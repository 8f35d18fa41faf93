using Dash.Primitives.Descriptors;
using Dash.Primitives.Scripts;

namespace Dash.Primitives.Psbt;

/// <summary>What a PSBT knows about one output. Maps are keyed by bytes and kept in their order.</summary>
public sealed class PsbtOutput
{
    /// <summary>The script behind pay-to-script-hash; empty when unknown or none.</summary>
    public Script RedeemScript { get; set; } = Script.Empty;

    /// <summary>Where keys come from, by serialized public key.</summary>
    public SortedDictionary<byte[], KeyOrigin> KeyPaths { get; } = new(ByteOrder.Instance);

    /// <summary>Entries that belong to some program, by their whole key.</summary>
    public SortedDictionary<byte[], byte[]> Proprietary { get; } = new(ByteOrder.Instance);

    /// <summary>Entries nobody here understands, by their whole key; passed on.</summary>
    public SortedDictionary<byte[], byte[]> Unknown { get; } = new(ByteOrder.Instance);

    /// <summary>Takes over what another PSBT of the same transaction knows and this one does not.</summary>
    public void Merge(PsbtOutput other)
    {
        ArgumentNullException.ThrowIfNull(other);
        MapMerge.AddMissing(KeyPaths, other.KeyPaths);
        MapMerge.AddMissing(Unknown, other.Unknown);
        RedeemScript = RedeemScript.IsEmpty ? other.RedeemScript : RedeemScript;
    }

    /// <summary>An independent copy.</summary>
    public PsbtOutput Clone()
    {
        var copy = new PsbtOutput();
        copy.Merge(this);
        MapMerge.AddMissing(copy.Proprietary, Proprietary);
        return copy;
    }
}
