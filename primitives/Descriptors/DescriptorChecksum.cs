namespace Dash.Primitives.Descriptors;

/// <summary>The eight characters after <c>#</c> that tell a mistyped descriptor from a good one.</summary>
public static class DescriptorChecksum
{
    /// <summary>Characters of a checksum.</summary>
    public const int Length = 8;

    // What a descriptor may be made of, in three groups of 32: the group and the place in it enter separately, so that
    // one wrong letter within a group changes one symbol only.
    private const string InputCharset =
        "0123456789()[],'/*abcdefgh@:$%{}"
        + "IJKLMNOPQRSTUVWXYZ&+-.;<=>?!^_|~"
        + "ijklmnopqrstuvwxyzABCDEFGH`#\"\\ ";

    private const string OutputCharset = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    // Place of each character in the charset; -1 for what no descriptor has.
    private static readonly sbyte[] Places = MakePlaces();

    // What each value of the five top bits brings in.
    private static readonly ulong[] Folded = MakeFolded([0xf5dee51989, 0xa9fdca3312, 0x1bab10e32d, 0x3706b1677a, 0x644d626ffd]);

    /// <summary>The checksum of a descriptor without one; null if it has a character no descriptor has.</summary>
    public static string? Compute(ReadOnlySpan<char> payload)
    {
        var state = 1UL;
        var group = 0;
        var groupCount = 0;
        foreach (var character in payload)
        {
            var position = character < Places.Length ? Places[character] : -1;
            if (position < 0)
            {
                return null;
            }

            state = Step(state, position & 31);
            group = (group * 3) + (position >> 5);
            if (++groupCount == 3)
            {
                state = Step(state, group);
                group = 0;
                groupCount = 0;
            }
        }

        if (groupCount > 0)
        {
            state = Step(state, group);
        }

        for (var i = 0; i < Length; i++)
        {
            state = Step(state, 0);
        }

        state ^= 1;
        Span<char> result = stackalloc char[Length];
        for (var i = 0; i < Length; i++)
        {
            result[i] = OutputCharset[(int)(state >> (5 * (Length - 1 - i))) & 31];
        }

        return new string(result);
    }

    /// <summary>The descriptor with <c>#</c> and its checksum.</summary>
    /// <exception cref="FormatException">It has a character no descriptor has.</exception>
    public static string Add(string payload) =>
        payload + "#" + (Compute(payload) ?? throw new FormatException("Invalid characters in payload"));

    /// <summary>
    /// Takes the checksum off a text, if it has one, and checks it. The error is Core's, empty on success;
    /// <paramref name="checksum"/> is the right one.
    /// </summary>
    public static bool TryStrip(
        string text, bool requireChecksum, out string payload, out string checksum, out string error)
    {
        ArgumentNullException.ThrowIfNull(text);
        var parts = text.Split('#');
        payload = parts[0];
        checksum = "";
        error = parts.Length switch
        {
            > 2 => "Multiple '#' symbols",
            1 when requireChecksum => "Missing checksum",
            2 when parts[1].Length != Length =>
                $"Expected {Length} character checksum, not {parts[1].Length} characters",
            _ => "",
        };
        if (error.Length > 0)
        {
            return false;
        }

        if (Compute(payload) is not { } computed)
        {
            error = "Invalid characters in payload";
            return false;
        }

        checksum = computed;
        if (parts.Length == 2 && parts[1] != computed)
        {
            error = $"Provided checksum '{parts[1]}' does not match computed checksum '{computed}'";
            return false;
        }

        return true;
    }

    /// <summary>Whether a text ends in the right checksum.</summary>
    public static bool Verify(string text) => TryStrip(text, requireChecksum: true, out _, out _, out _);

    private static ulong Step(ulong state, int value) => ((state & 0x7ffffffff) << 5) ^ (ulong)value ^ Folded[(int)(state >> 35)];

    private static sbyte[] MakePlaces()
    {
        var places = new sbyte[128];
        Array.Fill(places, (sbyte)-1);
        for (var i = 0; i < InputCharset.Length; i++)
        {
            places[InputCharset[i]] = (sbyte)i;
        }

        return places;
    }

    private static ulong[] MakeFolded(ReadOnlySpan<ulong> generator)
    {
        var folded = new ulong[1 << generator.Length];
        for (var top = 0; top < folded.Length; top++)
        {
            for (var i = 0; i < generator.Length; i++)
            {
                folded[top] ^= ((top >> i) & 1) != 0 ? generator[i] : 0;
            }
        }

        return folded;
    }
}
