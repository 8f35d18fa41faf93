using Dash.Common.Time;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Microsoft.Data.Sqlite;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// Hands the lines of wallets' event logs to somebody, in order, and keeps in each wallet's file how far it has come: after a
/// restart it goes on there, so nothing is left out, and what was done is not done again. Only what was under way when the
/// process was killed is handed over once more.
/// </summary>
/// <param name="name">Under which the place is kept. A wallet that has none under it begins with what happens next.</param>
/// <param name="mostAtOnce">So many pieces of work run at a time, over all wallets.</param>
/// <param name="plan">What is to be done for some lines: the line's number and the work.</param>
/// <param name="clock">For how often the place is stored.</param>
internal sealed class EventFollower(
    string name,
    int mostAtOnce,
    Func<Wallet, IReadOnlyList<LoggedEvent>, IEnumerable<(long Sequence, Func<CancellationToken, Task> Work)>> plan,
    Clock clock)
{
    /// <summary>Lines handed over together.</summary>
    public const int PageSize = 500;

    /// <summary>
    /// Work may take as long as it likes: each wallet has its turns for itself, what is under way is cut off when its wallet goes, and
    /// what was cut off is not done: it is handed over again.
    /// </summary>
    public bool IsPatient { get; init; }

    // One write of the wallet's file for all that was done meanwhile.
    private static readonly TimeSpan StoreEvery = TimeSpan.FromSeconds(1);

    /// <summary>Follows all wallets until it is cancelled; then what is under way is waited for and its place stored.</summary>
    public async Task RunAsync(WalletDirectory wallets, CancellationToken ct)
    {
        using SemaphoreSlim slots = new(mostAtOnce);
        List<Task> following = [];
        Dictionary<Wallet, (Place Place, CancellationTokenSource Gone)> known = [];
        Lock gate = new(); // protects the two above
        void Follow(Wallet wallet)
        {
            var has = wallet.Snapshot.Followed.TryGetValue(name, out var stored);
            Place place = new(has ? stored : wallet.Snapshot.NextEvent - 1, has ? stored : -1);
            lock (gate)
            {
                following.RemoveAll(static task => task.IsCompleted);
                var gone = CancellationTokenSource.CreateLinkedTokenSource(ct);
                var token = IsPatient ? gone.Token : ct;
                known[wallet] = (place, gone);
                following.Add(Task.Run(() => IsPatient ? FollowAloneAsync(wallet, place, token) : FollowAsync(wallet, place, slots, ct), CancellationToken.None));
            }
        }

        // The last chance to store its place.
        void Leave(Wallet wallet)
        {
            lock (gate)
            {
                if (!known.Remove(wallet, out var left))
                {
                    return;
                }

                following.Add(EndAsync(left.Gone));
                following.Add(StoreAsync(wallet, left.Place));
            }
        }

        wallets.Unloading += Leave;
        wallets.Loaded += Follow;
        try
        {
            foreach (var wallet in wallets.All)
            {
                Follow(wallet);
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, TimeProvider.System, ct).ConfigureAwait(false);
        }
        finally
        {
            wallets.Loaded -= Follow;
            wallets.Unloading -= Leave;
            Task[] all;
            lock (gate)
            {
                all = [.. following, .. known.Values.Select(static left => EndAsync(left.Gone))];
                known.Clear();
            }

            await Task.WhenAll(all).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    // Whoever hears of it goes on elsewhere.
    private static async Task EndAsync(CancellationTokenSource gone)
    {
        await gone.CancelAsync().ConfigureAwait(false);
        gone.Dispose();
    }

    private async Task FollowAloneAsync(Wallet wallet, Place place, CancellationToken ct)
    {
        using SemaphoreSlim slots = new(mostAtOnce);
        await FollowAsync(wallet, place, slots, ct).ConfigureAwait(false);
    }

    private async Task FollowAsync(Wallet wallet, Place place, SemaphoreSlim slots, CancellationToken ct)
    {
        List<Task> running = [];
        try
        {
            // From here on what happens is due, even if the process ends before the first of it.
            await StoreAsync(wallet, place).ConfigureAwait(false);
            var begun = clock.GetTimestamp();
            while (true)
            {
                var next = wallet.NextEvent;
                if (Read(wallet, place) is not var (lines, planned))
                {
                    await Task.Delay(StoreEvery, clock, ct).ConfigureAwait(false);
                    continue;
                }

                foreach (var (sequence, work) in planned)
                {
                    while (!await slots.WaitAsync(StoreEvery, ct).ConfigureAwait(false))
                    {
                        await StoreAsync(wallet, place).ConfigureAwait(false);
                    }

                    begun = await StoreNowAndThenAsync(wallet, place, begun).ConfigureAwait(false);
                    running.RemoveAll(static task => task.IsCompleted);
                    place.Begin(sequence);
                    running.Add(RunAsync(work, sequence, place, slots, ct));
                }

                place.See(lines is [] ? place.Seen : lines[^1].Sequence);
                begun = await StoreNowAndThenAsync(wallet, place, begun).ConfigureAwait(false);
                if (lines is [])
                {
                    var patience = place.IsSettled ? Timeout.InfiniteTimeSpan : StoreEvery;
                    await next.WaitAsync(patience, clock, ct).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
                    ct.ThrowIfCancellationRequested();
                }
            }
        }
        catch (WalletException)
        {
            // Unloaded.
        }
        finally
        {
            await Task.WhenAll(running).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            await StoreAsync(wallet, place).ConfigureAwait(false);
        }
    }

    // The next lines and all that is to be done for them; null if the disk could not be read just now.
    private (IReadOnlyList<LoggedEvent> Lines, List<(long Sequence, Func<CancellationToken, Task> Work)> Planned)? Read(Wallet wallet, Place place)
    {
        try
        {
            var lines = Whole(wallet.EventsSince(place.Seen, PageSize).Lines);
            return (lines, [.. plan(wallet, lines)]);
        }
        catch (SqliteException)
        {
            return null;
        }
    }

    // A transaction that comes in a block has two lines, and they are one piece of news.
    private static IReadOnlyList<LoggedEvent> Whole(IReadOnlyList<LoggedEvent> lines) =>
        lines is [_, .., { Kind: EventKind.Added }] && lines.Count == PageSize ? [.. lines.SkipLast(1)] : lines;

    private async Task<long> StoreNowAndThenAsync(Wallet wallet, Place place, long begun)
    {
        if (clock.GetElapsedTime(begun) < StoreEvery)
        {
            return begun;
        }

        await StoreAsync(wallet, place).ConfigureAwait(false);
        return clock.GetTimestamp();
    }

    private async Task StoreAsync(Wallet wallet, Place place)
    {
        if (place.IsStored)
        {
            return;
        }

        var done = place.Done;
        try
        {
            await wallet.ChangeAsync(_ => new Decision<bool>(new ChangeSet { Followed = (name, done) }, true), CancellationToken.None)
                .ConfigureAwait(false);
            place.Stored = done;
        }
        catch (WalletException)
        {
            // It cannot be written now, or is unloaded: the place stays behind, and some of it is handed over again.
        }
    }

    private async Task RunAsync(
        Func<CancellationToken, Task> work, long sequence, Place place, SemaphoreSlim slots, CancellationToken ct)
    {
        var isDone = !IsPatient;
        try
        {
            await work(ct).ConfigureAwait(false);
            isDone = true;
        }
        finally
        {
            if (isDone)
            {
                place.End(sequence);
            }

            slots.Release();
        }
    }

    /// <summary>How far one wallet's log has been handed over. Any thread.</summary>
    private sealed class Place(long seen, long stored)
    {
        private readonly Lock _gate = new(); // protects the fields below
        private readonly SortedSet<long> _unfinished = [];
        private long _seen = seen;
        private long _stored = stored;

        /// <summary>The last line looked at.</summary>
        public long Seen
        {
            get
            {
                lock (_gate) return _seen;
            }
        }

        /// <summary>The last line up to which all is done.</summary>
        public long Done
        {
            get
            {
                lock (_gate) return DoneNow;
            }
        }

        /// <summary>What the wallet's file says; -1 for nothing.</summary>
        public long Stored
        {
            set
            {
                lock (_gate) _stored = value;
            }
        }

        /// <summary>The file says all that is done.</summary>
        public bool IsStored
        {
            get
            {
                lock (_gate) return _stored == DoneNow;
            }
        }

        /// <summary>All is done, and the file says so.</summary>
        public bool IsSettled
        {
            get
            {
                lock (_gate) return _unfinished.Count == 0 && _stored == _seen;
            }
        }

        // Under the lock.
        private long DoneNow => _unfinished.Count > 0 ? _unfinished.Min - 1 : _seen;

        public void Begin(long sequence)
        {
            lock (_gate)
            {
                _seen = sequence - 1;
                _unfinished.Add(sequence);
            }
        }

        public void See(long sequence)
        {
            lock (_gate) _seen = sequence;
        }

        public void End(long sequence)
        {
            lock (_gate) _unfinished.Remove(sequence);
        }
    }
}
