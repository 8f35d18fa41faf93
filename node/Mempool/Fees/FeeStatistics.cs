using Dash.Primitives.Encoding;

namespace Dash.Node.Mempool.Fees;

/// <summary>
/// How fast transactions of each fee rate were confirmed, as moving averages over blocks, and how many still wait. One
/// horizon. Not for several threads at a time.
/// </summary>
internal sealed class FeeStatistics
{
    private const int MostConfirms = 6 * 24 * 7; // Core: a week
    private const int MostBuckets = 1000;

    private readonly FeeBuckets _buckets;
    private readonly double _decay;
    private readonly uint _scale;

    // Moving averages. By period and bucket: confirmed within so many periods; dropped after so many.
    private readonly double[][] _confirmed;
    private readonly double[][] _dropped;

    // Moving averages by bucket: confirmed at all, and the sum of their rates.
    private readonly double[] _counts;
    private readonly double[] _rates;

    // By the height modulo the number of blocks that are tracked, and bucket: transactions that came then and wait.
    private readonly int[][] _waiting;

    // By bucket: those that have waited for longer.
    private readonly int[] _waitingLong;

    // Whether any of the averages is not 0.
    private bool _hasAverages;

    /// <summary>Statistics without data.</summary>
    /// <param name="buckets">The fee rates.</param>
    /// <param name="periods">Periods that are tracked.</param>
    /// <param name="decay">What is left of a count after a block.</param>
    /// <param name="scale">Blocks of a period.</param>
    public FeeStatistics(FeeBuckets buckets, int periods, double decay, uint scale)
        : this(buckets, decay, scale, Table(periods, buckets.Count), Table(periods, buckets.Count), new double[buckets.Count], new double[buckets.Count])
    {
    }

    private FeeStatistics(
        FeeBuckets buckets, double decay, uint scale, double[][] confirmed, double[][] dropped, double[] counts, double[] rates)
    {
        _buckets = buckets;
        _decay = decay;
        _scale = scale;
        _confirmed = confirmed;
        _dropped = dropped;
        _counts = counts;
        _rates = rates;
        _waiting = [.. Enumerable.Range(0, MaxConfirms).Select(_ => new int[buckets.Count])];
        _waitingLong = new int[buckets.Count];
        _hasAverages = new[] { counts, rates }.Concat(confirmed).Concat(dropped).Any(static row => row.AsSpan().ContainsAnyExcept(0));
    }

    /// <summary>Blocks up to which confirmations are tracked.</summary>
    public int MaxConfirms => (int)_scale * _confirmed.Length;

    /// <summary>Reads what <see cref="Write"/> wrote.</summary>
    /// <exception cref="EncodingException">It makes no sense; the words are Core's.</exception>
    public static FeeStatistics Read(ref SpanReader reader, FeeBuckets buckets)
    {
        var decay = ReadDouble(ref reader);
        if (!(decay > 0 && decay < 1))
        {
            throw new EncodingException("Corrupt estimates file. Decay must be between 0 and 1 (non-inclusive)");
        }

        var scale = reader.ReadUInt32();
        if (scale == 0)
        {
            throw new EncodingException("Corrupt estimates file. Scale must be non-zero");
        }

        var rates = ReadDoubles(ref reader, buckets.Count, "feerate average bucket count");
        var counts = ReadDoubles(ref reader, buckets.Count, "tx count bucket count");
        var confirmed = ReadTable(ref reader, buckets.Count, "feerate conf average bucket count");
        if (confirmed.Length == 0 || (long)scale * confirmed.Length > MostConfirms)
        {
            throw new EncodingException("Corrupt estimates file.  Must maintain estimates for between 1 and 1008 (one week) confirms");
        }

        var dropped = ReadTable(ref reader, buckets.Count, "one of failure average bucket counts");
        return dropped.Length == confirmed.Length
            ? new FeeStatistics(buckets, decay, scale, confirmed, dropped, counts, rates)
            : throw new EncodingException("Corrupt estimates file. Mismatch in confirms tracked for failures");
    }

    /// <summary>Reads bounds of buckets.</summary>
    /// <exception cref="EncodingException">There are none, or too many.</exception>
    public static FeeBuckets ReadBuckets(ref SpanReader reader)
    {
        var count = reader.ReadCompactSize();
        if (count is <= 1 or > MostBuckets)
        {
            throw new EncodingException("Corrupt estimates file. Must have between 2 and 1000 feerate buckets");
        }

        var bounds = new double[count];
        for (var i = 0; i < bounds.Length; i++)
        {
            bounds[i] = ReadDouble(ref reader);
        }

        return new FeeBuckets(bounds);
    }

