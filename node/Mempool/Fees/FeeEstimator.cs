using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool.Fees;

/// <summary>
/// Learns from blocks what fee rates get transactions confirmed how soon. The validation loop tells it what happens; any
/// thread may ask.
/// </summary>
internal sealed class FeeEstimator
{
    private const int RequiredVersion = 140_100; // of dashd, to read the file
    private const int WriterVersion = 230_102;
    private const int MaxHistoryAge = 6 * 1008;
    private const double HalfSuccess = 0.6;
    private const double Success = 0.85;
    private const double DoubleSuccess = 0.95;
    private const double SufficientCount = 0.1;
    private const double SufficientCountShort = 0.5;

    private readonly Lock _gate = new(); // protects all fields below, and the statistics in them
    private readonly Dictionary<Txid, (int Height, int Bucket)> _waiting = [];
    private FeeBuckets _buckets = FeeBuckets.CreateDefault();
    private FeeStatistics _short;
    private FeeStatistics _medium;
    private FeeStatistics _long;
    private int _best;
    private int _firstRecorded;
    private (int First, int Best) _history;

    /// <summary>An estimator that knows nothing.</summary>
    public FeeEstimator()
    {
        _short = new FeeStatistics(_buckets, periods: 12, decay: 0.962, scale: 1);
        _medium = new FeeStatistics(_buckets, periods: 24, decay: 0.9952, scale: 2);
        _long = new FeeStatistics(_buckets, periods: 42, decay: 0.99931, scale: 24);
    }

    /// <summary>A transaction entered the mempool at the height of the last block it was told of.</summary>
    public void Add(MempoolEntry entry)
    {
        lock (_gate)
        {
            if (entry.Height != _best || _waiting.ContainsKey(entry.Txid))
            {
                return;
            }

            var rate = (double)RateOf(entry);
            var bucket = _medium.Add(entry.Height, rate);
            _short.Add(entry.Height, rate);
            _long.Add(entry.Height, rate);
            _waiting.Add(entry.Txid, (entry.Height, bucket));
        }
    }

    /// <summary>A transaction left the mempool without a block.</summary>
    public void Remove(Txid txid)
    {
        lock (_gate)
        {
            Forget(txid, isConfirmed: false);
        }
    }

    /// <summary>A block confirmed these transactions of the mempool. Blocks not above the best one teach nothing.</summary>
    public void ProcessBlock(int height, IEnumerable<MempoolEntry> entries)
    {
        lock (_gate)
        {
            if (height <= _best)
            {
                return;
            }

            _best = height;
            _short.BeginBlock(height);
            _medium.BeginBlock(height);
            _long.BeginBlock(height);
            var counted = 0;
            foreach (var entry in entries)
            {
                var blocks = height - entry.Height;
                if (!Forget(entry.Txid, isConfirmed: true) || blocks <= 0)
                {
                    continue;
                }

                var rate = (double)RateOf(entry);
                _short.Record(blocks, rate);
                _medium.Record(blocks, rate);
                _long.Record(blocks, rate);
                counted++;
            }

            if (_firstRecorded == 0 && counted > 0)
            {
                _firstRecorded = height;
            }
        }
    }

    /// <summary>The longest target a horizon tracks, in blocks.</summary>
    public int HighestTarget(FeeHorizon horizon)
    {
        lock (_gate)
        {
            return Of(horizon).MaxConfirms;
        }
    }

    /// <summary>What one horizon says.</summary>
    /// <param name="target">Blocks.</param>
    /// <param name="threshold">Which part of the transactions must have been confirmed in time, up to 1.</param>
    /// <param name="horizon">The horizon.</param>
    public RawFeeEstimate EstimateRaw(int target, double threshold, FeeHorizon horizon)
    {
        lock (_gate)
        {
            var statistics = Of(horizon);
            return target <= 0 || target > statistics.MaxConfirms || threshold > 1
                ? RawFeeEstimate.None
                : statistics.Estimate(target, horizon == FeeHorizon.Short ? SufficientCountShort : SufficientCount, threshold, _best);
        }
    }

    /// <summary>
    /// The highest of what half the target needs with 60 percent of success, the target with 85 and twice the target with
    /// 95, each by the shortest horizon that tracks it.
    /// </summary>
    /// <param name="target">Blocks.</param>
    /// <param name="isConservative">Demand the last also of all longer horizons.</param>
    public SmartFeeEstimate EstimateSmart(int target, bool isConservative)
    {
        lock (_gate)
        {
            var usable = UsableTarget(target);
            return Complete(usable, Begin(usable), isConservative);
        }
    }

    /// <summary>Both estimates of a target, of one moment; what they have in common is worked out once.</summary>
    /// <param name="target">Blocks.</param>
    public (SmartFeeEstimate Conservative, SmartFeeEstimate Economical) EstimateBoth(int target)
    {
        lock (_gate)
        {
            var usable = UsableTarget(target);
            var common = Begin(usable);
            return (Complete(usable, common, isConservative: true), Complete(usable, common, isConservative: false));
        }
    }

    /// <summary>Counts what still waits as not confirmed, and gives what is to be kept for the next run.</summary>
    public byte[] Finish()
    {
        lock (_gate)
        {
            foreach (var txid in _waiting.Keys.ToArray())
            {
                Forget(txid, isConfirmed: false);
            }

            var writer = new ByteWriter();
            writer.WriteInt32(RequiredVersion);
            writer.WriteInt32(WriterVersion);
            writer.WriteUInt32((uint)_best);
            var (first, last) = Span > HistoricalSpan / 2 ? (_firstRecorded, _best) : _history;
            writer.WriteUInt32((uint)first);
            writer.WriteUInt32((uint)last);
            FeeStatistics.WriteDoubles(writer, _buckets.Bounds);
            _medium.Write(writer);
            _short.Write(writer);
            _long.Write(writer);
            return writer.ToArray();
        }
    }

