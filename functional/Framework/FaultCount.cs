using System.Globalization;

namespace Dash.Functional.Framework;

/// <summary>
/// How often a fault is tried: a few times with all other tests, or as often as the environment variable DASH_FAULTS says,
/// by hand. The seed is printed with every failure; DASH_SEED repeats it.
/// </summary>
public static class FaultCount
{
    /// <summary>The number asked for, else <paramref name="usual"/>.</summary>
    public static int Or(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("DASH_FAULTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count)
            ? count
            : usual;

    /// <summary>How many events flow: as the environment variable DASH_EVENTS says, else <paramref name="usual"/>.</summary>
    public static int EventsOr(int usual) =>
        int.TryParse(Environment.GetEnvironmentVariable("DASH_EVENTS"), NumberStyles.None, CultureInfo.InvariantCulture, out var count) ? count : usual;

    /// <summary>How long a process stands still: as the environment variable DASH_FREEZE says, in seconds, else <paramref name="usual"/>.</summary>
    public static TimeSpan FreezeOr(double usual) => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("DASH_FREEZE"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : usual);

    /// <summary>Where a sweep begins: as the environment variable DASH_FIRST says, else at the first.</summary>
    public static int First { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("DASH_FIRST"), NumberStyles.None, CultureInfo.InvariantCulture, out var first) ? first : 1;

    /// <summary>What randomness begins with.</summary>
    public static int Seed { get; } =
        int.TryParse(Environment.GetEnvironmentVariable("DASH_SEED"), NumberStyles.None, CultureInfo.InvariantCulture, out var seed)
            ? seed
            : (int)(DateTimeOffset.UnixEpoch.AddTicks(Environment.TickCount64).Ticks % int.MaxValue);
}
