using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys.Bls;

namespace Dash.Primitives.Evo;

/// <summary>What reading and writing all payloads have in common.</summary>
internal static class Payload
{
    // What is absent; never written to.
    private static readonly byte[] Zeros = new byte[Math.Max(BlsSignature.Size, BlsPublicKey.Size)];

    /// <summary>Reads one payload; throws <see cref="EncodingException"/>.</summary>
    public delegate T Read<out T>(ref SpanReader reader);

    /// <summary>Reads a payload that fills all the bytes.</summary>
    public static bool TryParse<T>(ReadOnlySpan<byte> bytes, Read<T> read, [NotNullWhen(true)] out T? payload)
        where T : class
    {
        try
        {
            var reader = new SpanReader(bytes);
            payload = read(ref reader);
            reader.ExpectEnd();
            return true;
        }
        catch (EncodingException)
        {
            payload = null;
            return false;
        }
    }

    /// <summary>
    /// Reads the bytes of a signature as Core does: what it would not write again in either scheme is refused, and one
    /// of the other scheme becomes zero, an absent one, so that schemes never mix.
    /// </summary>
    public static ReadOnlyMemory<byte> ReadSignature(ref SpanReader reader, BlsScheme scheme) =>
        Settle(reader.ReadBytes(BlsSignature.Size), scheme, IsSignature);

    /// <summary>Reads the bytes of a key by the same rules.</summary>
    public static ReadOnlyMemory<byte> ReadPublicKey(ref SpanReader reader, BlsScheme scheme) =>
        Settle(reader.ReadBytes(BlsPublicKey.Size), scheme, IsPublicKey);

    /// <summary>Whether bytes are a key's in the scheme, as far as Core looks at it.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> bytes, BlsScheme scheme) =>
        BlsPublicKey.TryParse(bytes, scheme, out var key) && key.IsValid(scheme);

    private static bool IsSignature(ReadOnlySpan<byte> bytes, BlsScheme scheme) =>
        BlsSignature.TryParse(bytes, scheme, out var signature) && signature.IsValid(scheme);

    private static ReadOnlyMemory<byte> Settle(ReadOnlySpan<byte> bytes, BlsScheme scheme, Func<ReadOnlySpan<byte>, BlsScheme, bool> isPoint)
    {
        if (!bytes.ContainsAnyExcept((byte)0))
        {
            return Zeros.AsMemory(0, bytes.Length);
        }

        if (isPoint(bytes, scheme))
        {
            return bytes.ToArray();
        }

        var other = scheme == BlsScheme.Basic ? BlsScheme.Legacy : BlsScheme.Basic;
        return isPoint(bytes, other) ? Zeros.AsMemory(0, bytes.Length) : throw new EncodingException("malleable BLS object");
    }
}
