using System.Buffers.Binary;
using System.Numerics;
using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace Dash.Primitives.Hashing;

/// <summary>The key stream of ChaCha20 (RFC 8439) from block 0 on, taken in pieces of any length.</summary>
public sealed class ChaCha20 : IDisposable
{
    private const int BlockSize = 64;
    private const int Words = 16;
    private const int KeyWords = 8;
    private const int NonceWords = 3;

    // Words of the state before each block: 4 constant ones, 8 of the key, the block's number, 3 of the nonce.
    private const int KeyAt = 4;
    private const int CounterAt = 12;
    private const int NonceAt = 13;

    private readonly uint[] _state = new uint[Words];
    private readonly byte[] _block = new byte[BlockSize];
    private int _used = BlockSize;

    /// <summary>A stream of a key of 32 bytes and a nonce of 12.</summary>
    public ChaCha20(ReadOnlySpan<byte> key, ReadOnlySpan<byte> nonce)
    {
        Start(_state, key);
        for (var i = 0; i < NonceWords; i++)
        {
            _state[NonceAt + i] = BinaryPrimitives.ReadUInt32LittleEndian(nonce[(sizeof(uint) * i)..]);
        }
    }

    /// <summary>Spreads a key that is no secret over many bytes: the stream of nonce zero.</summary>
    /// <param name="key">32 bytes.</param>
    /// <param name="stream">Is filled; a multiple of 64 bytes long.</param>
    public static void Fill(ReadOnlySpan<byte> key, Span<byte> stream)
    {
        Span<uint> state = stackalloc uint[Words];
        state.Clear();
        Start(state, key);
        for (; !stream.IsEmpty; stream = stream[BlockSize..])
        {
            NextBlock(state, stream[..BlockSize]);
        }
    }

    /// <summary>Encrypts or decrypts in place with the next bytes of the stream.</summary>
    public void Crypt(Span<byte> data)
    {
        for (var i = 0; i < data.Length; i++)
        {
            if (_used == BlockSize)
            {
                NextBlock(_state, _block);
                _used = 0;
            }

            data[i] ^= _block[_used++];
        }
    }

    /// <summary>Forgets key and stream.</summary>
    public void Dispose()
    {
        CryptographicOperations.ZeroMemory(MemoryMarshal.AsBytes(_state.AsSpan()));
        CryptographicOperations.ZeroMemory(_block);
    }

    private static void Start(Span<uint> state, ReadOnlySpan<byte> key)
    {
        // "expand 32-byte k"
        (state[0], state[1], state[2], state[3]) = (0x61707865, 0x3320646e, 0x79622d32, 0x6b206574);
        for (var i = 0; i < KeyWords; i++)
        {
            state[KeyAt + i] = BinaryPrimitives.ReadUInt32LittleEndian(key[(sizeof(uint) * i)..]);
        }
    }

    private static void NextBlock(Span<uint> state, Span<byte> block)
    {
        Span<uint> x = stackalloc uint[Words];
        state.CopyTo(x);
        for (var round = 0; round < 10; round++)
        {
            Quarter(x, 0, 4, 8, 12);
            Quarter(x, 1, 5, 9, 13);
            Quarter(x, 2, 6, 10, 14);
            Quarter(x, 3, 7, 11, 15);
            Quarter(x, 0, 5, 10, 15);
            Quarter(x, 1, 6, 11, 12);
            Quarter(x, 2, 7, 8, 13);
            Quarter(x, 3, 4, 9, 14);
        }

        for (var i = 0; i < Words; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(block[(sizeof(uint) * i)..], x[i] + state[i]);
        }

        state[CounterAt]++;
    }

    private static void Quarter(Span<uint> x, int a, int b, int c, int d)
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
}
