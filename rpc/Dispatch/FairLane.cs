namespace Dash.Rpc.Dispatch;

/// <summary>
/// A bounded queue that is fair to users: so many calls run, so many wait. A place that becomes free goes to who has the fewest calls
/// running. Where the queue is full, who has more than his share in it gives up what he asked for last. Any thread.
/// </summary>
/// <param name="places">Calls that run at a time, at least 1.</param>
/// <param name="queue">Calls that wait, in all; 0 refuses what cannot run at once.</param>
/// <param name="spare">So many more run, each of a user who has none running.</param>
internal sealed class FairLane(int places, int queue, int spare = 0)
{
    private readonly int _places = Math.Max(places, 1);
    private readonly Lock _gate = new(); // protects all below
    private readonly Dictionary<string, Line> _lines = new(StringComparer.Ordinal); // of the users there are: those with a password
    private int _running;
    private int _waiting;
    private long _lastNumber;

    /// <summary>Calls that wait.</summary>
    public int Waiting
    {
        get
        {
            lock (_gate) return _waiting;
        }
    }

    /// <summary>Waits for a place.</summary>
    /// <returns>Whether there is one, which <see cref="Leave"/> gives back; false if the queue was full, or became so.</returns>
    /// <exception cref="OperationCanceledException">The caller gave up.</exception>
    public ValueTask<bool> EnterAsync(string user, CancellationToken ct)
    {
        ct.ThrowIfCancellationRequested();
        Waiter waiter;
        Waiter? displaced = null;
        lock (_gate)
        {
            if (!_lines.TryGetValue(user, out var line))
            {
                line = new Line();
                _lines.Add(user, line);
            }

            if (MayRun(line))
            {
                line.Running++;
                _running++;
                return new(true);
            }

            if (_waiting >= queue)
            {
                displaced = TakeFromLongest(line.Waiting.Count);
                if (displaced is null)
                {
                    return new(false);
                }
            }

            waiter = new(this, user, ++_lastNumber);
            waiter.Node = line.Waiting.AddLast(waiter);
            _waiting++;
        }

        displaced?.TrySetResult(false);
        waiter.CancelBy(ct);
        return new(waiter.Task);
    }

    /// <summary>Gives a place back.</summary>
    public void Leave(string user)
    {
        List<Waiter>? let = null;
        lock (_gate)
        {
            _lines[user].Running--;
            _running--;
            while (_waiting > 0 && Next() is { } next && MayRun(next))
            {
                var waiter = Remove(next.Waiting.First!); // has some, or it were not the next
                next.Running++;
                _running++;
                (let ??= []).Add(waiter);
            }
        }

        foreach (var waiter in let ?? [])
        {
            if (!waiter.TrySetResult(true))
            {
                Leave(waiter.User); // it gave up just then
            }
        }
    }

    private bool MayRun(Line line) => _running < _places || (line.Running == 0 && _running < _places + spare);

    // Whose turn it is: of those who wait, who has the fewest running, and of these who came first.
    private Line? Next()
    {
        Line? next = null;
        foreach (var line in _lines.Values)
        {
            if (line.Waiting.First is { } first && (next is null || line.Running < next.Running
                || (line.Running == next.Running && first.Value.Number < next.Waiting.First!.Value.Number)))
            {
                next = line;
            }
        }

        return next;
    }

    // The last that came of who has the most waiting; null if that is not more than the newcomer would have.
    private Waiter? TakeFromLongest(int own)
    {
        Line? longest = null;
        foreach (var line in _lines.Values)
        {
            if (line.Waiting.Count > (longest?.Waiting.Count ?? own + 1))
            {
                longest = line;
            }
        }

        return longest is null ? null : Remove(longest.Waiting.Last!); // more than one
    }

    private Waiter Remove(LinkedListNode<Waiter> node)
    {
        node.List!.Remove(node);
        node.Value.Node = null;
        _waiting--;
        return node.Value;
    }

    private void GiveUp(Waiter waiter, CancellationToken ct)
    {
        lock (_gate)
        {
            if (waiter.Node is { } node)
            {
                Remove(node);
            }
        }

        waiter.TrySetCanceled(ct);
    }

    private sealed class Line
    {
        public LinkedList<Waiter> Waiting { get; } = [];

        public int Running { get; set; }
    }

    private sealed class Waiter(FairLane lane, string user, long number) : TaskCompletionSource<bool>(TaskCreationOptions.RunContinuationsAsynchronously)
    {
        public string User => user;

        public long Number => number;

        // Null once it has a place, was refused or gave up; protected by the lane's gate.
        public LinkedListNode<Waiter>? Node { get; set; }

        public void CancelBy(CancellationToken ct)
        {
            if (ct.CanBeCanceled)
            {
                var registration = ct.UnsafeRegister(static (waiter, ct) => ((Waiter)waiter!).GiveUp(ct), this); // registered with it
                _ = Task.ContinueWith(
                    static (_, registration) => ((CancellationTokenRegistration)registration!).Unregister(), // made with it
                    registration, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default);
            }
        }

        private void GiveUp(CancellationToken ct) => lane.GiveUp(this, ct);
    }
}
