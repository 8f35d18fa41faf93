using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Tests;

/// <summary>An immutable map against a plain dictionary that undergoes the same.</summary>
public sealed class SnapshotMapTests
{
    [Theory]
    [InlineData(1, 40)]
    [InlineData(2, 3_000)]
    public void It_holds_what_a_dictionary_holds_through_any_changes(int seed, int keys)
    {
        Random random = new(seed);
        Dictionary<int, string> expected = [];
        for (var i = 0; i < keys / 2; i++)
        {
            expected[random.Next(keys)] = "at first";
        }

        var map = SnapshotMap<int, string>.Of(new(expected));
        for (var round = 0; round < 300; round++)
        {
            var before = map;
            var heldBefore = Sorted(before);
            Dictionary<int, string?> changes = [];
            for (var i = random.Next(6); i >= 0; i--)
            {
                changes[random.Next(keys)] = random.Next(3) == 0 ? null : $"round {round}";
            }

            map = map.With(changes);

            foreach (var (key, value) in changes)
            {
                if (value is null)
                {
                    expected.Remove(key);
                }
                else
                {
                    expected[key] = value;
                }
            }

            Assert.Equal(expected.OrderBy(static entry => entry.Key), Sorted(map));
            Assert.Equal(expected.Values.Order(StringComparer.Ordinal), map.Values.Order(StringComparer.Ordinal));
            Assert.Equal(expected.Count, map.Count);
            Assert.All(changes.Keys, key => Assert.Equal(expected.GetValueOrDefault(key), map.Find(key)));
            Assert.Equal(heldBefore, Sorted(before));
        }
    }

    private static List<KeyValuePair<int, string>> Sorted(SnapshotMap<int, string> map) => [.. map.OrderBy(static entry => entry.Key)];
}
