using System.Buffers.Binary;
using System.Globalization;
using System.Text;

namespace Dash.Node.Net.Addresses;

/// <summary>IPv6 addresses as RFC 5952 writes them: the first longest run of two or more zero groups becomes "::".</summary>
internal static class Ipv6Text
{
    /// <summary>16 bytes as text, with the number of the interface behind a percent sign if there is one.</summary>
    public static string Format(ReadOnlySpan<byte> bytes, uint scope)
    {
        Span<ushort> groups = stackalloc ushort[8];
        for (var i = 0; i < groups.Length; i++)
        {
            groups[i] = BinaryPrimitives.ReadUInt16BigEndian(bytes[(2 * i)..]);
        }

        var (start, length) = LongestZeros(groups);
        StringBuilder text = new();
        for (var i = 0; i < groups.Length; i++)
        {
            if (length >= 2 && i >= start && i < start + length)
            {
                if (i == start)
                {
                    text.Append("::");
                }

                continue;
            }

            if (text.Length > 0 && text[^1] != ':')
            {
                text.Append(':');
            }

            text.Append(groups[i].ToString("x", CultureInfo.InvariantCulture));
        }

        return scope == 0 ? text.ToString() : text.Append('%').Append(scope).ToString();
    }

    private static (int Start, int Length) LongestZeros(ReadOnlySpan<ushort> groups)
    {
        int start = 0, length = 0, run = 0;
        for (var i = 0; i < groups.Length; i++)
        {
            run = groups[i] == 0 ? run + 1 : 0;
            if (run > length)
            {
                (start, length) = (i - run + 1, run);
            }
        }

        return (start, length);
    }
}
