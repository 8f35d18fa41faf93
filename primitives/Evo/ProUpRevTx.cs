using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>DIP3: the payload by which an operator gives up a masternode.</summary>
public sealed record ProUpRevTx
{
    /// <summary>A <see cref="ProTxVersion"/>; of an unknown one there is nothing but the version.</summary>
    public required ushort Version { get; init; }

    /// <summary>The transaction that registered it.</summary>
    public Txid ProTxHash { get; init; }

    /// <summary>Why.</summary>
    public RevocationReason Reason { get; init; }

    /// <summary>The <see cref="Evo.InputsHash"/> of the transaction.</summary>
    public Uint256 InputsHash { get; init; }

    /// <summary>The operator's BLS signature, 96 bytes in the scheme of the version.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; } = new byte[BlsSignature.Size];

    /// <summary>How the signature is written.</summary>
    public BlsScheme Scheme => ProTxVersion.SchemeOf(Version);

    /// <summary>What the operator signs: the hash of the payload without signature.</summary>
    public Uint256 SigningHash
    {
        get
        {
            var writer = new ByteWriter(96);
            Write(writer, withSignature: false);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ProUpRevTx? parsed) =>
        Evo.Payload.TryParse(payload, Read, out parsed);

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static ProUpRevTx Read(ref SpanReader reader)
    {
        var version = reader.ReadUInt16();
        return !ProTxVersion.IsKnown(version)
            ? new ProUpRevTx { Version = version }
            : new ProUpRevTx
            {
                Version = version,
                ProTxHash = new Txid(reader.ReadUint256()),
                Reason = (RevocationReason)reader.ReadUInt16(),
                InputsHash = reader.ReadUint256(),
                Signature = Evo.Payload.ReadSignature(ref reader, ProTxVersion.SchemeOf(version)),
            };
    }

    /// <summary>
    /// What is wrong with the payload as far as it can be told from it alone (Core: IsTriviallyValid); null if nothing
    /// is.
    /// </summary>
    /// <param name="maxVersion">The highest version allowed: <see cref="ProTxVersion.Max"/>.</param>
    public PayloadFault? Check(ushort maxVersion) =>
        Version == 0 || Version > maxVersion ? PayloadFault.Consensus("bad-protx-version")
        : Reason > RevocationReason.ChangeOfKeys ? PayloadFault.Consensus("bad-protx-reason")
        : null;

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(192);
        Write(writer, withSignature: true);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(ProUpRevTx? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, ProTxHash, InputsHash);

    private void Write(ByteWriter writer, bool withSignature)
    {
        writer.WriteUInt16(Version);
        if (!ProTxVersion.IsKnown(Version))
        {
            return;
        }

        writer.WriteUint256(ProTxHash.Value);
        writer.WriteUInt16((ushort)Reason);
        writer.WriteUint256(InputsHash);
        if (withSignature)
        {
            writer.WriteBytes(Signature.Span);
        }
    }
}
