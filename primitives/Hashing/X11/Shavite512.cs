using System.Buffers.Binary;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// SHAvite-3-512 (Biham, Dunkelman; the specification's byte order). A Feistel cipher of fourteen rounds over four
/// sixteen-byte branches, each round function four rounds of AES under keys expanded from the message and a counter.
/// </summary>
internal static class Shavite512
{
    private const int BlockSize = 128;
    private const int TrailerAt = 110; // 16 bytes of message length, 2 of digest length
    private const int Rounds = 14;
    private const int KeyWords = Rounds * 32;
    private const int MessageWords = 32;

    private static ReadOnlySpan<uint> Initial =>
    [
        0x72fccdd8, 0x79ca4727, 0x128a077b, 0x40d55aec, 0xd1901a06, 0x430ae307, 0xb29f5cd1, 0xdf07fbfc,
        0x8e45d73d, 0x681ab538, 0xbde86578, 0xdd577e47, 0xe275eade, 0x502d9fcd, 0xb9357178, 0x022a4b9a,
    ];

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<uint> chain = stackalloc uint[16];
        Initial.CopyTo(chain);
        var rest = data;
        var bits = 0ul;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            bits += 8 * BlockSize;
            Compress(chain, rest, bits);
        }

        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var lastAt = rest.Length < TrailerAt ? 0 : BlockSize;
        bits = 8 * (ulong)data.Length;
        BinaryPrimitives.WriteUInt64LittleEndian(tail[(lastAt + TrailerAt)..], bits);
        BinaryPrimitives.WriteUInt16LittleEndian(tail[(lastAt + BlockSize - 2)..], 8 * X11Hash.DigestSize);

        // The counter is the number of message bits hashed so far, but zero for a block without any.
        Compress(chain, tail, rest.IsEmpty ? 0 : bits);
        if (lastAt != 0)
        {
            Compress(chain, tail[BlockSize..], 0);
        }

        for (var i = 0; i < chain.Length; i++)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(digest[(4 * i)..], chain[i]);
        }
    }

    private static void Compress(Span<uint> chain, ReadOnlySpan<byte> block, ulong counter)
    {
        Span<uint> keys = stackalloc uint[KeyWords];
        for (var i = 0; i < MessageWords; i++)
        {
            keys[i] = BinaryPrimitives.ReadUInt32LittleEndian(block[(4 * i)..]);
        }

        ExpandKeys(keys, (uint)counter, (uint)(counter >> 32));
        var subkeys = MemoryMarshal.Cast<uint, Vector128<byte>>(keys);
        var state = MemoryMarshal.Cast<uint, Vector128<byte>>(chain);
        var (a, b, c, d) = (state[0], state[1], state[2], state[3]);
        for (var round = 0; round < Rounds; round++)
        {
            a ^= FourRounds(b, subkeys.Slice(8 * round, 4));
            c ^= FourRounds(d, subkeys.Slice((8 * round) + 4, 4));
            (a, b, c, d) = (d, a, b, c);
        }

        state[0] ^= a;
        state[1] ^= b;
        state[2] ^= c;
        state[3] ^= d;
    }

    private static Vector128<byte> FourRounds(Vector128<byte> half, ReadOnlySpan<Vector128<byte>> keys)
    {
        var x = AesRound.Full(half ^ keys[0], keys[1]);
        x = AesRound.Full(x, keys[2]);
        x = AesRound.Full(x, keys[3]);
        return AesRound.Full(x, Vector128<byte>.Zero);
    }

    // By turns thirty-two words through AES and thirty-two linear ones. The counter (its upper half is zero here)
    // goes in at four places, each time in another order and with another word inverted.
    private static void ExpandKeys(Span<uint> keys, uint count0, uint count1)
    {
        var at = MessageWords;
        while (true)
        {
            for (var end = at + 32; at < end; at += 4)
            {
                var turned = Vector128.Create(keys[at - 31], keys[at - 30], keys[at - 29], keys[at - 32]);
                var mixed = AesRound.Full(turned.AsByte(), Vector128<byte>.Zero).AsUInt32();
                mixed ^= Vector128.Create<uint>(keys.Slice(at - 4, 4));
                mixed ^= at switch
                {
                    32 => Vector128.Create(count0, count1, 0, ~0u),
                    164 => Vector128.Create(0, 0, count1, ~count0),
                    316 => Vector128.Create(0, 0, count0, ~count1),
                    440 => Vector128.Create(count1, count0, 0, ~0u),
                    _ => Vector128<uint>.Zero,
                };
                mixed.CopyTo(keys[at..]);
            }

            if (at == KeyWords)
            {
                return;
            }

            for (var end = at + 32; at < end; at += 4)
            {
                var linear = Vector128.Create<uint>(keys.Slice(at - 32, 4))
                    ^ Vector128.Create<uint>(keys.Slice(at - 7, 4));
                linear.CopyTo(keys[at..]);
            }
        }
    }
}
