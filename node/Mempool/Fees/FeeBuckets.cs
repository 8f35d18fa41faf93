namespace Dash.Node.Mempool.Fees;

/// <summary>The fee rates that are counted together: each bucket reaches up to its bound. Immutable.</summary>
internal sealed class FeeBuckets
{
    private const double Lowest = 1_000;
    private const double Highest = 10_000_000;
    private const double Spacing = 1.05;
    private const double Endless = 1e99;

    private readonly double[] _bounds;

    /// <summary>Buckets with these bounds, ascending.</summary>
    public FeeBuckets(double[] bounds) => _bounds = bounds;

    /// <summary>Upper bounds in duffs per 1,000 bytes, inclusive.</summary>
    public IReadOnlyList<double> Bounds => _bounds;

    /// <summary>Buckets.</summary>
    public int Count => _bounds.Length;

    /// <summary>Core's: each 5 percent above the one before, and one for all that is beyond.</summary>
    public static FeeBuckets CreateDefault()
    {
        var bounds = new List<double>();
        for (var bound = Lowest; bound <= Highest; bound *= Spacing)
        {
            bounds.Add(bound);
        }

        bounds.Add(Endless);
        return new FeeBuckets([.. bounds]);
    }

    /// <summary>The bucket of a fee rate.</summary>
    public int IndexOf(double rate)
    {
        var index = Array.BinarySearch(_bounds, rate);
        return Math.Min(index < 0 ? ~index : index, _bounds.Length - 1);
    }
}
