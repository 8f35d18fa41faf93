using Dash.Primitives.Encoding;

namespace Dash.Primitives.Scripts;

/// <summary>The bytes of a script, immutable, equal when the bytes are.</summary>
public sealed class Script : IEquatable<Script>
{
    /// <summary>Longest script that is run, in bytes.</summary>
    public const int MaxSize = 10_000;

    /// <summary>Most bytes one push may put on the stack.</summary>
    public const int MaxElementSize = 520;

    /// <summary>Most public keys of one multisig check.</summary>
    public const int MaxKeysPerMultisig = 20;

    /// <summary>A script of no operation.</summary>
    public static readonly Script Empty = new([]);

    private readonly byte[] _bytes;

    /// <summary>A script of a copy of <paramref name="bytes"/>.</summary>
    public Script(ReadOnlySpan<byte> bytes)
        : this(bytes.ToArray(), isOwned: true)
    {
    }

    private Script(byte[] bytes, bool isOwned)
    {
        _ = isOwned;
        _bytes = bytes;
    }

    /// <summary>The bytes.</summary>
    public ReadOnlySpan<byte> Span => _bytes;

    /// <summary>The bytes.</summary>
    public ReadOnlyMemory<byte> Memory => _bytes;

    /// <summary>How many bytes.</summary>
    public int Length => _bytes.Length;

    /// <summary>Whether there is no byte.</summary>
    public bool IsEmpty => _bytes.Length == 0;

    /// <summary>A copy of the bytes.</summary>
    public byte[] ToArray() => [.. _bytes];

    /// <summary>
    /// The script whose bytes are written as hex; throws <see cref="EncodingException"/> or a format error.
    /// </summary>
    public static Script FromHex(string hex) => Own(Hex.Decode(hex));

    /// <summary>Takes over an array nobody else will change.</summary>
    internal static Script Own(byte[] bytes) => bytes.Length == 0 ? Empty : new Script(bytes, isOwned: true);

    /// <summary>The next length-prefixed script of <paramref name="reader"/>.</summary>
    public static Script Read(ref SpanReader reader)
    {
        var bytes = reader.ReadVarBytes();
        return bytes.IsEmpty ? Empty : new Script(bytes);
    }

    /// <summary>Nothing can ever spend it: it starts with OP_RETURN or is too long to be run.</summary>
    public bool IsUnspendable => (Length > 0 && _bytes[0] == (byte)Opcode.Return) || Length > MaxSize;

    /// <summary>Only pushes, numbers and OP_RESERVED, and well formed to the end.</summary>
    public bool IsPushOnly
    {
        get
        {
            var ops = Ops();
            while (ops.TryRead(out var op, out _))
            {
                if (op > Opcode.Op16)
                {
                    return false;
                }
            }

            return ops.IsAtEnd;
        }
    }

    /// <summary>Exactly the BIP16 form: OP_HASH160, 20 bytes, OP_EQUAL.</summary>
    public bool IsPayToScriptHash =>
        Length == 23 && _bytes[0] == (byte)Opcode.Hash160 && _bytes[1] == 20 && _bytes[22] == (byte)Opcode.Equal;

    /// <summary>Walks the operations from the start.</summary>
    public ScriptReader Ops() => new(_bytes);

    /// <summary>Whether the bytes parse to the end and no push exceeds <see cref="MaxElementSize"/>.</summary>
    public bool HasValidOps
    {
        get
        {
            var ops = Ops();
            while (ops.TryRead(out var op, out var data))
            {
                if (op > Opcode.CheckDataSigVerify || data.Length > MaxElementSize)
                {
                    return false;
                }
            }

            return ops.IsAtEnd;
        }
    }

    /// <summary>The bytes as hex.</summary>
    public string ToHex() => Hex.Encode(_bytes);

    /// <summary>The bytes as hex.</summary>
    public override string ToString() => ToHex();

    /// <inheritdoc/>
    public bool Equals(Script? other) => other is not null && Span.SequenceEqual(other.Span);

    /// <inheritdoc/>
    public override bool Equals(object? obj) => Equals(obj as Script);

    /// <inheritdoc/>
    public override int GetHashCode()
    {
        var hash = default(HashCode);
        hash.AddBytes(_bytes);
        return hash.ToHashCode();
    }

    /// <summary>Same bytes.</summary>
    public static bool operator ==(Script? left, Script? right) => left is null ? right is null : left.Equals(right);

    /// <summary>Different bytes.</summary>
    public static bool operator !=(Script? left, Script? right) => !(left == right);
}
