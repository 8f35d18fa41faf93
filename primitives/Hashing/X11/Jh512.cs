using System.Buffers.Binary;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;

namespace Dash.Primitives.Hashing.X11;

/// <summary>
/// JH-512 (Wu; round-3 version with 42 rounds), bit-sliced. The 1,024 bits of the state are eight words of 128 bits;
/// a vector here holds an even word in its lower half and the odd word behind it in its upper half.
/// </summary>
internal static class Jh512
{
    private const int BlockSize = 64;
    private const int StateSize = 128;
    private const int Rounds = 42;

    // The state after hashing the digest's length, as bytes.
    private const string InitialHex =
        "6fd14b963e00aa17636a2e057a15d5438a225e8d0c97ef0be9341259f2b3c361" +
        "891da0c1536f801e2aa9056bea2b6d80588eccdb2075baa6a90f3a76baf83bf7" +
        "0169e60541e34a6946b58a8e2e6fe65a1047a7d0c1843c243b6e71b12d5ac199" +
        "cf57f6ec9db1f856a706887c5716b156e3c2fcdfe68517fb545a4678cc8cdd4b";

    // Constants of the rounds, 32 bytes each: 16 for the even words, 16 for the odd ones. They are the state of the
    // same construction of a quarter of the size, run from the fraction of the square root of two.
    private const string RoundConstantsHex =
        "72d5dea2df15f8677b84150ab723155781abd6904d5a87f64e9f4fc5c3d12b40" +
        "ea983ae05c45fa9c03c5d29966b2999a660296b4f2bb538ab556141a88dba231" +
        "03a35a5c9a190edb403fb20a87c144101c051980849e951d6f33ebad5ee7cddc" +
        "10ba139202bf6b41dc786515f7bb27d00a2c813937aa78503f1abfd2410091d3" +
        "422d5a0df6cc7e90dd629f9c92c097ce185ca70bc72b44acd1df65d663c6fc23" +
        "976e6c039ee0b81a2105457e446ceca8eef103bb5d8e61fafd9697b294838197" +
        "4a8e8537db03302f2a678d2dfb9f6a958afe7381f8b8696c8ac77246c07f4214" +
        "c5f4158fbdc75ec475446fa78f11bb8052de75b7aee488bc82b8001e98a6a3f4" +
        "8ef48f33a9a36315aa5f5624d5b7f989b6f1ed207c5ae0fd36cae95a06422c36" +
        "ce2935434efe983d533af974739a4ba7d0f51f596f4e81860e9dad81afd85a9f" +
        "a7050667ee34626a8b0b28be6eb9172747740726c680103fe0a07e6fc67e487b" +
        "0d550aa54af8a4c091e3e79f978ef19e8676728150608dd47e9e5a41f3e5b062" +
        "fc9f1fec4054207ae3e41a00cef4c9844fd794f59dfa95d8552e7e1124c354a5" +
        "5bdf7228bdfe6e2878f57fe20fa5c4b205897cefee49d32e447e9385eb28597f" +
        "705f6937b324314a5e8628f11dd6e465c71b770451b920e774fe43e823d4878a" +
        "7d29e8a3927694f2ddcb7a099b30d9c11d1b30fb5bdc1be0da24494ff29c82bf" +
        "a4e7ba31b470bfff0d324405def8bc483baefc3253bbd339459fc3c1e0298ba0" +
        "e5c905fdf7ae090f947034124290f134a271b701e344ed95e93b8e364f2f984a" +
        "88401d63a06cf61547c1444b8752afff7ebb4af1e20ac6304670b6c5cc6e8ce6" +
        "a4d5a456bd4fca00da9d844bc83e18ae7357ce453064d1ade8a6ce68145c2567" +
        "a3da8cf2cb0ee11633e906589a94999a1f60b220c26f847bd1ceac7fa0d18518" +
        "32595ba18ddd19d3509a1cc0aaa5b4469f3d6367e4046bbaf6ca19ab0b56ee7e" +
        "1fb179eaa9282174e9bdf7353b3651ee1d57ac5a7550d3763a46c2fea37d7001" +
        "f735c1af98a4d84278edec209e6b677941836315ea3adba8fac33b4d32832c83" +
        "a7403b1f1c2747f35940f034b72d769ae73e4e6cd2214ffdb8fd8d39dc5759ef" +
        "8d9b0c492b49ebda5ba2d74968f3700d7d3baed07a8d5584f5a5e9f0e4f88e65" +
        "a0b8a2f436103b530ca8079e753eec5a9168949256e8884f5bb05c55f8babc4c" +
        "e3bb3b99f387947b75daf4d6726b1c5d64aeac28dc34b36d6c34a550b828db71" +
        "f861e2f2108d512ae3db643359dd75fc1cacbcf143ce3fa267bbd13c02e843b0" +
        "330a5bca8829a1757f34194db416535c923b94c30e794d1e797475d7b6eeaf3f" +
        "eaa8d4f7be1a39215cf47e094c23275126a32453ba323cd244a3174a6da6d5ad" +
        "b51d3ea6aff2c90883593d98916b3c564cf87ca17286604d46e23ecc086ec7f6" +
        "2f9833b3b1bc765e2bd666a5efc4e62a06f4b6e8bec1d43674ee8215bcef2163" +
        "fdc14e0df453c969a77d5ac4065858267ec1141606e0fa167e90af3d28639d3f" +
        "d2c9f2e3009bd20c5faace30b7d40c30742a5116f2e032980deb30d8e3cef89a" +
        "4bc59e7bb5f17992ff51e66e048668d39b234d57e6966731cce6a6f3170a7505" +
        "b17681d913326cce3c175284f805a262f42bcbb378471547ff46548223936a48" +
        "38df58074e5e6565f2fc7c89fc86508e31702e44d00bca86f04009a23078474e" +
        "65a0ee39d1f73883f75ee937e42c3abd2197b2260113f86fa344edd1ef9fdee7" +
        "8ba0df15762592d93c85f7f612dc42bed8a7ec7cab27b07e538d7ddaaa3ea8de" +
        "aa25ce93bd0269d85af643fd1a7308f9c05fefda174a19a5974d66334cfd216a" +
        "35b49831db411570ea1e0fbbedcd549b9ad063a151974072f6759dbf91476fe2";

