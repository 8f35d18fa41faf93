using System.Globalization;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Keys;
using Dash.Primitives.Networks;

namespace Dash.Node.Net.Sporks;

/// <summary>The value of a switch, signed. Immutable.</summary>
/// <param name="Id">Which.</param>
/// <param name="Value">Its value, for most a time from which on it is on.</param>
/// <param name="Time">When it was signed, Unix seconds.</param>
/// <param name="Signature">65 bytes, from which the signer's key can be recovered.</param>
internal sealed record SporkMessage(int Id, long Value, long Time, ReadOnlyMemory<byte> Signature)
{
    private const int MaxSignature = 65;

    /// <summary>Its name: the hash of the whole message.</summary>
    public Uint256 Hash => Hashes.Sha256d(ToBytes());

    /// <summary>Reads one; throws <see cref="EncodingException"/>.</summary>
    public static SporkMessage Read(ref SpanReader reader) =>
        new(reader.ReadInt32(), reader.ReadInt64(), reader.ReadInt64(), reader.ReadVarBytes(MaxSignature).ToArray());

    /// <summary>A new one, signed.</summary>
    public static SporkMessage Sign(int id, long value, long time, PrivateKey key, ChainParams network)
    {
        SporkMessage unsigned = new(id, value, time, ReadOnlyMemory<byte>.Empty);
        return unsigned with { Signature = key.SignCompact(unsigned.SignedHash(network)) };
    }

    /// <summary>The id of the key that signed it; null if no key could have.</summary>
    public Hash160? Signer(ChainParams network) =>
        Signature.Length == MaxSignature && PublicKey.TryRecover(SignedHash(network), Signature.Span, out var key) ? key.Id : null;

    /// <summary>Writes the serialized form.</summary>
    public void Write(ByteWriter writer)
    {
        WriteUnsigned(writer);
        writer.WriteVarBytes(Signature.Span);
    }

    /// <summary>The serialized form.</summary>
    public byte[] ToBytes()
    {
        ByteWriter writer = new();
        Write(writer);
        return writer.ToArray();
    }

    private void WriteUnsigned(ByteWriter writer)
    {
        writer.WriteInt32(Id);
        writer.WriteInt64(Value);
        writer.WriteInt64(Time);
    }

    // The public test network signs the bytes, all others the three numbers as one text.
    private Uint256 SignedHash(ChainParams network)
    {
        if (!string.Equals(network.Name, ChainParams.Test.Name, StringComparison.Ordinal))
        {
            return SignedMessage.HashOf(string.Create(CultureInfo.InvariantCulture, $"{Id}{Value}{Time}"));
        }

        ByteWriter writer = new();
        WriteUnsigned(writer);
        return Hashes.Sha256d(writer.WrittenSpan);
    }
}
