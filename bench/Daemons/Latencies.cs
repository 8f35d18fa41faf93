namespace Dash.Bench.Daemons;

/// <summary>How long calls took, in the unit that was given.</summary>
internal sealed class Latencies
{
    private readonly List<double> _sorted;

    /// <summary>Of calls in any order.</summary>
    public Latencies(IEnumerable<double> times) => _sorted = [.. times.Order()];

    /// <summary>How many.</summary>
    public int Count => _sorted.Count;

    /// <summary>Half of them took longer.</summary>
    public double P50 => At(0.5);

    /// <summary>One in ten took longer.</summary>
    public double P90 => At(0.9);

    /// <summary>One in a hundred took longer.</summary>
    public double P99 => At(0.99);

    /// <summary>The longest.</summary>
    public double Worst => _sorted[^1];

    private double At(double share) => _sorted[(int)(share * (_sorted.Count - 1))];
}
