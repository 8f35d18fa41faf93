using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Units;

namespace Dash.Primitives.Evo;

/// <summary>DIP4: the extra payload of a coinbase of type 5.</summary>
public sealed record CbTx
{
    /// <summary>The masternode list only.</summary>
    public const ushort VersionMasternodeList = 1;

    /// <summary>And the active quorums (DIP8).</summary>
    public const ushort VersionQuorums = 2;

    /// <summary>And the best ChainLock and the credit pool (V20).</summary>
    public const ushort VersionChainLock = 3;

    /// <summary>Bytes of a BLS signature.</summary>
    public const int SignatureSize = BlsSignature.Size;

    /// <summary>Which of the fields there are.</summary>
    public required ushort Version { get; init; }

    /// <summary>Height of the block.</summary>
    public required int Height { get; init; }

    /// <summary>Merkle root of the simplified masternode list.</summary>
    public Uint256 MerkleRootMasternodeList { get; init; }

    /// <summary>From version 2: merkle root of the active quorums' commitments.</summary>
    public Uint256 MerkleRootQuorums { get; init; }

    /// <summary>From version 3: how many blocks below this one's parent the best ChainLock is.</summary>
    public uint BestChainLockHeightDifference { get; init; }

    /// <summary>From version 3: the ChainLock's signature, 96 bytes, all zero without one.</summary>
    public ReadOnlyMemory<byte> BestChainLockSignature { get; init; } = new byte[SignatureSize];

    /// <summary>From version 3: what is locked in the credit pool after the block.</summary>
    public Amount CreditPoolBalance { get; init; }

    /// <summary>Whether the payload names a ChainLock.</summary>
    public bool HasChainLock => BestChainLockSignature.Span.ContainsAnyExcept((byte)0);

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out CbTx? cbTx)
    {
        try
        {
            var reader = new SpanReader(payload);
            cbTx = Read(ref reader);
            reader.ExpectEnd();
            return true;
        }
        catch (EncodingException)
        {
            cbTx = null;
            return false;
        }
    }

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static CbTx Read(ref SpanReader reader)
    {
        var version = reader.ReadUInt16();
        var cbTx = new CbTx
        {
            Version = version,
            Height = reader.ReadInt32(),
            MerkleRootMasternodeList = reader.ReadUint256(),
        };
        if (version >= VersionQuorums)
        {
            cbTx = cbTx with { MerkleRootQuorums = reader.ReadUint256() };
        }

        if (version >= VersionChainLock)
        {
            cbTx = cbTx with
            {
                BestChainLockHeightDifference = (uint)reader.ReadCompactSize(),
                BestChainLockSignature = Payload.ReadSignature(ref reader, BlsScheme.Basic),
                CreditPoolBalance = new Amount(reader.ReadInt64()),
            };
        }

        return cbTx;
    }

    /// <summary>Writes the payload in the form of its version.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt16(Version);
        writer.WriteInt32(Height);
        writer.WriteUint256(MerkleRootMasternodeList);
        if (Version >= VersionQuorums)
        {
            writer.WriteUint256(MerkleRootQuorums);
        }

        if (Version >= VersionChainLock)
        {
            writer.WriteCompactSize(BestChainLockHeightDifference);
            writer.WriteBytes(BestChainLockSignature.Span);
            writer.WriteInt64(CreditPoolBalance.Duffs);
        }
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(192);
        Write(writer);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(CbTx? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, Height, MerkleRootMasternodeList);
}
