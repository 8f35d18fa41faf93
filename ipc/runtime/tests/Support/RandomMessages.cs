using Dash.Ipc.Messages;
using Dash.Ipc.Tests.Schemas;

namespace Dash.Ipc.Tests.Support;

/// <summary>Messages of every kind of field with random contents, in one segment or many.</summary>
internal static class RandomMessages
{
    private const string Letters = "abc \"\\\n\t'{}é€😀\u0001";

    // The tool's own reader of texts stumbles over some of its escapes in data; what the bytes are makes no difference to us.
    private static ReadOnlySpan<byte> DataBytes => "abcdefghijklmnopqrstuvwxyz0123456789"u8;

    internal static MessageBuilder Next(Random random)
    {
        MessageBuilder message = new(random.Next(4) == 0 ? random.Next(1, 40) : 1024);
        Fill(message.InitRoot<Kinds.Builder>(), random, depth: 0);
        return message;
    }

    private static void Fill(Kinds.Builder built, Random random, int depth)
    {
        if (random.Next(8) == 0)
        {
            return; // all defaults
        }

        built.Bool = random.Next(2) == 0;
        built.Int8 = (sbyte)random.Next(-128, 128);
        built.Int16 = (short)random.Next();
        built.Int32 = random.Next(int.MinValue, int.MaxValue);
        built.Int64 = random.NextInt64(long.MinValue, long.MaxValue);
        built.Uint8 = (byte)random.Next();
        built.Uint16 = (ushort)random.Next();
        built.Uint32 = (uint)random.NextInt64();
        built.Uint64 = (ulong)random.NextInt64(long.MinValue, long.MaxValue) >> random.Next(64);
        built.Float32 = random.Next(-10_000, 10_000) / 16f; // short in decimal: the tool writes eight digits, which do not always do
        built.Float64 = (random.NextDouble() - 0.5) * Math.Pow(10, random.Next(-300, 300));
        built.Color = (Color)random.Next(3);
        if (Chance(random))
        {
            built.Text = Text(random);
        }

        if (Chance(random))
        {
            random.GetItems(DataBytes, built.InitData(random.Next(40)));
        }

        if (Chance(random))
        {
            Fill(built.InitInner(), random);
        }

        Lists(built, random);
        if (depth < 4 && Chance(random))
        {
            Fill(built.InitSelf(), random, depth + 1);
        }
    }

    private static void Lists(Kinds.Builder built, Random random)
    {
        if (Chance(random))
        {
            var bools = built.InitBools(random.Next(20));
            for (var i = 0; i < bools.Count; i++)
            {
                bools.SetBool(i, random.Next(2) == 0);
            }
        }

        if (Chance(random))
        {
            var numbers = built.InitNumbers(random.Next(20));
            for (var i = 0; i < numbers.Count; i++)
            {
                numbers.SetInt32(i, random.Next(-1000, 1000));
            }
        }

        if (Chance(random))
        {
            var texts = built.InitTexts(random.Next(6));
            for (var i = 0; i < texts.Count; i++)
            {
                texts.SetText(i, Text(random));
            }
        }

        if (Chance(random))
        {
            var inners = built.InitInners(random.Next(6));
            for (var i = 0; i < inners.Count; i++)
            {
                Fill(inners[i], random);
            }
        }

        if (Chance(random))
        {
            var colors = built.InitColors(random.Next(6));
            for (var i = 0; i < colors.Count; i++)
            {
                colors.SetUInt16(i, (ushort)random.Next(3));
            }
        }

        if (Chance(random))
        {
            var matrix = built.InitMatrix(random.Next(4));
            for (var i = 0; i < matrix.Count; i++)
            {
                var row = matrix.GetPointer(i).InitList(Ipc.Layout.ElementSize.TwoBytes, random.Next(5));
                for (var j = 0; j < row.Count; j++)
                {
                    row.SetUInt16(j, (ushort)random.Next());
                }
            }
        }
    }

    private static void Fill(Kinds.Inner.Builder inner, Random random)
    {
        inner.Id = (uint)random.Next(3);
        if (Chance(random))
        {
            inner.Label = Text(random);
        }
    }

    private static bool Chance(Random random) => random.Next(3) > 0;

    private static string Text(Random random)
    {
        var letters = Letters.EnumerateRunes().ToArray();
        return string.Concat(Enumerable.Range(0, random.Next(12)).Select(_ => letters[random.Next(letters.Length)].ToString()));
    }
}
