using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Primitives.Evo;

/// <summary>Payload of a withdrawal from the credit pool, signed by a quorum of the platform.</summary>
public sealed record AssetUnlock
{
    /// <summary>The version there is.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>Outputs a withdrawal may have.</summary>
    public const int MaxWithdrawals = 32;

    /// <summary>Blocks after <see cref="RequestedHeight"/> from which it is too late.</summary>
    public const int BlocksToExpiry = 48;

    /// <summary>1.</summary>
    public required byte Version { get; init; }

    /// <summary>Number of the withdrawal; none may come twice.</summary>
    public required ulong Index { get; init; }

    /// <summary>What the miner gets, out of the pool: at most 32 bits of duffs.</summary>
    public required Amount Fee { get; init; }

    /// <summary>The height the platform asked at.</summary>
    public uint RequestedHeight { get; init; }

    /// <summary>The quorum that signed.</summary>
    public BlockHash QuorumHash { get; init; }

    /// <summary>Its signature, 96 bytes, zero while unsigned.</summary>
    public ReadOnlyMemory<byte> QuorumSignature { get; init; } = new byte[BlsSignature.Size];

    /// <summary>The first height it can't be mined at any more.</summary>
    public long ExpiryHeight => (long)RequestedHeight + BlocksToExpiry;

    /// <summary>What the quorum's signature is for, beside the message (Core: prefix "plwdtx").</summary>
    public Uint256 RequestId
    {
        get
        {
            var writer = new ByteWriter(32);
            writer.WriteString("plwdtx");
            writer.WriteUInt64(Index);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out AssetUnlock? unlock)
    {
        try
        {
            var reader = new SpanReader(payload);
            unlock = new AssetUnlock
            {
                Version = reader.ReadByte(),
                Index = reader.ReadUInt64(),
                Fee = new Amount(reader.ReadUInt32()),
                RequestedHeight = reader.ReadUInt32(),
                QuorumHash = new BlockHash(reader.ReadUint256()),
                QuorumSignature = Payload.ReadSignature(ref reader, BlsScheme.Basic),
            };
            reader.ExpectEnd();
            return true;
        }
        catch (EncodingException)
        {
            unlock = null;
            return false;
        }
    }

    /// <summary>
    /// What is wrong with a transaction of this type as far as it can be told without the chain (Core:
    /// CheckAssetUnlockTx); null if nothing is.
    /// </summary>
    public static PayloadFault? Check(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        if (transaction.Type != TransactionType.AssetUnlock)
        {
            return PayloadFault.BadSpecial("bad-assetunlocktx-type");
        }

        if (!transaction.Inputs.IsEmpty)
        {
            return PayloadFault.BadSpecial("bad-assetunlocktx-have-input");
        }

        if (transaction.Outputs.Length > MaxWithdrawals)
        {
            return PayloadFault.BadSpecial("bad-assetunlocktx-too-many-outs");
        }

        if (!TryParse(transaction.ExtraPayload.Span, out var unlock))
        {
            return PayloadFault.BadSpecial("bad-assetunlocktx-payload");
        }

        return unlock.Version is 0 or > CurrentVersion
            ? PayloadFault.BadSpecial("bad-assetunlocktx-version")
            : null;
    }

    /// <summary>What the quorum signs: the txid the transaction has without the signature.</summary>
    public Uint256 MessageHash(Transaction transaction)
    {
        ArgumentNullException.ThrowIfNull(transaction);
        var unsigned = this with { QuorumSignature = new byte[BlsSignature.Size] };
        return (transaction with { ExtraPayload = unsigned.ToBytes() }).Txid.Value;
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(160);
        writer.WriteByte(Version);
        writer.WriteUInt64(Index);
        writer.WriteUInt32(checked((uint)Fee.Duffs));
        writer.WriteUInt32(RequestedHeight);
        writer.WriteUint256(QuorumHash.Value);
        writer.WriteBytes(QuorumSignature.Span);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(AssetUnlock? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, Index, QuorumHash);
}
