using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys.Bls;

namespace Dash.Primitives.Evo;

/// <summary>
/// Payload of a quorum commitment transaction (DIP6): the result of a key generation, or a null commitment that says
/// there was none. Bit sets hold one bit a member, lowest first.
/// </summary>
public sealed record FinalCommitment
{
    /// <summary>The version of the payload around the commitment.</summary>
    public const ushort PayloadVersion = 1;

    private const ushort LegacyPlain = 1;
    private const ushort LegacyIndexed = 2;
    private const ushort BasicIndexed = 4;
    private const int PublicKeySize = BlsPublicKey.Size;
    private const int SignatureSize = BlsSignature.Size;
    private const int HashSize = 32;

    // What a null commitment has for keys, hash and signatures; never written to.
    private static readonly byte[] Zeros = new byte[SignatureSize];

    /// <summary>The payload's own version.</summary>
    public ushort OuterVersion { get; init; } = PayloadVersion;

    /// <summary>Height of the block that holds it.</summary>
    public required uint Height { get; init; }

    /// <summary>1 and 2 with the legacy BLS scheme, 3 and 4 with the basic one; even ones carry an index.</summary>
    public required ushort Version { get; init; }

    /// <summary>Kind of the quorum.</summary>
    public required byte LlmqType { get; init; }

    /// <summary>The block the quorum was drawn by.</summary>
    public required BlockHash QuorumHash { get; init; }

    /// <summary>Place of a rotated quorum in its cycle.</summary>
    public short QuorumIndex { get; init; }

    /// <summary>Members (a bit each) that signed the commitment.</summary>
    public required (int Count, ReadOnlyMemory<byte> Bits) Signers { get; init; }

    /// <summary>Members (a bit each) that took part in the key generation.</summary>
    public required (int Count, ReadOnlyMemory<byte> Bits) ValidMembers { get; init; }

    /// <summary>The quorum's public key, 48 bytes, zero in a null commitment.</summary>
    public ReadOnlyMemory<byte> PublicKey { get; init; } = Zeros.AsMemory(0, PublicKeySize);

    /// <summary>Hash of the verification vector, 32 bytes.</summary>
    public ReadOnlyMemory<byte> VerificationVectorHash { get; init; } = Zeros.AsMemory(0, HashSize);

    /// <summary>Signature by the quorum's key, 96 bytes.</summary>
    public ReadOnlyMemory<byte> QuorumSignature { get; init; } = Zeros;

    /// <summary>Aggregated signature of the members, 96 bytes.</summary>
    public ReadOnlyMemory<byte> MembersSignature { get; init; } = Zeros;

    /// <summary>Whether it says that no quorum came about.</summary>
    public bool IsNull =>
        CountBits(Signers.Bits.Span) == 0
        && CountBits(ValidMembers.Bits.Span) == 0
        && IsZero(PublicKey)
        && IsZero(VerificationVectorHash)
        && IsZero(QuorumSignature)
        && IsZero(MembersSignature);

    /// <summary>Members that signed.</summary>
    public int SignerCount => CountBits(Signers.Bits.Span);

    /// <summary>Members that took part.</summary>
    public int ValidMemberCount => CountBits(ValidMembers.Bits.Span);

    /// <summary>Whether a member, counted from 0, took part.</summary>
    public bool IsValidMember(int index) => HasBit(ValidMembers.Bits.Span, index);

    /// <summary>Whether a member, counted from 0, signed.</summary>
    public bool IsSigner(int index) => HasBit(Signers.Bits.Span, index);

    /// <summary>Whether every signature and key a real commitment needs is there.</summary>
    public bool HasKeysAndSignatures =>
        !IsZero(PublicKey) && !IsZero(VerificationVectorHash) && !IsZero(QuorumSignature) && !IsZero(MembersSignature);

    /// <summary>How the keys and signatures are written.</summary>
    public BlsScheme Scheme => SchemeOf(Version);

