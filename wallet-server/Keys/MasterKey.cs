using System.Security.Cryptography;

namespace Dash.WalletServer.Keys;

/// <summary>
/// A <c>mkey</c> record: the 32-byte key all secrets are encrypted with, itself encrypted under a passphrase. AES-256 in
/// CBC mode with PKCS7 padding; key and IV come from SHA-512 over passphrase and salt, repeated.
/// </summary>
internal sealed record MasterKey(
    ReadOnlyMemory<byte> Encrypted, ReadOnlyMemory<byte> Salt, uint Method, uint Iterations, ReadOnlyMemory<byte> Other)
{
    /// <summary>Bytes of the key inside.</summary>
    public const int KeySize = 32;

    private const int SaltSize = 8;
    private const int IvSize = 16;
    private const uint LeastIterations = 25_000;
    private const double TargetMilliseconds = 100;

    /// <summary>Encrypts a key under a passphrase with about a tenth of a second of work.</summary>
    public static MasterKey Create(ReadOnlySpan<byte> key, string passphrase, TimeProvider clock)
    {
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var first = Measure(passphrase, salt, LeastIterations, clock);
        var second = Measure(passphrase, salt, first, clock);
        var iterations = Math.Max(LeastIterations, (first + second) / 2);
        return new MasterKey(Encrypt(key, passphrase, salt, iterations), salt, 0, iterations, default);
    }

    /// <summary>The key, if the passphrase fits; the caller wipes it.</summary>
    public byte[]? TryOpen(string passphrase)
    {
        if (Method != 0)
        {
            return null;
        }

        var derived = Derive(passphrase, Salt.Span, Iterations);
        try
        {
            return TryDecrypt(derived.AsSpan(0, KeySize), derived.AsSpan(KeySize, IvSize), Encrypted.Span) is { Length: KeySize } key
                ? key
                : null;
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    /// <summary>
    /// Encrypts a secret; the IV is the start of the double SHA-256 of the public key it belongs to. Nothing stays nothing: Core
    /// writes no block of padding for it, and cannot read one.
    /// </summary>
    public static byte[] EncryptSecret(ReadOnlySpan<byte> key, ReadOnlySpan<byte> secret, ReadOnlySpan<byte> iv)
    {
        if (secret.IsEmpty)
        {
            return [];
        }

        using var aes = Aes.Create();
        aes.SetKey(key);
        return aes.EncryptCbc(secret, iv[..IvSize]);
    }

    /// <summary>Decrypts a secret; null when key and text do not belong together. The caller wipes it.</summary>
    public static byte[]? TryDecrypt(ReadOnlySpan<byte> key, ReadOnlySpan<byte> iv, ReadOnlySpan<byte> encrypted)
    {
        if (encrypted.Length == 0 || encrypted.Length % IvSize != 0)
        {
            return null;
        }

        using var aes = Aes.Create();
        aes.SetKey(key);
        try
        {
            return aes.DecryptCbc(encrypted, iv[..IvSize]);
        }
        catch (CryptographicException)
        {
            return null;
        }
    }

    private static byte[] Encrypt(ReadOnlySpan<byte> key, string passphrase, byte[] salt, uint iterations)
    {
        var derived = Derive(passphrase, salt, iterations);
        try
        {
            return EncryptSecret(derived.AsSpan(0, KeySize), key, derived.AsSpan(KeySize, IvSize));
        }
        finally
        {
            CryptographicOperations.ZeroMemory(derived);
        }
    }

    private static uint Measure(string passphrase, byte[] salt, uint iterations, TimeProvider clock)
    {
        var start = clock.GetTimestamp();
        CryptographicOperations.ZeroMemory(Derive(passphrase, salt, iterations));
        var took = Math.Max(1, clock.GetElapsedTime(start).TotalMilliseconds);
        return (uint)Math.Min(uint.MaxValue / 2, iterations * TargetMilliseconds / took);
    }

    private static byte[] Derive(string passphrase, ReadOnlySpan<byte> salt, uint iterations)
    {
        var text = System.Text.Encoding.UTF8.GetBytes(passphrase);
        var salted = new byte[text.Length + salt.Length];
        text.CopyTo(salted, 0);
        salt.CopyTo(salted.AsSpan(text.Length));
        var hash = new byte[SHA512.HashSizeInBytes];
        SHA512.HashData(salted, hash);
        for (var i = 1u; i < iterations; i++)
        {
            SHA512.HashData(hash, hash);
        }

        CryptographicOperations.ZeroMemory(text);
        CryptographicOperations.ZeroMemory(salted);
        return hash;
    }
}