    private static readonly byte[] Initial = Convert.FromHexString(InitialHex);
    private static readonly byte[] RoundConstants = Convert.FromHexString(RoundConstantsHex);

    /// <summary>Writes the 64-byte digest; it may overlap the data.</summary>
    public static void Hash(ReadOnlySpan<byte> data, Span<byte> digest)
    {
        Span<byte> state = stackalloc byte[StateSize];
        Initial.CopyTo(state);
        var rest = data;
        for (; rest.Length >= BlockSize; rest = rest[BlockSize..])
        {
            Compress(state, rest);
        }

        // Padding: a one bit, zeros, the length in bits (big-endian, 128 bits), at least a whole block of it.
        Span<byte> tail = stackalloc byte[2 * BlockSize];
        tail.Clear();
        rest.CopyTo(tail);
        tail[rest.Length] = 0x80;
        var end = rest.IsEmpty ? BlockSize : 2 * BlockSize;
        BinaryPrimitives.WriteUInt64BigEndian(tail[(end - 8)..], 8 * (ulong)data.Length);
        for (var at = 0; at < end; at += BlockSize)
        {
            Compress(state, tail[at..]);
        }

        state[(StateSize - X11Hash.DigestSize)..].CopyTo(digest);
    }

    // The message goes into the first half before the permutation and into the second half after it.
    private static void Compress(Span<byte> state, ReadOnlySpan<byte> block)
    {
        var words = MemoryMarshal.Cast<byte, Vector256<ulong>>(state);
        var message = MemoryMarshal.Cast<byte, Vector256<ulong>>(block[..BlockSize]);
        var (m0, m1) = (message[0], message[1]);
        var (a, b, c, d) = (words[0] ^ m0, words[1] ^ m1, words[2], words[3]);
        var constants = MemoryMarshal.Cast<byte, Vector256<ulong>>(RoundConstants);
        for (var round = 0; round < Rounds; round += 7)
        {
            var k = constants.Slice(round, 7);
            Round(ref a, ref b, ref c, ref d, k[0]);
            SwapOdd(ref a, ref b, ref c, ref d, 0x5555555555555555, 1);
            Round(ref a, ref b, ref c, ref d, k[1]);
            SwapOdd(ref a, ref b, ref c, ref d, 0x3333333333333333, 2);
            Round(ref a, ref b, ref c, ref d, k[2]);
            SwapOdd(ref a, ref b, ref c, ref d, 0x0f0f0f0f0f0f0f0f, 4);
            Round(ref a, ref b, ref c, ref d, k[3]);
            SwapOdd(ref a, ref b, ref c, ref d, 0x00ff00ff00ff00ff, 8);
            Round(ref a, ref b, ref c, ref d, k[4]);
            SwapOdd(ref a, ref b, ref c, ref d, 0x0000ffff0000ffff, 16);
            Round(ref a, ref b, ref c, ref d, k[5]);
            SwapOdd(ref a, ref b, ref c, ref d, 0x00000000ffffffff, 32);
            Round(ref a, ref b, ref c, ref d, k[6]);
            a = Vector256.Shuffle(a, Vector256.Create(0ul, 1, 3, 2));
            b = Vector256.Shuffle(b, Vector256.Create(0ul, 1, 3, 2));
            c = Vector256.Shuffle(c, Vector256.Create(0ul, 1, 3, 2));
            d = Vector256.Shuffle(d, Vector256.Create(0ul, 1, 3, 2));
        }

        words[0] = a;
        words[1] = b;
        words[2] = c ^ m0;
        words[3] = d ^ m1;
    }