    /// <summary>Writes numbers as the file has them.</summary>
    public static void WriteDoubles(ByteWriter writer, IReadOnlyList<double> values)
    {
        writer.WriteCompactSize(values.Count);
        foreach (var value in values)
        {
            writer.WriteInt64(BitConverter.DoubleToInt64Bits(value));
        }
    }

    /// <summary>Writes the averages; what waits is not kept.</summary>
    public void Write(ByteWriter writer)
    {
        writer.WriteInt64(BitConverter.DoubleToInt64Bits(_decay));
        writer.WriteUInt32(_scale);
        WriteDoubles(writer, _rates);
        WriteDoubles(writer, _counts);
        WriteTable(writer, _confirmed);
        WriteTable(writer, _dropped);
    }

    /// <summary>A block begins: what has waited longest is no longer told apart.</summary>
    public void BeginBlock(int height)
    {
        var oldest = _waiting[height % _waiting.Length];
        if (oldest.AsSpan().ContainsAnyExcept(0))
        {
            for (var bucket = 0; bucket < oldest.Length; bucket++)
            {
                _waitingLong[bucket] += oldest[bucket];
                oldest[bucket] = 0;
            }
        }

        // A download of the whole chain begins tens of thousands of blocks of which nothing was seen waiting.
        if (!_hasAverages)
        {
            return;
        }

        Decay(_rates);
        Decay(_counts);
        Array.ForEach(_confirmed, Decay);
        Array.ForEach(_dropped, Decay);
    }

    /// <summary>A transaction was confirmed.</summary>
    /// <param name="blocks">After so many blocks, at least 1.</param>
    /// <param name="rate">Its fee rate, duffs per 1,000 bytes.</param>
    public void Record(int blocks, double rate)
    {
        var bucket = _buckets.IndexOf(rate);
        for (var period = Periods(blocks); period <= _confirmed.Length; period++)
        {
            _confirmed[period - 1][bucket]++;
        }

        _counts[bucket]++;
        _rates[bucket] += rate;
        _hasAverages = true;
    }

    /// <summary>A transaction begins to wait.</summary>
    /// <returns>Its bucket.</returns>
    public int Add(int height, double rate)
    {
        var bucket = _buckets.IndexOf(rate);
        _waiting[height % _waiting.Length][bucket]++;
        return bucket;
    }

    /// <summary>A transaction no longer waits.</summary>
    /// <param name="height">Height when it came.</param>
    /// <param name="best">Height now.</param>
    /// <param name="bucket">Its bucket.</param>
    /// <param name="isConfirmed">Whether a block has it.</param>
    public void Remove(int height, int best, int bucket, bool isConfirmed)
    {
        var ago = best == 0 ? 0 : best - height;
        if (ago < 0)
        {
            return;
        }

        ref var count = ref ago >= _waiting.Length ? ref _waitingLong[bucket] : ref _waiting[height % _waiting.Length][bucket];
        count = Math.Max(count - 1, 0);

        // It failed those periods only that passed whole.
        if (!isConfirmed)
        {
            var failed = Math.Min(ago / (int)_scale, _dropped.Length);
            for (var period = 0; period < failed; period++)
            {
                _dropped[period][bucket]++;
                _hasAverages = true;
            }
        }
    }

