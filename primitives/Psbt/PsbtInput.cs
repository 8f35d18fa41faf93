using Dash.Primitives.Descriptors;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Psbt;

/// <summary>What a PSBT knows about one input. Maps are keyed by bytes and kept in their order.</summary>
public sealed class PsbtInput
{
    /// <summary>The transaction whose output is spent, whole; null when unknown.</summary>
    public Transaction? PreviousTransaction { get; set; }

    /// <summary>The script behind pay-to-script-hash; empty when unknown or none.</summary>
    public Script RedeemScript { get; set; } = Script.Empty;

    /// <summary>The finished script; empty until then.</summary>
    public Script FinalScriptSig { get; set; } = Script.Empty;

    /// <summary>Which hash type is to be signed with; null for any.</summary>
    public int? SigHashType { get; set; }

    /// <summary>Signatures by the id of their key.</summary>
    public SortedDictionary<byte[], KeySignature> PartialSignatures { get; } = new(ByteOrder.Instance);

    /// <summary>Where keys come from, by serialized public key.</summary>
    public SortedDictionary<byte[], KeyOrigin> KeyPaths { get; } = new(ByteOrder.Instance);

    /// <summary>Preimages by kind, then by hash.</summary>
    public SortedDictionary<PsbtPreimage, SortedDictionary<byte[], byte[]>> Preimages { get; } = [];

    /// <summary>Entries that belong to some program, by their whole key.</summary>
    public SortedDictionary<byte[], byte[]> Proprietary { get; } = new(ByteOrder.Instance);

    /// <summary>Entries nobody here understands, by their whole key; passed on.</summary>
    public SortedDictionary<byte[], byte[]> Unknown { get; } = new(ByteOrder.Instance);

    /// <summary>Whether the input is finished.</summary>
    public bool IsSigned => !FinalScriptSig.IsEmpty;

    /// <summary>Takes over what another PSBT of the same transaction knows and this one does not.</summary>
    public void Merge(PsbtInput other)
    {
        ArgumentNullException.ThrowIfNull(other);
        PreviousTransaction ??= other.PreviousTransaction;
        MapMerge.AddMissing(PartialSignatures, other.PartialSignatures);
        foreach (var (kind, preimages) in other.Preimages)
        {
            MapMerge.AddMissing(PreimagesOf(kind), preimages);
        }

        MapMerge.AddMissing(KeyPaths, other.KeyPaths);
        MapMerge.AddMissing(Unknown, other.Unknown);
        RedeemScript = RedeemScript.IsEmpty ? other.RedeemScript : RedeemScript;
        FinalScriptSig = FinalScriptSig.IsEmpty ? other.FinalScriptSig : FinalScriptSig;
    }

    /// <summary>The preimages of a kind, to be read and added to.</summary>
    public SortedDictionary<byte[], byte[]> PreimagesOf(PsbtPreimage kind)
    {
        if (!Preimages.TryGetValue(kind, out var preimages))
        {
            Preimages.Add(kind, preimages = new SortedDictionary<byte[], byte[]>(ByteOrder.Instance));
        }

        return preimages;
    }

    /// <summary>An independent copy.</summary>
    public PsbtInput Clone()
    {
        var copy = new PsbtInput { SigHashType = SigHashType };
        copy.Merge(this);
        MapMerge.AddMissing(copy.Proprietary, Proprietary);
        return copy;
    }

    /// <summary>What a signer begins with.</summary>
    internal SigningProgress ToProgress()
    {
        var progress = new SigningProgress { IsComplete = IsSigned, ScriptSig = FinalScriptSig };
        if (IsSigned)
        {
            return progress;
        }

        progress.RedeemScript = RedeemScript;
        foreach (var (id, signature) in PartialSignatures)
        {
            progress.Signatures.Add(new Hash160(id), signature);
        }

        foreach (var bytes in KeyPaths.Keys)
        {
            if (PublicKey.TryParse(bytes, out var key))
            {
                progress.KnownKeys.TryAdd(key.Id, key);
            }
        }

        return progress;
    }

    /// <summary>Takes over what a signer made.</summary>
    /// <param name="progress">The signer's notes.</param>
    /// <param name="origins">Where the keys it met come from, as far as it knows.</param>
    /// <param name="isFinal">Whether a complete script is to be kept and all that led to it dropped.</param>
    internal void Take(
        SigningProgress progress, IEnumerable<KeyValuePair<byte[], KeyOrigin>> origins, bool isFinal)
    {
        if (progress.IsComplete && isFinal)
        {
            PartialSignatures.Clear();
            KeyPaths.Clear();
            RedeemScript = Script.Empty;
            FinalScriptSig = progress.ScriptSig;
            return;
        }

        foreach (var (id, signature) in progress.Signatures)
        {
            PartialSignatures.TryAdd(id.ToArray(), signature);
        }

        RedeemScript = RedeemScript.IsEmpty ? progress.RedeemScript : RedeemScript;
        MapMerge.AddMissing(KeyPaths, origins);
    }
}
