using System.Buffers;

namespace Dash.Ipc.Messages;

/// <summary>
/// Packed streams: words with their zero bytes left out, as files of messages are written. Connections don't use it.
/// <code>
/// tag: bit i is set if byte i of the word is not zero; then those bytes
/// tag 00, n: the word and n more are zero
/// tag ff, 8 bytes, n, 8 n bytes: the word, and n more as they are
/// </code>
/// </summary>
public static class Packing
{
    private const int WordBytes = 8;
    private const int LongestRun = 255;

    /// <summary>Packs whole words.</summary>
    /// <param name="words">A multiple of 8 bytes.</param>
    /// <param name="output">Where they go.</param>
    public static void Pack(ReadOnlySpan<byte> words, IBufferWriter<byte> output)
    {
        ArgumentNullException.ThrowIfNull(output);
        if (words.Length % WordBytes != 0)
        {
            throw new ArgumentException("Only whole words can be packed.", nameof(words));
        }

        while (!words.IsEmpty)
        {
            var word = words[..WordBytes];
            words = words[WordBytes..];
            var span = output.GetSpan(WordBytes + 2);
            var (tag, end) = (0, 1);
            for (var i = 0; i < WordBytes; i++)
            {
                if (word[i] != 0)
                {
                    tag |= 1 << i;
                    span[end++] = word[i];
                }
            }

            span[0] = (byte)tag;
            var run = tag switch
            {
                0 => Run(words, static zeros => zeros == WordBytes),
                0xff => Run(words, static zeros => zeros < 2), // from two zeros on, packing is the shorter
                _ => -1,
            };
            if (run >= 0)
            {
                span[end++] = (byte)run;
            }

            output.Advance(end);
            if (tag == 0xff)
            {
                output.Write(words[..(run * WordBytes)]);
            }

            words = words[(Math.Max(run, 0) * WordBytes)..];
        }
    }

    /// <summary>Unpacks what was packed.</summary>
    /// <param name="packed">All of it.</param>
    /// <param name="maxBytes">More than that is refused: a few bytes can stand for very many zeros.</param>
    /// <exception cref="Layout.IpcFormatException">It ends within a word, or is too large.</exception>
    public static byte[] Unpack(ReadOnlySpan<byte> packed, int maxBytes)
    {
        ArrayBufferWriter<byte> output = new();
        Unpacker unpacker = new(output, maxBytes);
        unpacker.Feed(packed);
        return unpacker.IsBetweenWords
            ? output.WrittenSpan.ToArray()
            : throw new Layout.IpcFormatException("The packed stream ends within a word.");
    }

    private static int Run(ReadOnlySpan<byte> words, Func<int, bool> belongs)
    {
        var run = 0;
        while (run < LongestRun && words.Length >= (run + 1) * WordBytes && belongs(words.Slice(run * WordBytes, WordBytes).Count((byte)0)))
        {
            run++;
        }

        return run;
    }

}