    /// <summary>Hash of the commitment alone, by which it is named and counts for the root of quorums.</summary>
    public Uint256 Hash
    {
        get
        {
            var writer = new ByteWriter(400);
            WriteCommitment(writer);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>What the members and the quorum sign (Core: BuildCommitmentHash).</summary>
    public Uint256 CommitmentHash
    {
        get
        {
            var writer = new ByteWriter(256);
            writer.WriteByte(LlmqType);
            writer.WriteUint256(QuorumHash.Value);
            WriteBits(writer, ValidMembers);
            writer.WriteBytes(PublicKey.Span);
            writer.WriteBytes(VerificationVectorHash.Span);
            return Hashes.Sha256d(writer.WrittenSpan);
        }
    }

    /// <summary>The commitment a block must carry when no key generation succeeded.</summary>
    /// <param name="llmqType">Kind of the quorum.</param>
    /// <param name="size">Its members.</param>
    /// <param name="quorumHash">The block it was drawn by.</param>
    /// <param name="index">Its place in the cycle.</param>
    /// <param name="isRotated">Whether its kind rotates by then.</param>
    /// <param name="isBasicScheme">Whether V19 is active.</param>
    /// <param name="height">Height of the block that carries it.</param>
    public static FinalCommitment Null(
        byte llmqType, int size, BlockHash quorumHash, short index, bool isRotated, bool isBasicScheme, int height)
    {
        var bits = (size, (ReadOnlyMemory<byte>)new byte[(size + 7) / 8]);
        return new FinalCommitment
        {
            Height = (uint)height,
            Version = VersionFor(isRotated, isBasicScheme),
            LlmqType = llmqType,
            QuorumHash = quorumHash,
            QuorumIndex = index,
            Signers = bits,
            ValidMembers = bits,
        };
    }

    /// <summary>The version commitments have.</summary>
    public static ushort VersionFor(bool isRotated, bool isBasicScheme) =>
        (ushort)((isBasicScheme ? 3 : 1) + (isRotated ? 1 : 0));

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out FinalCommitment? commitment)
    {
        try
        {
            var reader = new SpanReader(payload);
            commitment = Read(ref reader);
            reader.ExpectEnd();
            return true;
        }
        catch (EncodingException)
        {
            commitment = null;
            return false;
        }
    }

    /// <summary>Reads a payload that fills all the bytes and tells of a quorum: not that of a null commitment.</summary>
    public static bool TryParseReal(ReadOnlySpan<byte> payload, [NotNullWhen(true)] out FinalCommitment? commitment)
    {
        commitment = !IsNullPayload(payload) && TryParse(payload, out var parsed) && !parsed.IsNull ? parsed : null;
        return commitment is not null;
    }

    /// <summary>The payload's bytes.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(400);
        writer.WriteUInt16(OuterVersion);
        writer.WriteUInt32(Height);
        WriteCommitment(writer);
        return writer.ToArray();
    }

    /// <summary>Writes the commitment alone, as messages and databases have it.</summary>
    public void WriteCommitment(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt16(Version);
        writer.WriteByte(LlmqType);
        writer.WriteUint256(QuorumHash.Value);
        if (IsIndexed(Version))
        {
            writer.WriteInt16(QuorumIndex);
        }

        WriteBits(writer, Signers);
        WriteBits(writer, ValidMembers);
        writer.WriteBytes(PublicKey.Span);
        writer.WriteBytes(VerificationVectorHash.Span);
        writer.WriteBytes(QuorumSignature.Span);
        writer.WriteBytes(MembersSignature.Span);
    }

    /// <summary>
    /// Reads the commitment alone, as messages and databases have it: <see cref="OuterVersion"/> and
    /// <see cref="Height"/> are not in it. Throws <see cref="EncodingException"/>.
    /// </summary>
    public static FinalCommitment ReadCommitment(ref SpanReader reader) =>
        ReadCommitment(ref reader, PayloadVersion, uint.MaxValue);

    /// <inheritdoc/>
    public bool Equals(FinalCommitment? other) => other is not null && ToBytes().AsSpan().SequenceEqual(other.ToBytes());

