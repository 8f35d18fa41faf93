using System.Buffers.Binary;
using System.Security.Cryptography;

namespace Dash.Node.Net.Bip324;

/// <summary>FSChaCha20Poly1305 of BIP324: encrypts packets, and forgets its key every 224 of them.</summary>
internal sealed class PacketCipher(ReadOnlySpan<byte> key) : IDisposable
{
    /// <summary>Bytes by which a packet grows: the tag that proves it.</summary>
    public const int TagSize = 16;

    private const int NonceSize = 12;

    private ChaCha20Poly1305 _aead = new(key);
    private uint _count;
    private ulong _rekeys;

    /// <summary>Encrypts the next packet.</summary>
    public void Encrypt(ReadOnlySpan<byte> plain, ReadOnlySpan<byte> associated, Span<byte> cipherAndTag)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, _count);
        _aead.Encrypt(nonce, plain, cipherAndTag[..^TagSize], cipherAndTag[^TagSize..], associated);
        Advance();
    }

    /// <summary>Decrypts the next packet; false if it was not made by the other end.</summary>
    public bool TryDecrypt(ReadOnlySpan<byte> cipherAndTag, ReadOnlySpan<byte> associated, Span<byte> plain)
    {
        Span<byte> nonce = stackalloc byte[NonceSize];
        WriteNonce(nonce, _count);
        try
        {
            _aead.Decrypt(nonce, cipherAndTag[..^TagSize], cipherAndTag[^TagSize..], plain, associated);
        }
        catch (AuthenticationTagMismatchException)
        {
            return false;
        }

        Advance();
        return true;
    }

    /// <inheritdoc/>
    public void Dispose() => _aead.Dispose();

    private void WriteNonce(Span<byte> nonce, uint count)
    {
        BinaryPrimitives.WriteUInt32LittleEndian(nonce, count);
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], _rekeys);
    }

    private void Advance()
    {
        if (++_count < LengthCipher.RekeyInterval)
        {
            return;
        }

        // The next key is the stream that no packet of this key used.
        Span<byte> nonce = stackalloc byte[NonceSize];
        Span<byte> next = stackalloc byte[32];
        Span<byte> tag = stackalloc byte[TagSize];
        WriteNonce(nonce, uint.MaxValue);
        next.Clear();
        _aead.Encrypt(nonce, next, next, tag);
        _aead.Dispose();
        _aead = new ChaCha20Poly1305(next);
        _count = 0;
        _rekeys++;
        CryptographicOperations.ZeroMemory(next);
    }
}