    /// <summary>
    /// The lowest range of fee rates at which enough transactions were confirmed in time, looking from the highest down.
    /// </summary>
    /// <param name="target">Blocks, 1 to <see cref="MaxConfirms"/>.</param>
    /// <param name="sufficient">Transactions a block that a range must have on average to count.</param>
    /// <param name="threshold">Which part of them must have been confirmed in time.</param>
    /// <param name="height">Height of the last block.</param>
    public RawFeeEstimate Estimate(int target, double sufficient, double threshold, int height)
    {
        var row = Periods(target) - 1;
        var enough = sufficient / (1 - _decay);
        var (sum, partial) = (default(Tally), 0d);
        var waiting = WaitingLongerThan(target, height);
        var (near, isNewRange, isPassing) = (_buckets.Count - 1, true, true);
        (int Low, int High)? best = null;
        var (pass, fail) = (FeeRange.None, FeeRange.None);
        for (var bucket = _buckets.Count - 1; bucket >= 0; bucket--)
        {
            near = isNewRange ? bucket : near;
            isNewRange = false;
            partial += _counts[bucket];
            sum = sum.With(_confirmed[row][bucket], _counts[bucket], waiting[bucket], _dropped[row][bucket]);
            if (partial < enough)
            {
                continue;
            }

            partial = 0;
            if (sum.Rate < threshold)
            {
                fail = isPassing ? RangeOf(bucket, near, sum) : fail;
                isPassing = false;
                continue;
            }

            (fail, isPassing, isNewRange) = (FeeRange.None, true, true);
            pass = RangeOf(bucket, near, sum);
            best = (bucket, near);
            sum = default;
        }

        // The last buckets had too little data to say that they fail, and too little to say that they don't.
        fail = isPassing && !isNewRange ? RangeOf(0, near, sum) : fail;
        return best is { } range
            ? new RawFeeEstimate(MedianOf(range.Low, range.High), pass, fail, _decay, _scale)
            : new RawFeeEstimate(-1, FeeRange.None, fail, _decay, _scale);
    }

    private void Decay(double[] averages)
    {
        for (var bucket = 0; bucket < averages.Length; bucket++)
        {
            averages[bucket] *= _decay;
        }
    }

    private int Periods(int blocks) => (int)((blocks + _scale - 1) / _scale);

    // By bucket. In nearly all of the blocks came nothing that still waits.
    private int[] WaitingLongerThan(int target, int height)
    {
        int[] counts = [.. _waitingLong];
        for (var ago = target; ago < MaxConfirms; ago++)
        {
            // As Core's unsigned numbers do it near the beginning of the chain.
            var row = _waiting[(int)(unchecked((uint)(height - ago)) % (uint)_waiting.Length)];
            if (row.AsSpan().ContainsAnyExcept(0))
            {
                for (var bucket = 0; bucket < row.Length; bucket++)
                {
                    counts[bucket] += row[bucket];
                }
            }
        }

        return counts;
    }

    private FeeRange RangeOf(int low, int high, Tally sum) => new(
        low == 0 ? 0 : _buckets.Bounds[low - 1], _buckets.Bounds[high], sum.InTime, sum.Confirmed, sum.Waiting, sum.Dropped);

    // The average rate in the bucket that holds the transaction in the middle.
    private double MedianOf(int low, int high)
    {
        var half = Enumerable.Range(low, high - low + 1).Sum(bucket => _counts[bucket]) / 2;
        if (half == 0)
        {
            return -1;
        }

        for (var bucket = low; bucket <= high; bucket++)
        {
            if (_counts[bucket] >= half)
            {
                return _rates[bucket] / _counts[bucket];
            }

            half -= _counts[bucket];
        }

        return -1;
    }

    private static double[][] Table(int periods, int buckets) =>
        [.. Enumerable.Range(0, periods).Select(_ => new double[buckets])];

    private static double ReadDouble(ref SpanReader reader) => BitConverter.Int64BitsToDouble(reader.ReadInt64());

    private static double[] ReadDoubles(ref SpanReader reader, int expected, string what)
    {
        if (reader.ReadCompactSize() is var count && (long)count != expected)
        {
            throw new EncodingException("Corrupt estimates file. Mismatch in " + what);
        }

        var values = new double[expected];
        for (var i = 0; i < values.Length; i++)
        {
            values[i] = ReadDouble(ref reader);
        }

        return values;
    }

    private static double[][] ReadTable(ref SpanReader reader, int buckets, string what)
    {
        var count = reader.ReadCompactSize();
        if (count > MostConfirms)
        {
            throw new EncodingException("Corrupt estimates file. Mismatch in " + what);
        }

        var table = new double[count][];
        for (var i = 0; i < table.Length; i++)
        {
            table[i] = ReadDoubles(ref reader, buckets, what);
        }

        return table;
    }

    private static void WriteTable(ByteWriter writer, double[][] table)
    {
        writer.WriteCompactSize(table.Length);
        foreach (var row in table)
        {
            WriteDoubles(writer, row);
        }
    }

    private readonly record struct Tally(double InTime, double Confirmed, int Waiting, double Dropped)
    {
        public double Rate => InTime / (Confirmed + Dropped + Waiting);

        public Tally With(double inTime, double confirmed, int waiting, double dropped) =>
            new(InTime + inTime, Confirmed + confirmed, Waiting + waiting, Dropped + dropped);
    }
}
