using System.Buffers.Binary;
using Dash.Primitives.Hashing;

namespace Dash.Node.Net.Bip324;

/// <summary>FSChaCha20 of BIP324: hides the lengths of packets, and forgets its key every 224 of them.</summary>
internal sealed class LengthCipher(ReadOnlySpan<byte> key) : IDisposable
{
    /// <summary>Packets between two keys.</summary>
    public const int RekeyInterval = 224;

    private const int KeySize = 32;

    private ChaCha20 _stream = Open(key, rekeys: 0);
    private int _count;
    private ulong _rekeys;

    /// <summary>Encrypts or decrypts the next length in place.</summary>
    public void Crypt(Span<byte> chunk)
    {
        _stream.Crypt(chunk);
        if (++_count < RekeyInterval)
        {
            return;
        }

        // The next key is the next part of the stream.
        Span<byte> next = stackalloc byte[KeySize];
        next.Clear();
        _stream.Crypt(next);
        _stream.Dispose();
        _stream = Open(next, ++_rekeys);
        _count = 0;
        System.Security.Cryptography.CryptographicOperations.ZeroMemory(next);
    }

    /// <inheritdoc/>
    public void Dispose() => _stream.Dispose();

    private static ChaCha20 Open(ReadOnlySpan<byte> key, ulong rekeys)
    {
        Span<byte> nonce = stackalloc byte[12];
        nonce[..4].Clear();
        BinaryPrimitives.WriteUInt64LittleEndian(nonce[4..], rekeys);
        return new ChaCha20(key, nonce);
    }
}