    /// <inheritdoc/>
    public override int GetHashCode() => HashCode.Combine(LlmqType, QuorumHash, QuorumIndex);

    // Nearly all are null, and building one of them is most of the work. Says no where it would have to look closer.
    private static bool IsNullPayload(ReadOnlySpan<byte> payload)
    {
        const int Head = sizeof(ushort) + sizeof(uint) + sizeof(ushort) + 1 + HashSize;
        const int Tail = PublicKeySize + HashSize + SignatureSize + SignatureSize;
        if (payload.Length < Head + Tail || payload[^Tail..].ContainsAnyExcept((byte)0))
        {
            return false;
        }

        var version = BinaryPrimitives.ReadUInt16LittleEndian(payload[(sizeof(ushort) + sizeof(uint))..]);
        var sets = payload[(Head + (IsIndexed(version) ? sizeof(short) : 0))..^Tail];
        return TakeZeroBits(ref sets) && TakeZeroBits(ref sets) && sets.IsEmpty;
    }

    // A set of at most 252 members, none of which is in it.
    private static bool TakeZeroBits(ref ReadOnlySpan<byte> sets)
    {
        if (sets.IsEmpty || CompactSize.LengthOf(sets[0]) != 1 || sets.Length < 1 + ((sets[0] + 7) / 8))
        {
            return false;
        }

        var end = 1 + ((sets[0] + 7) / 8);
        var isZero = !sets[1..end].ContainsAnyExcept((byte)0);
        sets = sets[end..];
        return isZero;
    }

    private static FinalCommitment Read(ref SpanReader reader)
    {
        var outer = reader.ReadUInt16();
        var height = reader.ReadUInt32();
        return ReadCommitment(ref reader, outer, height);
    }

    private static FinalCommitment ReadCommitment(ref SpanReader reader, ushort outer, uint height)
    {
        var version = reader.ReadUInt16();
        var type = reader.ReadByte();
        var hash = new BlockHash(reader.ReadUint256());
        return new FinalCommitment
        {
            OuterVersion = outer,
            Height = height,
            Version = version,
            LlmqType = type,
            QuorumHash = hash,
            QuorumIndex = IsIndexed(version) ? reader.ReadInt16() : (short)0,
            Signers = ReadBits(ref reader),
            ValidMembers = ReadBits(ref reader),
            PublicKey = Payload.ReadPublicKey(ref reader, SchemeOf(version)),
            VerificationVectorHash = reader.ReadBytes(HashSize).ToArray(),
            QuorumSignature = Payload.ReadSignature(ref reader, SchemeOf(version)),
            MembersSignature = Payload.ReadSignature(ref reader, SchemeOf(version)),
        };
    }

    private static BlsScheme SchemeOf(ushort version) =>
        version is LegacyPlain or LegacyIndexed ? BlsScheme.Legacy : BlsScheme.Basic;

    private static bool IsIndexed(ushort version) => version is LegacyIndexed or BasicIndexed;

    private static (int Count, ReadOnlyMemory<byte> Bits) ReadBits(ref SpanReader reader)
    {
        var count = reader.ReadCompactSize();
        var bytes = reader.ReadBytes((count + 7) / 8).ToArray();
        if (count % 8 != 0 && bytes[^1] >> (count % 8) != 0)
        {
            throw new EncodingException("Out-of-range bits set");
        }

        return (count, bytes);
    }

    private static void WriteBits(ByteWriter writer, (int Count, ReadOnlyMemory<byte> Bits) set)
    {
        writer.WriteCompactSize(set.Count);
        writer.WriteBytes(set.Bits.Span);
    }

    private static bool HasBit(ReadOnlySpan<byte> bits, int index) =>
        index / 8 < bits.Length && (bits[index / 8] >> (index % 8) & 1) != 0;

    private static int CountBits(ReadOnlySpan<byte> bits)
    {
        var count = 0;
        foreach (var octet in bits)
        {
            count += int.PopCount(octet);
        }

        return count;
    }

    private static bool IsZero(ReadOnlyMemory<byte> bytes) => !bytes.Span.ContainsAnyExcept((byte)0);
}
