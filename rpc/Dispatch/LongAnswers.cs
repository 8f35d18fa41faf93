namespace Dash.Rpc.Dispatch;

/// <summary>
/// The long answers that one peer has not read to their ends. They are bounded in number and bytes: where there are too many, the one
/// that was not read for the longest time is given up, and so is one that nobody reads for some minutes. Any thread.
/// </summary>
/// <param name="time">For what is given up: real time.</param>
/// <param name="mostBytes">Bytes of all of them; one alone may be of any size, as at the process's own port.</param>
public sealed class LongAnswers(TimeProvider time, long mostBytes = 2L << 30)
{
    /// <summary>Answers at most.</summary>
    public const int Most = 256;

    private const uint LeastPiece = 1 << 12;
    private const uint MostPiece = 8 << 20;

    // A megabyte in that time is 1.7 kB/s, slower than any link that serves.
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);
    private static readonly TimeSpan Look = TimeSpan.FromMinutes(1);

    private readonly Lock _gate = new(); // protects all below
    private readonly List<(LongAnswer Answer, long Read)> _kept = []; // the last to be read at the end
    private ITimer? _timer;

    /// <summary>Answers that were not read to their ends.</summary>
    public int Count
    {
        get
        {
            lock (_gate)
            {
                return _kept.Count;
            }
        }
    }

    /// <summary>Reads the beginning of an answer, and keeps it if there is more, else disposes it.</summary>
    /// <param name="answer">Owned from here on, until it is let go.</param>
    /// <param name="most">What the other process wants to have at once, bytes.</param>
    /// <param name="ct">Gives up, and lets it go.</param>
    public async ValueTask<(ReadOnlyMemory<byte> Piece, bool IsWhole)> BeginAsync(LongAnswer answer, uint most, CancellationToken ct)
    {
        var isKept = false;
        try
        {
            var piece = await answer.ReadAsync(Within(most), ct);
            isKept = answer.Left > 0;
            if (isKept)
            {
                Keep(answer);
            }

            return (piece, !isKept);
        }
        finally
        {
            if (!isKept)
            {
                await answer.DisposeAsync();
            }
        }
    }

    /// <summary>The next bytes of an answer that is kept.</summary>
    public ValueTask<ReadOnlyMemory<byte>> ReadAsync(LongAnswer answer, uint most, CancellationToken ct)
    {
        Touch(answer);
        return answer.ReadAsync(Within(most), ct);
    }

    /// <summary>Nobody wants more of an answer.</summary>
    public ValueTask LetGoAsync(LongAnswer answer)
    {
        lock (_gate)
        {
            _kept.RemoveAll(kept => kept.Answer == answer);
            StopLooking();
        }

        return answer.DisposeAsync();
    }

    private static int Within(uint most) => (int)Math.Clamp(most, LeastPiece, MostPiece);

    private void Keep(LongAnswer answer)
    {
        lock (_gate)
        {
            _kept.Add((answer, time.GetTimestamp()));
            _timer ??= time.CreateTimer(_ => GiveUpOld(), null, Look, Look);
            var bytes = _kept.Sum(static kept => kept.Answer.Held);
            while (_kept.Count > Most || (bytes > mostBytes && _kept.Count > 1))
            {
                bytes -= _kept[0].Answer.Held;
                GiveUpFirst();
            }
        }
    }

    private void Touch(LongAnswer answer)
    {
        lock (_gate)
        {
            if (_kept.FindIndex(kept => kept.Answer == answer) is >= 0 and var at)
            {
                _kept.RemoveAt(at);
                _kept.Add((answer, time.GetTimestamp()));
            }
        }
    }

    private void GiveUpOld()
    {
        lock (_gate)
        {
            while (_kept.Count > 0 && time.GetElapsedTime(_kept[0].Read) >= Patience)
            {
                GiveUpFirst();
            }

            StopLooking();
        }
    }

    private void GiveUpFirst()
    {
        _kept[0].Answer.GiveUp();
        _kept.RemoveAt(0);
    }

    private void StopLooking()
    {
        if (_kept.Count == 0)
        {
            _timer?.Dispose();
            _timer = null;
        }
    }
}
