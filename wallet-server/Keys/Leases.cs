namespace Dash.WalletServer.Keys;

/// <summary>
/// For how long secrets stay open, by whom they were opened: the times are of the monotonic clock, so that no change of the wall
/// clock ends or prolongs one. Not for two threads.
/// </summary>
internal sealed class Leases(TimeProvider clock)
{
    /// <summary>The lease of all callers that name none: the last of them says when it ends.</summary>
    public const string Unnamed = "";

    private readonly Dictionary<string, Lease> _byName = new(StringComparer.Ordinal);

    /// <summary>One lasts.</summary>
    public bool Last
    {
        get
        {
            if (_byName.Count == 0)
            {
                return false;
            }

            List<string> over = [.. _byName.Where(entry => LeftOf(entry.Value) == TimeSpan.Zero).Select(static entry => entry.Key)];
            over.ForEach(name => _byName.Remove(name));
            return _byName.Count > 0;
        }
    }

    /// <summary>Those there are do not allow payments.</summary>
    public bool AreForMixingOnly => _byName.Values.All(static lease => lease.IsForMixingOnly);

    /// <summary>Until when, by the clock as it was when they began, seconds since 1970.</summary>
    public long End => _byName.Count == 0 ? 0 : _byName.Values.Max(static lease => lease.Shown);

    /// <summary>How long the longest one lasts; null for one without an end, or for none.</summary>
    public TimeSpan? Left
    {
        get
        {
            TimeSpan? longest = null;
            foreach (var lease in _byName.Values)
            {
                if (LeftOf(lease) is not { } left)
                {
                    return null;
                }

                longest = longest > left ? longest : left;
            }

            return longest;
        }
    }

    /// <summary>Begins one, in the place of one of the same name.</summary>
    public void Set(string name, TimeSpan? length, bool isForMixingOnly) => _byName[name] = new Lease(
        clock.GetTimestamp(), length, length is { } span ? (clock.GetUtcNow() + span).ToUnixTimeSeconds() : long.MaxValue, isForMixingOnly);

    /// <summary>Ends one.</summary>
    public void Remove(string name) => _byName.Remove(name);

    /// <summary>Ends all.</summary>
    public void Clear() => _byName.Clear();

    private TimeSpan? LeftOf(Lease lease)
    {
        if (lease.Length is not { } length)
        {
            return null;
        }

        var left = length - clock.GetElapsedTime(lease.Begun);
        return left > TimeSpan.Zero ? left : TimeSpan.Zero;
    }

    private sealed record Lease(long Begun, TimeSpan? Length, long Shown, bool IsForMixingOnly);
}
