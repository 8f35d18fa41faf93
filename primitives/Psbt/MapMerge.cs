namespace Dash.Primitives.Psbt;

/// <summary>Joins maps so that what is there stays.</summary>
internal static class MapMerge
{
    /// <summary>Adds the entries whose keys are not there yet.</summary>
    public static void AddMissing<T>(
        SortedDictionary<byte[], T> into, IEnumerable<KeyValuePair<byte[], T>> from)
    {
        foreach (var (key, value) in from)
        {
            into.TryAdd(key, value);
        }
    }
}
