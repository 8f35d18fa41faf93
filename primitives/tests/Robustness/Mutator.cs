namespace Dash.Primitives.Tests.Robustness;

/// <summary>Spoils good inputs in the ways that find mistakes of parsers.</summary>
internal static class Mutator
{
    // Lengths and counts that are on the edge of something.
    private static readonly byte[][] Edges =
    [
        [0x00], [0xff], [0x7f], [0x80], [0xfc], [0xfd, 0xfd, 0x00], [0xfd, 0xff, 0xff], [0xfe, 0x00, 0x00, 0x01, 0x00],
        [0xfe, 0xff, 0xff, 0xff, 0x7f], [0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x4c, 0xff],
        [0x4d, 0xff, 0xff], [0x4e, 0xff, 0xff, 0xff, 0xff], "/*'"u8.ToArray(), "#"u8.ToArray(), "]"u8.ToArray(),
        ")"u8.ToArray(), ","u8.ToArray(),
    ];

    /// <summary>A spoilt copy of one of the seeds, or now and then bytes of no meaning.</summary>
    public static byte[] Next(Random random, IReadOnlyList<byte[]> seeds)
    {
        if (seeds.Count == 0 || random.Next(50) == 0)
        {
            var noise = new byte[random.Next(120)];
            random.NextBytes(noise);
            return noise;
        }

        var bytes = new List<byte>(seeds[random.Next(seeds.Count)]);
        for (var changes = 1 + random.Next(4); changes > 0; changes--)
        {
            Spoil(bytes, random, seeds);
        }

        return [.. bytes];
    }

    private static void Spoil(List<byte> bytes, Random random, IReadOnlyList<byte[]> seeds)
    {
        var at = random.Next(bytes.Count + 1);
        var left = bytes.Count - at;
        switch (random.Next(7))
        {
            case 0 when left > 0:
                bytes[at] ^= (byte)(1 << random.Next(8));
                break;
            case 1 when left > 0:
                bytes[at] = (byte)random.Next(256);
                break;
            case 2:
                bytes.RemoveRange(at, random.Next(left + 1)); // a hole, or the end cut off
                break;
            case 3:
                bytes.InsertRange(at, bytes.GetRange(at, Math.Min(left, random.Next(40)))); // something twice
                break;
            case 4:
                var edge = Edges[random.Next(Edges.Length)];
                bytes.RemoveRange(at, Math.Min(edge.Length, left));
                bytes.InsertRange(at, edge);
                break;
            case 5:
                var other = seeds[random.Next(seeds.Count)];
                var from = random.Next(other.Length + 1);
                bytes.InsertRange(at, other[from..Math.Min(other.Length, from + random.Next(60))]);
                break;
            default:
                bytes.Insert(at, (byte)random.Next(256));
                break;
        }
    }
}