    /// <summary>Takes over what an earlier run kept.</summary>
    /// <exception cref="EncodingException">It makes no sense; nothing has changed.</exception>
    public void Restore(ReadOnlySpan<byte> data)
    {
        var reader = new SpanReader(data);
        var required = reader.ReadInt32();
        _ = reader.ReadInt32();
        if (required > WriterVersion)
        {
            throw new EncodingException($"up-version ({required}) fee estimate file");
        }

        var best = reader.ReadUInt32();
        if (required < RequiredVersion)
        {
            return;
        }

        var (first, last) = (reader.ReadUInt32(), reader.ReadUInt32());
        if (first > last || last > best || best > int.MaxValue)
        {
            throw new EncodingException("Corrupt estimates file. Historical block range for estimates is invalid");
        }

        var buckets = FeeStatistics.ReadBuckets(ref reader);
        var medium = FeeStatistics.Read(ref reader, buckets);
        var brief = FeeStatistics.Read(ref reader, buckets);
        var longest = FeeStatistics.Read(ref reader, buckets);
        lock (_gate)
        {
            (_buckets, _short, _medium, _long) = (buckets, brief, medium, longest);
            _best = (int)best;
            _history = ((int)first, (int)last);
        }
    }

    private int Span => _firstRecorded == 0 ? 0 : _best - _firstRecorded;

    private int HistoricalSpan =>
        _history.First == 0 || _best - _history.Best > MaxHistoryAge ? 0 : _history.Best - _history.First;

    private static long RateOf(MempoolEntry entry) => FeeRate.Of(entry.Fee, entry.VirtualSize).DuffsPerKb;

    private bool Forget(Txid txid, bool isConfirmed)
    {
        if (!_waiting.Remove(txid, out var place))
        {
            return false;
        }

        _short.Remove(place.Height, _best, place.Bucket, isConfirmed);
        _medium.Remove(place.Height, _best, place.Bucket, isConfirmed);
        _long.Remove(place.Height, _best, place.Bucket, isConfirmed);
        return true;
    }

    private FeeStatistics Of(FeeHorizon horizon) => horizon switch
    {
        FeeHorizon.Short => _short,
        FeeHorizon.Medium => _medium,
        _ => _long,
    };

    // Half of the blocks that were seen: as many must be left in which a transaction could have failed.
    private int MaxUsableTarget() => Math.Min(_long.MaxConfirms, Math.Max(Span, HistoricalSpan) / 2);

    // The target that can be answered for; where nothing is known yet, and for one out of range, there is no answer.
    private (int Target, bool Answerable) UsableTarget(int target)
    {
        if (target <= 0 || target > _long.MaxConfirms)
        {
            return (target, false);
        }

        // Nobody can promise the very next block.
        var usable = Math.Min(Math.Max(target, 2), MaxUsableTarget());
        return (usable, usable > 1);
    }

    private (double Rate, string Reason) Begin((int Target, bool Answerable) usable) => usable.Answerable
        ? Higher(
            (Combined(usable.Target / 2, HalfSuccess, checkShorter: true), EstimateReason.Half),
            Combined(usable.Target, Success, checkShorter: true), EstimateReason.Full)
        : (-1, EstimateReason.None);

    private SmartFeeEstimate Complete((int Target, bool Answerable) usable, (double Rate, string Reason) best, bool isConservative)
    {
        var (target, answerable) = usable;
        if (answerable)
        {
            best = Higher(best, Combined(2 * target, DoubleSuccess, checkShorter: !isConservative), EstimateReason.Double);
            if (isConservative || best.Rate < 0)
            {
                best = Higher(best, Conservative(2 * target), EstimateReason.Conservative);
            }
        }

        return best.Rate < 0
            ? new SmartFeeEstimate(FeeRate.Zero, target, EstimateReason.None)
            : new SmartFeeEstimate(new FeeRate((long)Math.Round(best.Rate, MidpointRounding.AwayFromZero)), target, best.Reason);
    }

    private double Estimate(FeeStatistics statistics, int target, double threshold) => statistics.Estimate(
        target, ReferenceEquals(statistics, _short) ? SufficientCountShort : SufficientCount, threshold, _best).Rate;

    private double Combined(int target, double threshold, bool checkShorter)
    {
        if (target < 1 || target > _long.MaxConfirms)
        {
            return -1;
        }

        var shortest = target <= _short.MaxConfirms ? _short : target <= _medium.MaxConfirms ? _medium : _long;
        var rate = Estimate(shortest, target, threshold);
        if (checkShorter)
        {
            // What a shorter horizon promises even earlier for less is good enough.
            foreach (var shorter in new[] { _medium, _short }.Where(other => target > other.MaxConfirms))
            {
                var other = Estimate(shorter, shorter.MaxConfirms, threshold);
                rate = other > 0 && (rate < 0 || other < rate) ? other : rate;
            }
        }

        return rate;
    }

    // Of equal ones, the first asked is the reason.
    private static (double Rate, string Reason) Higher((double Rate, string Reason) best, double rate, string reason) =>
        rate > best.Rate ? (rate, reason) : best;

    private double Conservative(int target)
    {
        var rate = -1d;
        if (target <= _short.MaxConfirms)
        {
            rate = Estimate(_medium, target, DoubleSuccess);
        }

        return target <= _medium.MaxConfirms ? Math.Max(rate, Estimate(_long, target, DoubleSuccess)) : rate;
    }
}
