using System.Globalization;

namespace Dash.Functional.Framework;

/// <summary>
/// How often a fault is tried: a few times with all other tests, or as often as the environment variable DASH_FAULTS says,
/// by hand. The seed is printed with every failure; DASH_SEED repeats it.
/// </summary>
public static class FaultCount
{
    /// <summary>The number asked for, else <paramref name="usual"/>.</summary>
    public static int Or(int usual) => Of("DASH_FAULTS") ?? usual;

    /// <summary>How many events flow: as the environment variable DASH_EVENTS says, else <paramref name="usual"/>.</summary>
    public static int EventsOr(int usual) => Of("DASH_EVENTS") ?? usual;

    /// <summary>How long a process stands still: as the environment variable DASH_FREEZE says, in seconds, else <paramref name="usual"/>.</summary>
    public static TimeSpan FreezeOr(double usual) => TimeSpan.FromSeconds(
        double.TryParse(Environment.GetEnvironmentVariable("DASH_FREEZE"), NumberStyles.Float, CultureInfo.InvariantCulture, out var seconds)
            ? seconds
            : usual);

    /// <summary>Where a sweep begins: as the environment variable DASH_FIRST says, else at the first.</summary>
    public static int First { get; } = Math.Max(1, Of("DASH_FIRST") ?? 1);

    /// <summary>What a sweep goes on by: as the environment variable DASH_STEP says, else one.</summary>
    public static int Step { get; } = Math.Max(1, Of("DASH_STEP") ?? 1);

    /// <summary>What randomness begins with.</summary>
    public static int Seed { get; } = Of("DASH_SEED") ?? (int)(DateTimeOffset.UnixEpoch.AddTicks(Environment.TickCount64).Ticks % int.MaxValue);

    private static int? Of(string name) =>
        int.TryParse(Environment.GetEnvironmentVariable(name), NumberStyles.None, CultureInfo.InvariantCulture, out var value) ? value : null;
}
