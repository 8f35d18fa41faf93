using System.Buffers.Binary;
using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Keys;

/// <summary>
/// A secret key of secp256k1. Its 32 bytes are kept as <see cref="SecretBytes"/> and zeroed by <see cref="Dispose"/>;
/// using it afterwards throws <see cref="ObjectDisposedException"/>. Immutable until then, callable from any thread.
/// </summary>
public sealed class PrivateKey : IDisposable
{
    /// <summary>Bytes of the secret.</summary>
    public const int Size = Secp256k1.SecretSize;

    private readonly SecretBytes _secret;
    private PublicKey? _publicKey;

    private PrivateKey(ReadOnlySpan<byte> secret, bool compressed)
    {
        _secret = new SecretBytes(secret);
        IsCompressed = compressed;
    }

    /// <summary>Whether the public key is written as 33 bytes.</summary>
    public bool IsCompressed { get; }

    /// <summary>The public key, computed when first asked for.</summary>
    public PublicKey PublicKey
    {
        get
        {
            var key = _publicKey ??= PublicKey.FromSecret(Secret, IsCompressed);
            GC.KeepAlive(this);
            return key;
        }
    }

    // Whoever reads it keeps this object alive until it is done.
    private ReadOnlySpan<byte> Secret => _secret.Span;

    /// <summary>A new key from the system's randomness, compressed.</summary>
    public static PrivateKey Generate()
    {
        Span<byte> secret = stackalloc byte[Size];
        PrivateKey? key;
        do
        {
            RandomNumberGenerator.Fill(secret);
        }
        while (!TryFromBytes(secret, compressed: true, out key));

        CryptographicOperations.ZeroMemory(secret);
        return key;
    }

    /// <summary>Takes 32 bytes.</summary>
    /// <exception cref="ArgumentException">Not 32 bytes, zero, or not below the group's order.</exception>
    public static PrivateKey FromBytes(ReadOnlySpan<byte> secret, bool compressed = true) =>
        TryFromBytes(secret, compressed, out var key)
            ? key
            : throw new ArgumentException("Not a secret key.", nameof(secret));

    /// <summary>Takes 32 bytes; false if they are zero or not below the group's order, or not 32.</summary>
    public static bool TryFromBytes(
        ReadOnlySpan<byte> secret, bool compressed, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = secret.Length == Size && Secp256k1.IsSecret(secret) ? new PrivateKey(secret, compressed) : null;
        return key is not null;
    }

    /// <summary>
    /// Reads the form wallet files keep (<see cref="ToDer"/>). Whether the key is compressed is not read from it:
    /// the public key it is stored under tells.
    /// </summary>
    public static bool TryFromDer(
        ReadOnlySpan<byte> der, bool compressed, [NotNullWhen(true)] out PrivateKey? key)
    {
        key = null;
        return PrivateKeyDer.TryFindSecret(der, out var secret) && TryFromPadded(secret, compressed, out key);
    }

    /// <summary>
    /// Signs a hash: DER, low s, the nonce of RFC 6979. Counts up the nonce's extra entropy until r's top bit is
    /// clear, as Core does, so that no signature is longer than 70 bytes.
    /// </summary>
    public byte[] Sign(Uint256 hash)
    {
        Span<byte> hashBytes = stackalloc byte[Uint256.Size];
        hash.CopyTo(hashBytes);
        Span<byte> compact = stackalloc byte[Secp256k1.CompactSignatureSize];
        Span<byte> entropy = stackalloc byte[32];
        entropy.Clear();
        Require(Secp256k1.TrySign(hashBytes, Secret, default, compact));
        for (uint counter = 1; compact[0] >= 0x80; counter++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(entropy, counter);
            Require(Secp256k1.TrySign(hashBytes, Secret, entropy, compact));
        }

        Span<byte> der = stackalloc byte[Secp256k1.MaxDerSignatureSize];
        der = der[..Secp256k1.ToDer(compact, der)];

        // A signature made by a computer that errs could give the key away: look before it leaves.
        GC.KeepAlive(this);
        Require(PublicKey.Verify(hash, der));
        return der.ToArray();
    }

    /// <summary>Signs a hash into 65 bytes the public key can be recovered from (signed messages).</summary>
    public byte[] SignCompact(Uint256 hash)
    {
        Span<byte> hashBytes = stackalloc byte[Uint256.Size];
        hash.CopyTo(hashBytes);
        var signature = new byte[PublicKey.CompactSignatureSize];
        Require(Secp256k1.TrySignRecoverable(hashBytes, Secret, signature.AsSpan(1), out var recovery));
        GC.KeepAlive(this);
        signature[0] = (byte)(27 + recovery + (IsCompressed ? 4 : 0));
        Require(PublicKey.TryRecover(hash, signature, out var recovered) && recovered == PublicKey);
        return signature;
    }

    /// <summary>Writes the 32 bytes of the secret.</summary>
    public void CopyTo(Span<byte> destination) => _secret.CopyTo(destination);

    /// <summary>
    /// The ECPrivateKey of SEC 1, appendix C.4, with curve parameters and public key: what wallet files keep.
    /// 214 bytes for a compressed key, 279 for another. The caller zeroes it.
    /// </summary>
    public byte[] ToDer()
    {
        var der = PrivateKeyDer.Encode(Secret, PublicKey);
        GC.KeepAlive(this);
        return der;
    }

    /// <summary>An independent copy, disposed on its own.</summary>
    public PrivateKey Clone()
    {
        var copy = new PrivateKey(Secret, IsCompressed) { _publicKey = _publicKey };
        GC.KeepAlive(this);
        return copy;
    }

    /// <summary>Three asterisks, so that no log ever shows a key.</summary>
    public override string ToString() => "***";

    /// <summary>Zeroes the secret.</summary>
    public void Dispose() => _secret.Dispose();

    /// <summary>The secret plus a number modulo the group's order, compressed; false if that is no key.</summary>
    internal bool TryAdd(ReadOnlySpan<byte> tweak, [NotNullWhen(true)] out PrivateKey? key)
    {
        Span<byte> sum = stackalloc byte[Size];
        _secret.CopyTo(sum);
        key = Secp256k1.AddToSecret(sum, tweak) ? new PrivateKey(sum, compressed: true) : null;
        CryptographicOperations.ZeroMemory(sum);
        return key is not null;
    }

    private static bool TryFromPadded(
        ReadOnlySpan<byte> secret, bool compressed, [NotNullWhen(true)] out PrivateKey? key)
    {
        Span<byte> padded = stackalloc byte[Size];
        padded.Clear();
        secret.CopyTo(padded[(Size - secret.Length)..]);
        var valid = TryFromBytes(padded, compressed, out key);
        CryptographicOperations.ZeroMemory(padded);
        return valid;
    }

    private static void Require(bool condition)
    {
        if (!condition)
        {
            throw new CryptographicException("Signing failed.");
        }
    }
}
