using System.Buffers.Binary;
using System.Numerics;
using System.Security.Cryptography;

namespace Dash.Primitives.Hashing;

/// <summary>
/// A hash of a set: elements can be added and removed in any order, and sets that are equal have equal hashes. Each
/// element becomes a number below 2^3072 - 1103717 (SHA-256, spread by ChaCha20); the hash is that of their product,
/// kept as a fraction so that removing costs as little as adding. Not safe for several threads.
/// </summary>
public sealed class MuHash3072
{
    /// <summary>Bytes of the stored form: numerator and denominator.</summary>
    public const int Size = 2 * NumberSize;

    private const int NumberSize = Limbs * sizeof(ulong);
    private const int Limbs = 48;

    // The modulus is 2^3072 - Deficit, the largest safe prime below 2^3072.
    private const ulong Deficit = 1_103_717;

    private static readonly BigInteger Modulus = (BigInteger.One << 3072) - Deficit;

    // Little-endian numbers, not always below the modulus.
    private ulong[] _numerator = One();
    private ulong[] _denominator = One();

    /// <summary>The hash of the empty set.</summary>
    public MuHash3072()
    {
    }

    /// <summary>Reads the stored form.</summary>
    /// <exception cref="ArgumentException">It has another length.</exception>
    public MuHash3072(ReadOnlySpan<byte> stored)
    {
        if (stored.Length != Size)
        {
            throw new ArgumentException("A stored MuHash3072 has 768 bytes.", nameof(stored));
        }

        _numerator = ReadNumber(stored[..NumberSize]);
        _denominator = ReadNumber(stored[NumberSize..]);
    }

    /// <summary>Adds an element.</summary>
    public void Insert(ReadOnlySpan<byte> element) => Multiply(_numerator, NumberOf(element));

    /// <summary>Removes an element.</summary>
    public void Remove(ReadOnlySpan<byte> element) => Multiply(_denominator, NumberOf(element));

    /// <summary>The hash of the set as it is; it can go on changing afterwards.</summary>
    public Uint256 Compute()
    {
        Normalise();
        Span<byte> bytes = stackalloc byte[NumberSize];
        WriteNumber(_numerator, bytes);
        return new Uint256(SHA256.HashData(bytes));
    }

    /// <summary>The stored form.</summary>
    public byte[] ToArray()
    {
        var bytes = new byte[Size];
        WriteNumber(_numerator, bytes);
        WriteNumber(_denominator, bytes.AsSpan(NumberSize));
        return bytes;
    }

    private static ulong[] One()
    {
        var one = new ulong[Limbs];
        one[0] = 1;
        return one;
    }

    private static ulong[] NumberOf(ReadOnlySpan<byte> element)
    {
        Span<byte> key = stackalloc byte[SHA256.HashSizeInBytes];
        SHA256.HashData(element, key);
        Span<byte> bytes = stackalloc byte[NumberSize];
        ChaCha20.Fill(key, bytes);
        return ReadNumber(bytes);
    }

    private static ulong[] ReadNumber(ReadOnlySpan<byte> bytes)
    {
        var number = new ulong[Limbs];
        for (var i = 0; i < Limbs; i++)
        {
            number[i] = BinaryPrimitives.ReadUInt64LittleEndian(bytes[(i * sizeof(ulong))..]);
        }

        return number;
    }

    private static void WriteNumber(ulong[] number, Span<byte> bytes)
    {
        for (var i = 0; i < Limbs; i++)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes[(i * sizeof(ulong))..], number[i]);
        }
    }

    // left = left * right modulo the modulus, except that the result may be the modulus or a little above.
    private static void Multiply(ulong[] left, ulong[] right)
    {
        Span<ulong> product = stackalloc ulong[2 * Limbs];
        product.Clear();
        for (var i = 0; i < Limbs; i++)
        {
            ulong carry = 0;
            var factor = left[i];
            for (var j = 0; j < Limbs; j++)
            {
                var high = Math.BigMul(factor, right[j], out var low);
                low += carry;
                high += low < carry ? 1u : 0u;
                ref var at = ref product[i + j];
                at += low;
                carry = high + (at < low ? 1u : 0u);
            }

            product[i + Limbs] = carry;
        }

        // 2^3072 is Deficit modulo the modulus: the upper half comes in that many times, its own overflow once more.
        ulong over = 0;
        for (var i = 0; i < Limbs; i++)
        {
            var high = Math.BigMul(product[i + Limbs], Deficit, out var low);
            low += over;
            high += low < over ? 1u : 0u;
            var sum = product[i] + low;
            over = high + (sum < low ? 1u : 0u);
            left[i] = sum;
        }

        while (over > 0)
        {
            var high = Math.BigMul(over, Deficit, out var add);
            over = 0;
            for (var i = 0; i < Limbs && (add | high) != 0; i++)
            {
                var sum = left[i] + add;
                var carry = sum < add ? 1u : 0u;
                left[i] = sum;
                add = high + carry;
                high = 0;
            }

            over = add;
        }
    }

    private static BigInteger ToBig(ulong[] number)
    {
        Span<byte> bytes = stackalloc byte[NumberSize];
        WriteNumber(number, bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }

    // The number that gives 1 when multiplied, by Euclid's algorithm.
    private static BigInteger Invert(BigInteger number)
    {
        var (previous, current) = (Modulus, number % Modulus);
        var (before, now) = (BigInteger.Zero, BigInteger.One);
        while (!current.IsZero)
        {
            var quotient = BigInteger.DivRem(previous, current, out var rest);
            (previous, current) = (current, rest);
            (before, now) = (now, before - (quotient * now));
        }

        return before.Sign < 0 ? before + Modulus : before;
    }

    // Numerator below the modulus, denominator one.
    private void Normalise()
    {
        var isWhole = _denominator[0] == 1 && !_denominator.AsSpan(1).ContainsAnyExcept(0ul);
        if (isWhole && _numerator[Limbs - 1] != ulong.MaxValue)
        {
            return;
        }

        var value = ToBig(_numerator) % Modulus;
        if (!isWhole)
        {
            value = value * Invert(ToBig(_denominator)) % Modulus;
        }

        Span<byte> bytes = stackalloc byte[NumberSize];
        bytes.Clear();
        value.TryWriteBytes(bytes, out _, isUnsigned: true);
        _numerator = ReadNumber(bytes);
        _denominator = One();
    }
}
