using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;

namespace Dash.Primitives.Tests.Hashing;

public sealed class GolombCodedSetTests
{
    [Fact]
    public void Numbers_come_back_in_order()
    {
        var random = new Random(158);
        for (var round = 0; round < 50; round++)
        {
            var bits = random.Next(10, 24);
            var values = Enumerable.Range(0, round)
                .Select(_ => (ulong)random.NextInt64(0, (round + 1L) << (bits + 2)))
                .Order()
                .ToArray();
            var writer = new ByteWriter();

            GolombCodedSet.Encode(values, bits, writer);

            Assert.True(GolombCodedSet.TryDecode(writer.WrittenSpan, round, bits, out var read));
            Assert.Equal(values, read);
            Assert.All(values, value => Assert.True(GolombCodedSet.MatchesAny(writer.WrittenSpan, round, bits, [value])));
            Assert.False(GolombCodedSet.MatchesAny(writer.WrittenSpan, round, bits, [1UL << 40]));
            if (round > 0)
            {
                Assert.False(GolombCodedSet.TryDecode(writer.WrittenSpan[..^1], round, bits, out _));
            }

            Assert.False(GolombCodedSet.TryDecode([.. writer.WrittenSpan, 0], round, bits, out _));
        }
    }

    [Fact]
    public void A_count_that_cannot_fit_is_refused_at_once() =>
        Assert.False(GolombCodedSet.TryDecode(new byte[10], int.MaxValue, 19, out _));
}
