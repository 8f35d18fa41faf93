using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>DIP3: the payload by which an operator changes where a masternode can be reached.</summary>
public sealed record ProUpServTx
{
    /// <summary>A <see cref="ProTxVersion"/>; of an unknown one there is nothing but the version.</summary>
    public required ushort Version { get; init; }

    /// <summary>Which kind of masternode; written from version 2 on.</summary>
    public MasternodeType Type { get; init; }

    /// <summary>The transaction that registered it.</summary>
    public Txid ProTxHash { get; init; }

    /// <summary>Where it can be reached.</summary>
    public NetInfo NetInfo { get; init; } = NetInfo.OfAddress(null);

    /// <summary>Who gets the operator's share; empty without one.</summary>
    public Script OperatorPayout { get; init; } = Script.Empty;

    /// <summary>The <see cref="Evo.InputsHash"/> of the transaction.</summary>
    public Uint256 InputsHash { get; init; }

    /// <summary>Of Evo masternodes.</summary>
    public PlatformFields Platform { get; init; }

    /// <summary>The operator's BLS signature, 96 bytes in the scheme of the version.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; } = new byte[BlsSignature.Size];

    /// <summary>How the signature is written.</summary>
    public BlsScheme Scheme => ProTxVersion.SchemeOf(Version);

    /// <summary>What the operator signs: the hash of the payload without signature.</summary>
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
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ProUpServTx? parsed) =>
        Evo.Payload.TryParse(payload, Read, out parsed);

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static ProUpServTx Read(ref SpanReader reader)
    {
        var version = reader.ReadUInt16();
        if (!ProTxVersion.IsKnown(version))
        {
            return new ProUpServTx { Version = version };
        }

        var payload = new ProUpServTx
        {
            Version = version,
            Type = version >= ProTxVersion.BasicBls ? (MasternodeType)reader.ReadUInt16() : MasternodeType.Regular,
            ProTxHash = new Txid(reader.ReadUint256()),
            NetInfo = NetInfo.Read(ref reader, version >= ProTxVersion.ExtendedAddresses),
            OperatorPayout = new Script(reader.ReadVarBytes()),
            InputsHash = reader.ReadUint256(),
        };
        return payload with
        {
            Platform = payload.Type == MasternodeType.Evo ? PlatformFields.Read(ref reader, version) : default,
            Signature = Evo.Payload.ReadSignature(ref reader, payload.Scheme),
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

        if (Version < ProTxVersion.BasicBls && Type == MasternodeType.Evo)
        {
            return PayloadFault.Consensus("bad-protx-evo-version");
        }

        if (NetInfo.IsExtended != (Version == ProTxVersion.ExtendedAddresses))
        {
            return PayloadFault.Consensus("bad-protx-netinfo-version");
        }

        return NetInfo.IsEmpty
            ? PayloadFault.BadSpecial("bad-protx-netinfo-empty")
            : ProTxRules.CheckPurposes(NetInfo, Type) ?? ProTxRules.CheckEntries(NetInfo);
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(256);
        Write(writer, withSignature: true);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(ProUpServTx? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, ProTxHash, InputsHash);

    private void Write(ByteWriter writer, bool withSignature)
    {
        writer.WriteUInt16(Version);
        if (!ProTxVersion.IsKnown(Version))
        {
            return;
        }

        if (Version >= ProTxVersion.BasicBls)
        {
            writer.WriteUInt16((ushort)Type);
        }

        writer.WriteUint256(ProTxHash.Value);
        NetInfo.Write(writer);
        writer.WriteVarBytes(OperatorPayout.Span);
        writer.WriteUint256(InputsHash);
        if (Type == MasternodeType.Evo)
        {
            Platform.Write(writer, Version);
        }

        if (withSignature)
        {
            writer.WriteBytes(Signature.Span);
        }
    }
}
