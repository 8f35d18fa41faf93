using System.Diagnostics.CodeAnalysis;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>Texts signed by the key of an address, so that anyone who knows the address can check them.</summary>
public static class SignedMessage
{
    /// <summary>What stands before every text, so that no transaction is signed by mistake.</summary>
    public const string Magic = "DarkCoin Signed Message:\n";

    /// <summary>What is signed: the hash of the magic and the text, each behind its length.</summary>
    public static Uint256 HashOf(string message)
    {
        var writer = new ByteWriter(64);
        writer.WriteString(Magic);
        writer.WriteString(message);
        return Hashes.Sha256d(writer.WrittenSpan);
    }

    /// <summary>Signs a text: 65 bytes in base64, from which the public key can be recovered.</summary>
    public static string Sign(PrivateKey key, string message)
    {
        ArgumentNullException.ThrowIfNull(key);
        return Base64Text.Encode(key.SignCompact(HashOf(message)));
    }

    /// <summary>Whether a text is signed by the key of an id.</summary>
    /// <param name="keyId">What the address names.</param>
    /// <param name="signature">In base64.</param>
    /// <param name="message">The text.</param>
    public static SignedMessageVerdict Verify(Hash160 keyId, string signature, string message)
    {
        if (!Base64Text.TryDecode(signature, out var bytes))
        {
            return SignedMessageVerdict.MalformedSignature;
        }

        return !TryRecover(bytes, message, out var key) ? SignedMessageVerdict.PublicKeyNotRecovered
            : key.Id != keyId ? SignedMessageVerdict.NotSigned
            : SignedMessageVerdict.Ok;
    }

    /// <summary>The public key that signed a text; false when there is none.</summary>
    public static bool TryRecover(ReadOnlySpan<byte> signature, string message, [NotNullWhen(true)] out PublicKey? key) =>
        PublicKey.TryRecover(HashOf(message), signature, out key);
}
