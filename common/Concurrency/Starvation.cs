namespace Dash.Common.Concurrency;

/// <summary>
/// Tells from what threads got of the cores, and what they waited, whether they get too little; for a while after that it stays so,
/// the longer the sooner it comes again. Any thread.
/// </summary>
internal sealed class Starvation(TimeProvider time)
{
    // Less than a fifth of what was wanted is too little.
    private const int LeastShare = 5;

    // Whether that is so is not told from less: for a moment it is so now and then.
    private static readonly TimeSpan Span = TimeSpan.FromMilliseconds(200);

    private static readonly TimeSpan ShortestWhile = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWhile = TimeSpan.FromSeconds(64);

    private readonly object _gate = new(); // protects all below
    private TimeSpan _ran;
    private TimeSpan _waited;
    private TimeSpan _while;
    private long _since; // when the last while began

    /// <summary>Whether too little was got a while ago.</summary>
    public bool IsStarving
    {
        get
        {
            lock (_gate) return IsWithin(_while);
        }
    }

    /// <summary>What a thread got.</summary>
    /// <param name="ran">How long it ran.</param>
    /// <param name="waited">How long it could have run and did not.</param>
    public void Add(TimeSpan ran, TimeSpan waited)
    {
        lock (_gate)
        {
            _ran += ran;
            _waited += waited;
            if (_ran + _waited < Span)
            {
                return;
            }

            var isLittle = _ran * LeastShare < _ran + _waited;
            (_ran, _waited) = (default, default);
            if (isLittle && !IsWithin(_while))
            {
                _while = !IsWithin(2 * LongestWhile) ? ShortestWhile : 2 * _while < LongestWhile ? 2 * _while : LongestWhile;
                _since = time.GetTimestamp();
            }
        }
    }

    private bool IsWithin(TimeSpan span) => _while != default && time.GetElapsedTime(_since) < span;
}
