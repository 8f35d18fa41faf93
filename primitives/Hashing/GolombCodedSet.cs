using System.Buffers;

namespace Dash.Primitives.Hashing;

/// <summary>
/// A sorted set of numbers written as the differences between them, each as a quotient in unary and a remainder of a
/// fixed number of bits, most significant bit first (BIP158). Numbers are elements hashed into a range.
/// </summary>
public static class GolombCodedSet
{
    /// <summary>The number an element stands for: its keyed hash brought into 0 … <paramref name="range"/> - 1.</summary>
    public static ulong Map(ulong key0, ulong key1, ulong range, ReadOnlySpan<byte> element) =>
        Math.BigMul(SipHash.Hash(key0, key1, element), range, out _);

    /// <summary>Writes numbers in ascending order, repetitions included; the last byte is filled up with zeros.</summary>
    public static void Encode(ReadOnlySpan<ulong> sorted, int remainderBits, IBufferWriter<byte> destination)
    {
        ArgumentNullException.ThrowIfNull(destination);
        var bits = new BitWriter(destination);
        ulong previous = 0;
        foreach (var value in sorted)
        {
            var difference = value - previous;
            previous = value;
            for (var quotient = difference >> remainderBits; quotient > 0; quotient--)
            {
                bits.Write(1, 1);
            }

            bits.Write(0, 1);
            bits.Write(difference, remainderBits);
        }

        bits.Flush();
    }

    /// <summary>
    /// Reads <paramref name="count"/> numbers; false if the bytes end too early or go on after the last one.
    /// </summary>
    public static bool TryDecode(ReadOnlySpan<byte> encoded, int count, int remainderBits, out ulong[] values)
    {
        values = [];

        // Each number takes a bit and the remainder at least: more than fit are not made room for.
        if ((long)count * (remainderBits + 1) > (long)encoded.Length * 8)
        {
            return false;
        }

        var read = new ulong[count];
        var bits = new BitReader(encoded);
        ulong value = 0;
        for (var i = 0; i < count; i++)
        {
            if (!bits.TryReadDifference(remainderBits, out var difference))
            {
                return false;
            }

            value += difference;
            read[i] = value;
        }

        if (!bits.IsInLastByte)
        {
            return false;
        }

        values = read;
        return true;
    }

    /// <summary>
    /// Whether any of the sorted <paramref name="queries"/> is in the set; reads no further than the answer takes. False
    /// too when the bytes end too early.
    /// </summary>
    public static bool MatchesAny(
        ReadOnlySpan<byte> encoded, int count, int remainderBits, ReadOnlySpan<ulong> queries)
    {
        var bits = new BitReader(encoded);
        ulong value = 0;
        var next = 0;
        for (var i = 0; i < count; i++)
        {
            if (!bits.TryReadDifference(remainderBits, out var difference))
            {
                return false;
            }

            value += difference;
            while (next < queries.Length && queries[next] < value)
            {
                next++;
            }

            if (next == queries.Length)
            {
                return false;
            }

            if (queries[next] == value)
            {
                return true;
            }
        }

        return false;
    }

    private ref struct BitWriter(IBufferWriter<byte> destination)
    {
        private readonly IBufferWriter<byte> _destination = destination;
        private byte _current;
        private int _used;

        public void Write(ulong value, int count)
        {
            for (var i = count - 1; i >= 0; i--)
            {
                _current = (byte)((_current << 1) | (int)((value >> i) & 1));
                if (++_used == 8)
                {
                    Emit();
                }
            }
        }

        public void Flush()
        {
            if (_used > 0)
            {
                _current <<= 8 - _used;
                Emit();
            }
        }

        private void Emit()
        {
            _destination.GetSpan(1)[0] = _current;
            _destination.Advance(1);
            _current = 0;
            _used = 0;
        }
    }

    private ref struct BitReader(ReadOnlySpan<byte> source)
    {
        private readonly ReadOnlySpan<byte> _source = source;
        private long _position;

        public readonly bool IsInLastByte => (_position + 7) / 8 == _source.Length;

        public bool TryReadDifference(int remainderBits, out ulong difference)
        {
            difference = 0;
            ulong quotient = 0;
            while (true)
            {
                if (_position >= (long)_source.Length * 8)
                {
                    return false;
                }

                if (NextBit() == 0)
                {
                    break;
                }

                quotient++;
            }

            if (_position + remainderBits > (long)_source.Length * 8)
            {
                return false;
            }

            ulong remainder = 0;
            for (var i = 0; i < remainderBits; i++)
            {
                remainder = (remainder << 1) | NextBit();
            }

            difference = (quotient << remainderBits) | remainder;
            return true;
        }

        private ulong NextBit()
        {
            var bit = (_source[(int)(_position >> 3)] >> (7 - (int)(_position & 7))) & 1;
            _position++;
            return (ulong)bit;
        }
    }
}
