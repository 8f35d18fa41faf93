using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>DIP23: the payload by which a quorum says that masternodes are ready for a new rule.</summary>
public sealed record MnHfSignal
{
    /// <summary>The version there is.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>Bits of a block's version that rules can be signalled by.</summary>
    public const int VersionBitCount = 29;

    /// <summary>1.</summary>
    public required byte Version { get; init; }

    /// <summary>The bit of the rule.</summary>
    public required byte VersionBit { get; init; }

    /// <summary>The quorum that signed.</summary>
    public BlockHash QuorumHash { get; init; }

    /// <summary>Its signature, 96 bytes in the basic scheme, zero while unsigned.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; } = new byte[BlsSignature.Size];

    /// <summary>What the quorum's signature is for, beside the message (Core: prefix "mnhf").</summary>
    public Uint256 RequestId
    {
        get
        {
            var writer = new ByteWriter(16);
            writer.WriteString("mnhf");
            writer.WriteInt64(VersionBit);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out MnHfSignal? signal) =>
        Evo.Payload.TryParse(payload, Read, out signal);

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static MnHfSignal Read(ref SpanReader reader) => new()
    {
        Version = reader.ReadByte(),
        VersionBit = reader.ReadByte(),
        QuorumHash = new BlockHash(reader.ReadUint256()),
        Signature = Evo.Payload.ReadSignature(ref reader, BlsScheme.Basic),
    };

    /// <summary>
    /// What is wrong with a transaction of this type as far as it can be told without the chain (Core: CheckMNHFTx);
    /// null if nothing is.
    /// </summary>
    public static PayloadFault? Check(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        return transaction.Version < Transaction.SpecialVersion || transaction.Type != TransactionType.MnHfSignal
                ? PayloadFault.Consensus("bad-mnhf-type")
            : !TryParse(transaction.ExtraPayload.Span, out var signal) ? PayloadFault.Consensus("bad-mnhf-payload")
            : signal.Version is 0 or > CurrentVersion ? PayloadFault.Consensus("bad-mnhf-version")
            : null;
    }

    /// <summary>What the quorum signs: the txid the transaction has without the signature.</summary>
    public Uint256 MessageHash(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var unsigned = this with { Signature = new byte[BlsSignature.Size] };
        return (transaction with { ExtraPayload = unsigned.ToBytes() }).Txid.Value;
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(160);
        writer.WriteByte(Version);
        writer.WriteByte(VersionBit);
        writer.WriteUint256(QuorumHash.Value);
        writer.WriteBytes(Signature.Span);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(MnHfSignal? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, VersionBit, QuorumHash);
}
