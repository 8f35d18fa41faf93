using System.Buffers;
using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using System.Runtime.CompilerServices;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Units;

namespace Dash.Primitives.Transactions;

/// <summary>
/// A transaction, immutable; equal when the txids are. Changed copies are made by <c>with</c>. Any thread may use it.
/// </summary>
public sealed record Transaction
{
    /// <summary>Version a wallet gives a new transaction.</summary>
    public const short DefaultVersion = 2;

    /// <summary>From this version on the type counts and an extra payload may follow (DIP2).</summary>
    public const short SpecialVersion = 3;

    // Version and type, two counts, lock time.
    private const int MinimumSize = 4 + 1 + 1 + 4;

    // Boxed so that a reader on another thread sees a whole hash or none.
    private StrongBox<Txid>? _txid;

    /// <summary>
    /// A transaction of these parts; <paramref name="extraPayload"/> is not copied and must not change.
    /// </summary>
    public Transaction(
        short version,
        TransactionType type,
        ImmutableArray<TxIn> inputs,
        ImmutableArray<TxOut> outputs,
        uint lockTime = 0,
        ReadOnlyMemory<byte> extraPayload = default)
    {
        Version = version;
        Type = type;
        Inputs = inputs;
        Outputs = outputs;
        LockTime = lockTime;
        ExtraPayload = extraPayload;
    }

    /// <summary>An ordinary transaction of <see cref="DefaultVersion"/>.</summary>
    public Transaction(ImmutableArray<TxIn> inputs, ImmutableArray<TxOut> outputs, uint lockTime = 0)
        : this(DefaultVersion, TransactionType.Normal, inputs, outputs, lockTime)
    {
    }

    private Transaction(Transaction other)
    {
        // The txid is not copied: a copy is made to be changed.
        Version = other.Version;
        Type = other.Type;
        Inputs = other.Inputs;
        Outputs = other.Outputs;
        LockTime = other.LockTime;
        ExtraPayload = other.ExtraPayload;
    }

    /// <summary>Lower 16 bits of the version field.</summary>
    public short Version { get; init; }

    /// <summary>Upper 16 bits of the version field; means something from <see cref="SpecialVersion"/> on.</summary>
    public TransactionType Type { get; init; }

    /// <summary>What it spends.</summary>
    public ImmutableArray<TxIn> Inputs { get; init; }

    /// <summary>What it pays.</summary>
    public ImmutableArray<TxOut> Outputs { get; init; }

    /// <summary>Earliest height, or time in seconds if 500,000,000 or more; 0 is any.</summary>
    public uint LockTime { get; init; }

    /// <summary>The payload of a special transaction; empty in others.</summary>
    public ReadOnlyMemory<byte> ExtraPayload { get; init; }

    /// <summary>
    /// The first four bytes on the wire. A version that is negative as 16 bits hides the type, as it is extended to 32
    /// bits before the type is put above it: so Core writes and hashes it.
    /// </summary>
    internal uint VersionAndType => (uint)(int)Version | ((uint)Type << 16);

    /// <summary>Whether an extra payload is part of the serialized form.</summary>
    public bool HasExtraPayload => Version >= SpecialVersion && Type != TransactionType.Normal;

    /// <summary>Whether it makes new coins: its only input spends nothing.</summary>
    public bool IsCoinBase => Inputs.Length == 1 && Inputs[0].PreviousOutput.IsNull;

    /// <summary>The double SHA-256 of the serialized form; computed once, when first asked for.</summary>
    public Txid Txid => (_txid ??= new StrongBox<Txid>(ComputeTxid())).Value;

    /// <summary>Bytes of the serialized form.</summary>
    public int Size
    {
        get
        {
            var size = 4 + CompactSize.LengthOf((ulong)Inputs.Length) + CompactSize.LengthOf((ulong)Outputs.Length) + 4;
            foreach (var input in Inputs)
            {
                size += input.Size;
            }

            foreach (var output in Outputs)
            {
                size += output.Size;
            }

            return HasExtraPayload
                ? size + CompactSize.LengthOf((ulong)ExtraPayload.Length) + ExtraPayload.Length
                : size;
        }
    }

    /// <summary>The checked sum of the outputs.</summary>
    public Amount OutputValue
    {
        get
        {
            var sum = Amount.Zero;
            foreach (var output in Outputs)
            {
                sum += output.Value;
            }

            return sum;
        }
    }

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static Transaction Read(ref SpanReader reader)
    {
        var versionAndType = reader.ReadUInt32();
        var version = (short)(ushort)versionAndType;
        var type = (TransactionType)(versionAndType >> 16);

        var inputs = ImmutableArray.CreateBuilder<TxIn>(reader.ReadCount(TxIn.MinimumSize));
        while (inputs.Count < inputs.Capacity)
        {
            inputs.Add(TxIn.Read(ref reader));
        }

        var outputs = ImmutableArray.CreateBuilder<TxOut>(reader.ReadCount(TxOut.MinimumSize));
        while (outputs.Count < outputs.Capacity)
        {
            outputs.Add(TxOut.Read(ref reader));
        }

        var lockTime = reader.ReadUInt32();
        ReadOnlyMemory<byte> payload = version >= SpecialVersion && type != TransactionType.Normal
            ? reader.ReadVarBytes().ToArray()
            : default;
        return new Transaction(version, type, inputs.MoveToImmutable(), outputs.MoveToImmutable(), lockTime, payload);
    }

    /// <summary>Reads one that fills all the bytes; throws <see cref="EncodingException"/>.</summary>
    public static Transaction Parse(ReadOnlySpan<byte> bytes)
    {
        var reader = new SpanReader(bytes);
        var transaction = Read(ref reader);
        reader.ExpectEnd();
        return transaction;
    }

    /// <summary>Reads one that fills all the bytes.</summary>
    public static bool TryParse(ReadOnlySpan<byte> bytes, [NotNullWhen(true)] out Transaction? transaction)
    {
        transaction = null;
        if (bytes.Length < MinimumSize)
        {
            return false;
        }

        try
        {
            transaction = Parse(bytes);
            return true;
        }
        catch (EncodingException)
        {
            return false;
        }
    }

    /// <summary>Writes the serialized form.</summary>
    public void Write(ByteWriter writer)
    {
        ArgumentNullException.ThrowIfNull(writer);
        writer.WriteUInt32(VersionAndType);
        writer.WriteCompactSize(Inputs.Length);
        foreach (var input in Inputs)
        {
            input.Write(writer);
        }

        writer.WriteCompactSize(Outputs.Length);
        foreach (var output in Outputs)
        {
            output.Write(writer);
        }

        writer.WriteUInt32(LockTime);
        if (HasExtraPayload)
        {
            writer.WriteVarBytes(ExtraPayload.Span);
        }
    }

    /// <summary>The serialized form.</summary>
    public byte[] ToBytes()
    {
        var writer = new ByteWriter(Size);
        Write(writer);
        return writer.ToArray();
    }

    /// <inheritdoc/>
    public bool Equals(Transaction? other) => ReferenceEquals(this, other) || (other is not null && Txid == other.Txid);

    /// <inheritdoc/>
    public override int GetHashCode() => Txid.GetHashCode();

    /// <summary>The txid.</summary>
    public override string ToString() => Txid.ToString();

    private Txid ComputeTxid()
    {
        var room = ArrayPool<byte>.Shared.Rent(Size);
        try
        {
            var writer = new ByteWriter(room);
            Write(writer);
            return new Txid(Hashes.Sha256d(writer.WrittenSpan));
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(room);
        }
    }
}
