using System.Numerics;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Blocks;

/// <summary>
/// The 32-bit form of a proof of work target: the top byte is the length in bytes, then a sign bit, then 23 bits of
/// mantissa.
/// </summary>
public static class CompactTarget
{
    private static readonly BigInteger TwoTo256 = BigInteger.One << 256;

    /// <summary>The target that <paramref name="bits"/> stand for.</summary>
    /// <returns>
    /// False when they are negative or more than 256 bits long. A target of zero is returned as such.
    /// </returns>
    public static bool TryDecode(uint bits, out BigInteger target)
    {
        var length = (int)(bits >> 24);
        var mantissa = bits & 0x007fffff;
        if (length <= 3)
        {
            mantissa >>= 8 * (3 - length);
            target = mantissa;
        }
        else
        {
            target = (BigInteger)mantissa << (8 * (length - 3));
        }

        var isNegative = mantissa != 0 && (bits & 0x00800000) != 0;
        var isTooLong = mantissa != 0
            && (length > 34 || (mantissa > 0xff && length > 33) || (mantissa > 0xffff && length > 32));
        return !isNegative && !isTooLong;
    }

    /// <summary>The compact form of a target of zero or more, rounded down to what it can hold.</summary>
    public static uint Encode(BigInteger target)
    {
        var length = target.IsZero ? 0 : (int)((target.GetBitLength() + 7) / 8);
        var mantissa = length <= 3
            ? (uint)target << (8 * (3 - length))
            : (uint)(target >> (8 * (length - 3)));

        // The mantissa's top bit is the sign: a target that uses it becomes one byte longer.
        if ((mantissa & 0x00800000) != 0)
        {
            mantissa >>= 8;
            length++;
        }

        return mantissa | ((uint)length << 24);
    }

    /// <summary>Hashes it takes on average to meet a target; zero for one that is not valid.</summary>
    public static BigInteger Work(uint bits) =>
        TryDecode(bits, out var target) && !target.IsZero ? TwoTo256 / (target + 1) : BigInteger.Zero;

    /// <summary>
    /// Whether a hash meets the target of <paramref name="bits"/>, and that is within the network's limit.
    /// </summary>
    public static bool CheckProofOfWork(BlockHash hash, uint bits, BigInteger powLimit) =>
        TryDecode(bits, out var target) && !target.IsZero && target <= powLimit && ToNumber(hash.Value) <= target;

    /// <summary>A hash as the number it is compared as.</summary>
    public static BigInteger ToNumber(Uint256 value)
    {
        Span<byte> bytes = stackalloc byte[Uint256.Size];
        value.CopyTo(bytes);
        return new BigInteger(bytes, isUnsigned: true);
    }

    /// <summary>A number of at most 256 bits as a hash.</summary>
    public static Uint256 ToUint256(BigInteger value)
    {
        Span<byte> bytes = stackalloc byte[Uint256.Size];
        if (!value.TryWriteBytes(bytes, out _, isUnsigned: true))
        {
            throw new ArgumentOutOfRangeException(nameof(value));
        }

        return new Uint256(bytes);
    }
}
