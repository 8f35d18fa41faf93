using Dash.Common.Time;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>
/// The fee rate a full mempool asks for: above what was evicted last, and falling by half in hours once blocks make
/// room again. Belongs to the validation loop.
/// </summary>
internal sealed class RollingMinimumFee(FeeRate incremental, Clock clock)
{
    private const double HalfLifeSeconds = 12 * 60 * 60;
    private const int MinUpdateSeconds = 10;

    private double _rate;
    private long _lastUpdate;
    private bool _hadBlock;

    /// <summary>The rate now; zero while nothing was evicted.</summary>
    /// <param name="usage">Memory taken, bytes.</param>
    /// <param name="limit">Memory allowed, bytes.</param>
    public FeeRate At(long usage, long limit)
    {
        if (!_hadBlock || _rate == 0)
        {
            return new FeeRate((long)_rate);
        }

        var now = clock.UnixSeconds;
        if (now > _lastUpdate + MinUpdateSeconds)
        {
            // The emptier the mempool, the faster it falls.
            var halfLife = usage < limit / 4 ? HalfLifeSeconds / 4
                : usage < limit / 2 ? HalfLifeSeconds / 2
                : HalfLifeSeconds;
            _rate /= Math.Pow(2.0, (now - _lastUpdate) / halfLife);
            _lastUpdate = now;
            if (_rate < incremental.DuffsPerKb / 2.0)
            {
                _rate = 0;
                return new FeeRate(0);
            }
        }

        return new FeeRate(Math.Max((long)_rate, incremental.DuffsPerKb));
    }

    /// <summary>A package was evicted: the next must pay more.</summary>
    public void Raise(MempoolPackage evicted)
    {
        var rate = ((double)evicted.Fees.Duffs * 1000 / evicted.Size) + incremental.DuffsPerKb;
        if (rate > _rate)
        {
            _rate = rate;
            _hadBlock = false;
        }
    }

    /// <summary>A block made room.</summary>
    public void BlockConnected()
    {
        _lastUpdate = clock.UnixSeconds;
        _hadBlock = true;
    }
}
