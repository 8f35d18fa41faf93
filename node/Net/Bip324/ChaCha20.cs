using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Dash.Node.Net.Bip324;

/// <summary>The key stream of ChaCha20 (RFC 8439) from block 0 on, taken in pieces of any length.</summary>
internal sealed class ChaCha20 : IDisposable
{
    private const int BlockSize = 64;

    private readonly uint[] _state = new uint[16];
    private readonly byte[] _block = new byte[BlockSize];
    private int _used = BlockSize;

    /// <summary>A stream of a key of 32 bytes and a nonce of 12.</summary>
    public ChaCha20(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        // "expand 32-byte k"
        (_state[0], _state[1], _state[2], _state[3]) = (0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);
        for (var i = 0; i < 8; i++)
        {
            _state[4 + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(4 * i)..]);
        }

        for (var i = 0; i < 3; i++)
        {
            _state[13 + i] = BinaryPrimitives.ReadUInt32LittleEndian(nonce[(4 * i)..]);
        }
    }

    /// <summary>Encrypts or decrypts in place with the next bytes of the stream.</summary>
    public void Crypt(Span<byte> data)
    {
        for (var i = 0; i < data.Length; i++)
        {
            if (_used == BlockSize)
            {
                NextBlock();
            }

            data[i] ^= _block[_used++];
        }
    }

    /// <summary>Forgets key and stream.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(System.Runtime.InteropServices.MemoryMarshal.AsBytes(_state.AsSpan()));
        CryptographicOperations.ZeroMemory(_block);
    }

    private static void QuarterRound(Span<uint> x, int a, int b, int c, int d)
    {
        x[a] += x[b];
        x[d] = BitOperations.RotateLeft(x[d] ^ x[a], 16);
        x[c] += x[d];
        x[b] = BitOperations.RotateLeft(x[b] ^ x[c], 12);
        x[a] += x[b];
        x[d] = BitOperations.RotateLeft(x[d] ^ x[a], 8);
        x[c] += x[d];
        x[b] = BitOperations.RotateLeft(x[b] ^ x[c], 7);
    }

    private void NextBlock()
    {
        Span<uint> x = stackalloc uint[16];
        _state.CopyTo(x);
        for (var round = 0; round < 10; round++)
        {
            for (var i = 0; i < 4; i++)
            {
                QuarterRound(x, i, 4 + i, 8 + i, 12 + i);
            }

            for (var i = 0; i < 4; i++)
            {
                QuarterRound(x, i, 4 + ((i + 1) % 4), 8 + ((i + 2) % 4), 12 + ((i + 3) % 4));
            }
        }

        for (var i = 0; i < x.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(_block.AsSpan(4 * i), x[i] + _state[i]);
        }

        _state[12]++;
        _used = 0;
    }
}
