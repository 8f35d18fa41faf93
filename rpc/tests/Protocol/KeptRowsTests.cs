using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Tests.Protocol;

public class KeptRowsTests
{
    [Theory]
    [InlineData(1, 50)]
    [InlineData(2, 300)]
    [InlineData(3, 5_000)]
    [InlineData(4, 1 << 17)]
    public void After_any_changes_the_rows_are_those_written_at_once(int seed, int chunkSize)
    {
        Random random = new(seed);
        SortedDictionary<int, (string Text, int Height)> model = [];
        KeptRows<int> rows = new(Number, chunkSize);
        var tip = 5;
        for (var step = 0; step < 300; step++)
        {
            SortedSet<int> changed = [];
            for (var i = random.Next(12); i > 0; i--)
            {
                var key = random.Next(200);
                changed.Add(key);
                if (random.Next(3) == 0)
                {
                    model.Remove(key);
                }
                else
                {
                    model[key] = (new string('x', random.Next(100)), random.Next(tip));
                }
            }

            tip += random.Next(4) == 0 ? random.Next(-3, 9) : 0;
            tip = Math.Max(tip, 1);
            using var sending = ReplyBuffer.Rent();
            rows.WriteTo(sending, static _ => true);
            var before = sending.ToArray();
            rows.Update(tip, [.. changed], (key, row) =>
            {
                if (model.TryGetValue(key, out var value))
                {
                    Write(row, key, value);
                }
            });

            Assert.Equal(before, sending.ToArray());
            Assert.Equal(Expected(model, tip, static _ => true), Text(rows, static _ => true));
            Assert.Equal(Expected(model, tip, static key => key is > 50 and < 120), Text(rows, static key => key is > 50 and < 120));
            Assert.Equal(model.Count, rows.Count);
        }

        rows.Clear();
        Assert.Equal((0, 0L, ""), (rows.Count, rows.Bytes, Text(rows, static _ => true)));
    }

    [Fact]
    public void Parts_take_room_from_answers_and_the_longest_unused_part_goes_first()
    {
        using KnownAnswers answers = new(1_000, TimeProvider.System);
        Part[] parts = [new(400), new(500), new(300), new(2_000)];
        answers.Use(parts[0]);
        answers.Use(parts[1]);
        answers.Use(parts[0]);
        Assert.Equal(900, answers.Bytes);
        answers.Use(parts[2]);
        Assert.Equal((700L, "1"), (answers.Bytes, DroppedOf(parts)));
        answers.Use(parts[3]);
        Assert.Equal((700L, "1,3"), (answers.Bytes, DroppedOf(parts)));
        parts[2].Bytes = 900;
        answers.Use(parts[2]);
        Assert.Equal((900L, "0,1,3"), (answers.Bytes, DroppedOf(parts)));
        answers.Drop(parts[2]);
        Assert.Equal((0L, "0,1,2,3"), (answers.Bytes, DroppedOf(parts)));
    }

    private static string DroppedOf(Part[] parts) =>
        string.Join(',', Enumerable.Range(0, parts.Length).Where(place => parts[place].IsDropped));

    private static int Number(int height, int tip) => tip - height + 1;

    private static void Write(RowWriter row, int key, (string Text, int Height) value)
    {
        // Some keys have several values, as a transaction has lines.
        for (var i = 0; i <= key % 3; i++)
        {
            row.Json.WriteStartObject();
            row.Json.WriteNumber("key", key);
            row.WriteCount("count", value.Height);
            row.Json.WriteString("text", value.Text);
            row.Json.WriteEndObject();
        }
    }

    private static string Text(KeptRows<int> rows, Predicate<int> isIn)
    {
        using var reply = ReplyBuffer.Rent();
        rows.WriteTo(reply, isIn);
        var text = Encoding.UTF8.GetString(reply.ToArray());
        using var parsed = JsonDocument.Parse($"[{text}]");
        return text;
    }

    private static string Expected(SortedDictionary<int, (string Text, int Height)> model, int tip, Predicate<int> isIn) => string.Join(',', model
        .Where(row => isIn(row.Key))
        .SelectMany(row => Enumerable.Repeat(
            string.Create(CultureInfo.InvariantCulture, $$"""{"key":{{row.Key}},"count":{{Number(row.Value.Height, tip)}},"text":"{{row.Value.Text}}"}"""),
            (row.Key % 3) + 1)));

    private sealed class Part(long bytes) : IKeptPart
    {
        public long Bytes { get; set; } = bytes;

        public bool IsDropped { get; private set; }

        public void Drop() => IsDropped = true;
    }
}
