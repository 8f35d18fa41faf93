using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;
using Dash.Primitives.Transactions;

namespace Dash.Primitives.Evo;

/// <summary>DIP10, DIP22: a quorum's word that no other transaction will spend what this one spends.</summary>
public sealed record InstantSendLock
{
    /// <summary>The version there is.</summary>
    public const byte CurrentVersion = 1;

    /// <summary>1.</summary>
    public required byte Version { get; init; }

    /// <summary>What the transaction spends.</summary>
    public required ImmutableArray<OutPoint> Inputs { get; init; }

    /// <summary>The transaction.</summary>
    public required Txid Txid { get; init; }

    /// <summary>First block of the cycle in which the quorum was drawn.</summary>
    public required BlockHash CycleHash { get; init; }

    /// <summary>The quorum's signature, 96 bytes.</summary>
    public ReadOnlyMemory<byte> Signature { get; init; } = new byte[BlsSignature.Size];

    /// <summary>Name of the message in the inventory: the hash of the whole.</summary>
    public Uint256 Hash => Hashes.Sha256d(ToBytes());

    /// <summary>What is signed: chooses the quorum.</summary>
    public Uint256 RequestId
    {
        get
        {
            var writer = new ByteWriter(64);
            writer.WriteString("islock");
            WriteInputs(writer);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>Whether it names a transaction and inputs, none twice; nothing is said of the signature.</summary>
    public bool IsWellFormed =>
        Txid != default && !Inputs.IsEmpty && Inputs.Distinct().Count() == Inputs.Length;

    /// <summary>What masternodes sign for each input before they sign the lock.</summary>
    public static Uint256 RequestIdOf(OutPoint input)
    {
        var writer = new ByteWriter(64);
        writer.WriteString("inlock");
        input.Write(writer);
        return Hashes.Sha256d(writer.WrittenSpan);
    }

    /// <summary>Reads a message that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> message, [NotNullWhen(true)] out InstantSendLock? parsed) =>
        Payload.TryParse(message, Read, out parsed);

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static InstantSendLock Read(ref SpanReader reader)
    {
        var version = reader.ReadByte();
        var inputs = ImmutableArray.CreateBuilder<OutPoint>(reader.ReadCount(OutPoint.Size));
        while (inputs.Count < inputs.Capacity)
        {
            inputs.Add(OutPoint.Read(ref reader));
        }

        return new InstantSendLock
        {
            Version = version,
            Inputs = inputs.MoveToImmutable(),
            Txid = new Txid(reader.ReadUint256()),
            CycleHash = new BlockHash(reader.ReadUint256()),
            Signature = reader.ReadBytes(BlsSignature.Size).ToArray(),
        };
    }

    /// <summary>The message's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(256);
        writer.WriteByte(Version);
        WriteInputs(writer);
        writer.WriteUint256(Txid.Value);
        writer.WriteUint256(CycleHash.Value);
        writer.WriteBytes(Signature.Span);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(InstantSendLock? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(Version, Txid, CycleHash);

    private void WriteInputs(ByteWriter writer)
    {
        writer.WriteCompactSize(Inputs.Length);
        foreach (var input in Inputs)
        {
            input.Write(writer);
        }
    }
}
