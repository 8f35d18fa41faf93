namespace Dash.Node.Net.Addresses;

/// <summary>
/// A map from addresses to the autonomous systems that announce them: a program of bits that walks an address from its
/// first bit on. Read from a file, so it is checked once and then walked without surprises.
/// </summary>
internal sealed class Asmap
{
    /// <summary>A file larger than this is refused.</summary>
    public const int MaxFileSize = 8 << 20;

    private const uint Invalid = uint.MaxValue;
    private static readonly byte[] OpcodeSizes = [0, 0, 1];
    private static readonly byte[] AsnSizes = [15, 16, 17, 18, 19, 20, 21, 22, 23, 24];
    private static readonly byte[] MatchSizes = [1, 2, 3, 4, 5, 6, 7, 8];
    private static readonly byte[] JumpSizes =
        [5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30];

    private readonly bool[] _bits;

    private Asmap(bool[] bits) => _bits = bits;

    private enum Opcode
    {
        Return = 0,
        Jump = 1,
        Match = 2,
        Default = 3,
    }

    /// <summary>The bits, the first of each byte being its least significant one.</summary>
    public ReadOnlySpan<bool> Bits => _bits;

    /// <summary>Takes the bytes of a file; null if they are no map of addresses of 128 bits.</summary>
    public static Asmap? Load(ReadOnlySpan<byte> file)
    {
        if (file.IsEmpty || file.Length > MaxFileSize)
        {
            return null;
        }

        var bits = new bool[file.Length * 8];
        for (var i = 0; i < bits.Length; i++)
        {
            bits[i] = ((file[i / 8] >> (i % 8)) & 1) != 0;
        }

        Asmap map = new(bits);
        return map.IsSane(inputBits: 128) ? map : null;
    }

    /// <summary>The autonomous system of an IPv6 address (IPv4 as ::ffff:0:0/96); 0 if none.</summary>
    public uint Find(ReadOnlySpan<byte> address)
    {
        var at = 0;
        var left = address.Length * 8;
        uint fallback = 0;
        while (at < _bits.Length)
        {
            switch (ReadOpcode(ref at))
            {
                case Opcode.Return:
                    return ReadNumber(ref at, 1, AsnSizes);
                case Opcode.Jump:
                    var jump = ReadNumber(ref at, 17, JumpSizes);
                    if (left > 0 && BitOf(address, left))
                    {
                        at += (int)jump;
                    }

                    left--;
                    break;
                case Opcode.Match:
                    var match = ReadNumber(ref at, 2, MatchSizes);
                    var length = System.Numerics.BitOperations.Log2(match);
                    for (var bit = 0; bit < length; bit++)
                    {
                        var expected = ((match >> (length - 1 - bit)) & 1) != 0;
                        if (BitOf(address, left) != expected)
                        {
                            return fallback;
                        }

                        left--;
                    }

                    break;
                default:
                    fallback = ReadNumber(ref at, 1, AsnSizes);
                    break;
            }
        }

        return 0;
    }

    private static bool BitOf(ReadOnlySpan<byte> address, int left)
    {
        var index = (address.Length * 8) - left;
        return ((address[index / 8] >> (7 - (index % 8))) & 1) != 0;
    }

    // Walks every path: jumps must be properly nested and end where another path begins, all must end in a return.
    private bool IsSane(int inputBits)
    {
        var at = 0;
        Stack<(int Offset, int Left)> jumps = new();
        var left = inputBits;
        var previous = Opcode.Jump;
        var hadIncompleteMatch = false;
        while (at < _bits.Length)
        {
            if (jumps.Count > 0 && at >= jumps.Peek().Offset)
            {
                return false; // a jump into the middle of an instruction
            }

            var opcode = ReadOpcode(ref at);
            switch (opcode)
            {
                case Opcode.Return:
                    if (previous == Opcode.Default || ReadNumber(ref at, 1, AsnSizes) == Invalid)
                    {
                        return false;
                    }

                    if (jumps.Count == 0)
                    {
                        return EndsInPadding(at);
                    }

                    if (at != jumps.Peek().Offset)
                    {
                        return false;
                    }

                    left = jumps.Pop().Left;
                    previous = Opcode.Jump;
                    continue;
                case Opcode.Jump:
                    var jump = ReadNumber(ref at, 17, JumpSizes);
                    if (jump == Invalid || jump > _bits.Length - at || left == 0)
                    {
                        return false;
                    }

                    left--;
                    var target = at + (int)jump;
                    if (jumps.Count > 0 && target >= jumps.Peek().Offset)
                    {
                        return false; // crossing jumps
                    }

                    jumps.Push((target, left));
                    break;
                case Opcode.Match:
                    var match = ReadNumber(ref at, 2, MatchSizes);
                    if (match == Invalid)
                    {
                        return false;
                    }

                    var length = System.Numerics.BitOperations.Log2(match);
                    if (previous != Opcode.Match)
                    {
                        hadIncompleteMatch = false;
                    }

                    if (length < 8 && hadIncompleteMatch)
                    {
                        return false; // two short ones could be one
                    }

                    hadIncompleteMatch = length < 8;
                    if (left < length)
                    {
                        return false;
                    }

                    left -= length;
                    break;
                default:
                    if (previous == Opcode.Default || ReadNumber(ref at, 1, AsnSizes) == Invalid)
                    {
                        return false;
                    }

                    break;
            }

            previous = opcode;
        }

        return false; // no return
    }

    private bool EndsInPadding(int at) => _bits.Length - at <= 7 && !_bits.AsSpan(at).Contains(true);

    private Opcode ReadOpcode(ref int at) => (Opcode)ReadNumber(ref at, 0, OpcodeSizes);

    // A class in unary (ones, ended by a zero unless it is the last), then that many bits; classes follow each other.
    private uint ReadNumber(ref int at, uint minimum, ReadOnlySpan<byte> sizes)
    {
        var value = minimum;
        for (var i = 0; i < sizes.Length; i++)
        {
            var isLast = i + 1 == sizes.Length;
            var goesOn = false;
            if (!isLast)
            {
                if (at == _bits.Length)
                {
                    break;
                }

                goesOn = _bits[at++];
            }

            if (goesOn)
            {
                value += 1u << sizes[i];
                continue;
            }

            for (var bit = 0; bit < sizes[i]; bit++)
            {
                if (at == _bits.Length)
                {
                    return Invalid;
                }

                value += (_bits[at++] ? 1u : 0) << (sizes[i] - 1 - bit);
            }

            return value;
        }

        return Invalid;
    }
}
