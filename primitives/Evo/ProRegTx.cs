using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>DIP3: the payload that registers a masternode.</summary>
public sealed record ProRegTx
{
    /// <summary>The operator's share at which nothing is left for the owner: hundredths of a percent.</summary>
    public const ushort MaxOperatorReward = 10_000;

    /// <summary>A <see cref="ProTxVersion"/>; of an unknown one there is nothing but the version.</summary>
    public required ushort Version { get; init; }

    /// <summary>Which kind of masternode.</summary>
    public MasternodeType Type { get; init; }

    /// <summary>0.</summary>
    public ushort Mode { get; init; }

    /// <summary>The coins that are locked; with a null txid an output of this transaction.</summary>
    public OutPoint Collateral { get; init; }

    /// <summary>Where it can be reached.</summary>
    public NetInfo NetInfo { get; init; } = NetInfo.OfAddress(null);

    /// <summary>Who may change the registration.</summary>
    public Hash160 OwnerKeyId { get; init; }

    /// <summary>The operator's BLS key, 48 bytes in the scheme of the version.</summary>
    public ReadOnlyMemory<byte> OperatorKey { get; init; } = new byte[BlsPublicKey.Size];

    /// <summary>Who votes on proposals.</summary>
    public Hash160 VotingKeyId { get; init; }

    /// <summary>The operator's share of the reward in hundredths of a percent.</summary>
    public ushort OperatorReward { get; init; }

    /// <summary>Who gets the owner's share.</summary>
    public Script Payout { get; init; } = Script.Empty;

    /// <summary>The <see cref="Evo.InputsHash"/> of the transaction.</summary>
    public Uint256 InputsHash { get; init; }

    /// <summary>Of Evo masternodes.</summary>
    public PlatformFields Platform { get; init; }

    /// <summary>The collateral's owner's consent, where the collateral is in another transaction.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; }

    /// <summary>How the operator's key is written.</summary>
    public BlsScheme Scheme => ProTxVersion.SchemeOf(Version);

    /// <summary>What is signed: the hash of the payload without signature.</summary>
    public Uint256 SigningHash
    {
        get
        {
            var writer = new ByteWriter(256);
            Write(writer, withSignature: false);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out ProRegTx? parsed) =>
        Evo.Payload.TryParse(payload, Read, out parsed);

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static ProRegTx Read(ref SpanReader reader)
    {
        var version = reader.ReadUInt16();
        if (!ProTxVersion.IsKnown(version))
        {
            return new ProRegTx { Version = version };
        }

        var payload = new ProRegTx
        {
            Version = version,
            Type = (MasternodeType)reader.ReadUInt16(),
            Mode = reader.ReadUInt16(),
            Collateral = OutPoint.Read(ref reader),
            NetInfo = NetInfo.Read(ref reader, version >= ProTxVersion.ExtendedAddresses),
            OwnerKeyId = reader.ReadHash160(),
            OperatorKey = reader.ReadBytes(BlsPublicKey.Size).ToArray(),
            VotingKeyId = reader.ReadHash160(),
            OperatorReward = reader.ReadUInt16(),
            Payout = new Script(reader.ReadVarBytes()),
            InputsHash = reader.ReadUint256(),
        };
        return payload with
        {
            Platform = payload.Type == MasternodeType.Evo ? PlatformFields.Read(ref reader, version) : default,
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

        if (Version < ProTxVersion.BasicBls && Type == MasternodeType.Evo)
        {
            return PayloadFault.Consensus("bad-protx-evo-version");
        }

        if (Type.Collateral() is null)
        {
            return PayloadFault.Consensus("bad-protx-type");
        }

        if (Mode != 0)
        {
            return PayloadFault.Consensus("bad-protx-mode");
        }

        if (OwnerKeyId == default || VotingKeyId == default || !Evo.Payload.IsPublicKey(OperatorKey.Span, Scheme))
        {
            return PayloadFault.BadSpecial("bad-protx-key-null");
        }

        if (!ProTxRules.IsPayee(Payout))
        {
            return PayloadFault.BadSpecial("bad-protx-payee");
        }

        if (NetInfo.IsExtended != (Version == ProTxVersion.ExtendedAddresses))
        {
            return PayloadFault.Consensus("bad-protx-netinfo-version");
        }

        if (!NetInfo.IsEmpty && ProTxRules.CheckPurposes(NetInfo, Type) is { } purposes)
        {
            return purposes;
        }

        if (ProTxRules.CheckEntries(NetInfo) is { } entries)
        {
            return entries;
        }

        // The payout's key should not be on a server that is always connected.
        if (ProTxRules.Pays(Payout, OwnerKeyId) || ProTxRules.Pays(Payout, VotingKeyId))
        {
            return PayloadFault.BadSpecial("bad-protx-payee-reuse");
        }

        return OperatorReward > MaxOperatorReward ? PayloadFault.BadSpecial("bad-protx-operator-reward") : null;
    }

    /// <summary>
    /// The text the owner of a collateral signs, so that devices that sign only texts can be used.
    /// </summary>
    /// <param name="encodeScript">The address of a script, or the script's hex where it has none.</param>
    public string MakeSignText(Func<Script, string> encodeScript)
    {
        ArgumentNullException.ThrowIfNull(encodeScript);
        return string.Join(
            '|',
            encodeScript(Payout),
            OperatorReward.ToString(CultureInfo.InvariantCulture),
            encodeScript(ScriptTemplates.PayToPubKeyHash(OwnerKeyId)),
            encodeScript(ScriptTemplates.PayToPubKeyHash(VotingKeyId)),
            SigningHash.ToString());
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(384);
        Write(writer, withSignature: true);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(ProRegTx? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, OwnerKeyId, InputsHash);

    private void Write(ByteWriter writer, bool withSignature)
    {
        writer.WriteUInt16(Version);
        if (!ProTxVersion.IsKnown(Version))
        {
            return;
        }

        writer.WriteUInt16((ushort)Type);
        writer.WriteUInt16(Mode);
        Collateral.Write(writer);
        NetInfo.Write(writer);
        writer.WriteHash160(OwnerKeyId);
        writer.WriteBytes(OperatorKey.Span);
        writer.WriteHash160(VotingKeyId);
        writer.WriteUInt16(OperatorReward);
        writer.WriteVarBytes(Payout.Span);
        writer.WriteUint256(InputsHash);
        if (Type == MasternodeType.Evo)
        {
            Platform.Write(writer, Version);
        }

        if (withSignature)
        {
            writer.WriteVarBytes(Signature.Span);
        }
    }
}
