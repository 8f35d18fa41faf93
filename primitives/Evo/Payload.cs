using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Keys.Bls;

namespace Dash.Primitives.Evo;

/// <summary>What reading and writing all payloads have in common.</summary>
internal static class Payload
{
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
    /// Reads the bytes of a signature, which must be zero or a point in one of the schemes: where Core reads them, it
    /// refuses what it would not write.
    /// </summary>
    public static ReadOnlyMemory<byte> ReadSignature(ref SpanReader reader, BlsScheme scheme)
    {
        var bytes = reader.ReadBytes(BlsSignature.Size);
        var other = scheme == BlsScheme.Basic ? BlsScheme.Legacy : BlsScheme.Basic;

        // One of the other scheme is read, but no one will find it good.
        return !bytes.ContainsAnyExcept((byte)0) || IsSignature(bytes, scheme) || IsSignature(bytes, other)
            ? bytes.ToArray()
            : throw new EncodingException("malleable BLS object");
    }

    /// <summary>Whether bytes are a key's in the scheme, of a point on the curve.</summary>
    public static bool IsPublicKey(ReadOnlySpan<byte> bytes, BlsScheme scheme) =>
        BlsPublicKey.TryParse(bytes, scheme, out var key) && key.IsOnCurve;

    private static bool IsSignature(ReadOnlySpan<byte> bytes, BlsScheme scheme) =>
        BlsSignature.TryParse(bytes, scheme, out var signature) && signature.IsOnCurve;
}
