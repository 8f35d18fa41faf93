using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>DIP3: the payload by which an owner changes operator, voter and payout of a masternode.</summary>
public sealed record ProUpRegTx
{
    /// <summary>A <see cref="ProTxVersion"/>; of an unknown one there is nothing but the version.</summary>
    public required ushort Version { get; init; }

    /// <summary>The transaction that registered it.</summary>
    public Txid ProTxHash { get; init; }

    /// <summary>0.</summary>
    public ushort Mode { get; init; }

    /// <summary>The operator's BLS key, 48 bytes in the scheme of the version.</summary>
    public ReadOnlyMemory<byte> OperatorKey { get; init; } = new byte[BlsPublicKey.Size];

    /// <summary>Who votes on proposals.</summary>
    public Hash160 VotingKeyId { get; init; }

    /// <summary>Who gets the owner's share.</summary>
    public Script Payout { get; init; } = Script.Empty;

    /// <summary>The <see cref="Evo.InputsHash"/> of the transaction.</summary>
    public Uint256 InputsHash { get; init; }

    /// <summary>The owner's signature, one the key can be recovered from.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>How the operator's key is written.</summary>
    public BlsScheme Scheme => ProTxVersion.SchemeOf(Version);

    /// <summary>What the owner signs: the hash of the payload without signature.</summary>
    public Uint256 SigningHash
    {
        get
        {
            var writer = new ByteWriter(192);
            Write(writer, withSignature: false);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ProUpRegTx? parsed) =>
        Evo.Payload.TryParse(payload, Read, out parsed);

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static ProUpRegTx Read(ref SpanReader reader)
    {
        var version = reader.ReadUInt16();
        return !ProTxVersion.IsKnown(version)
            ? new ProUpRegTx { Version = version }
            : new ProUpRegTx
            {
                Version = version,
                ProTxHash = new Txid(reader.ReadUint256()),
                Mode = reader.ReadUInt16(),
                OperatorKey = reader.ReadBytes(BlsPublicKey.Size).ToArray(),
                VotingKeyId = reader.ReadHash160(),
                Payout = new Script(reader.ReadVarBytes()),
                InputsHash = reader.ReadUint256(),
                Signature = reader.ReadVarBytes().ToArray(),
            };
    }

    /// <summary>
    /// What is wrong with the payload as far as it can be told from it alone (Core: IsTriviallyValid); null if nothing
    /// is.
    /// </summary>
    /// <param name="maxVersion">The highest version allowed: <see cref="ProTxVersion.Max"/>.</param>
    public PayloadFault? Check(ushort maxVersion)
    {
        if (Version == 0 || Version > maxVersion)
        {
            return PayloadFault.Consensus("bad-protx-version");
        }

        if (Mode != 0)
        {
            return PayloadFault.Consensus("bad-protx-mode");
        }

        if (VotingKeyId == default || !Evo.Payload.IsPublicKey(OperatorKey.Span, Scheme))
        {
            return PayloadFault.BadSpecial("bad-protx-key-null");
        }

        return ProTxRules.IsPayee(Payout) ? null : PayloadFault.BadSpecial("bad-protx-payee");
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(256);
        Write(writer, withSignature: true);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(ProUpRegTx? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

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
        writer.WriteUInt16(Mode);
        writer.WriteBytes(OperatorKey.Span);
        writer.WriteHash160(VotingKeyId);
        writer.WriteVarBytes(Payout.Span);
        writer.WriteUint256(InputsHash);
        if (withSignature)
        {
            writer.WriteVarBytes(Signature.Span);
        }
    }
}