    // The S-box chosen by the constant's bits on all nibbles at once, then the code L between even and odd words.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void Round(
        ref Vector256<ulong> a,
        ref Vector256<ulong> b,
        ref Vector256<ulong> c,
        ref Vector256<ulong> d,
        Vector256<ulong> constant)
    {
        d = ~d;
        a ^= Vector256.AndNot(constant, c);
        var t = constant ^ (a & b);
        a ^= c & d;
        d ^= Vector256.AndNot(c, b);
        b ^= a & c;
        c ^= Vector256.AndNot(a, d);
        a ^= b | d;
        d ^= b & c;
        b ^= t & a;
        c ^= t;

        var (a0, b0, c0, d0) = (a.GetLower(), b.GetLower(), c.GetLower(), d.GetLower());
        var (a1, b1, c1, d1) = (a.GetUpper(), b.GetUpper(), c.GetUpper(), d.GetUpper());
        a1 ^= b0;
        b1 ^= c0;
        c1 ^= d0 ^ a0;
        d1 ^= a0;
        a = Vector256.Create(a0 ^ b1, a1);
        b = Vector256.Create(b0 ^ c1, b1);
        c = Vector256.Create(c0 ^ d1 ^ a1, c1);
        d = Vector256.Create(d0 ^ a1, d1);
    }

    // The permutation of a round, seen bit-sliced: in the odd words neighbouring groups of bits change places.
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static void SwapOdd(
        ref Vector256<ulong> a,
        ref Vector256<ulong> b,
        ref Vector256<ulong> c,
        ref Vector256<ulong> d,
        ulong mask,
        int distance)
    {
        a = SwapOdd(a, mask, distance);
        b = SwapOdd(b, mask, distance);
        c = SwapOdd(c, mask, distance);
        d = SwapOdd(d, mask, distance);
    }

    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    private static Vector256<ulong> SwapOdd(Vector256<ulong> value, ulong mask, int distance)
    {
        var lower = Vector128.Create(mask);
        var odd = value.GetUpper();
        return value.WithUpper(((odd & lower) << distance) | ((odd >>> distance) & lower));
    }
}
