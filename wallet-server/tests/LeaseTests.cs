using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Tests;

/// <summary>For how long secrets stay open, and how guessing them is slowed down.</summary>
public sealed class LeaseTests
{
    private static readonly TimeSpan Minute = TimeSpan.FromMinutes(1);

    private readonly TwoClocks _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void A_shorter_lease_shortens_no_other_one_and_the_unnamed_one_is_set_anew()
    {
        Leases leases = new(_time);
        leases.Set("billing", 10 * Minute, isForMixingOnly: false);
        leases.Set(Leases.Unnamed, 5 * Minute, isForMixingOnly: false);
        leases.Set(Leases.Unnamed, Minute, isForMixingOnly: false);
        leases.Set("audit", Minute, isForMixingOnly: true);
        Assert.Equal(10 * Minute, leases.Left);
        Assert.False(leases.AreForMixingOnly);

        _time.Pass(2 * Minute);
        Assert.True(leases.Last);
        leases.Remove("billing");
        Assert.False(leases.Last); // those of one minute are over

        leases.Set("audit", Minute, isForMixingOnly: true);
        Assert.True(leases.Last && leases.AreForMixingOnly);
        leases.Set(Leases.Unnamed, null, isForMixingOnly: false);
        Assert.Null(leases.Left);
        _time.Pass(100_000 * Minute);
        Assert.True(leases.Last);
        leases.Clear();
        Assert.False(leases.Last);
    }

    [Theory]
    [InlineData(-1)]
    [InlineData(1)]
    [InlineData(3650)]
    public void No_change_of_the_wall_clock_ends_or_prolongs_a_lease(int days)
    {
        Leases leases = new(_time);
        leases.Set("one", Minute, isForMixingOnly: false);
        _time.Jump(TimeSpan.FromDays(days));
        _time.Pass(TimeSpan.FromSeconds(59));
        Assert.True(leases.Last);
        Assert.Equal(TimeSpan.FromSeconds(1), leases.Left);
        _time.Pass(TimeSpan.FromSeconds(1));
        Assert.False(leases.Last);
    }

    [Fact]
    public async Task Guessing_waits_twice_as_long_each_time_and_one_right_passphrase_ends_that()
    {
        using PassphraseTries tries = new(_time);
        for (var i = 0; i < 20; i++) Assert.False(await tries.TryAsync(static () => false, Ct));

        foreach (var milliseconds in (int[])[250, 500, 1000])
        {
            var next = tries.TryAsync(static () => false, Ct);
            await _time.TimerAsync(TimeSpan.FromMilliseconds(milliseconds), Ct);
            Assert.False(next.IsCompleted);
            _time.Pass(TimeSpan.FromMilliseconds(milliseconds));
            Assert.False(await next);
        }

        // Who comes later has waited.
        _time.Pass(TimeSpan.FromSeconds(3));
        Assert.False(await tries.TryAsync(static () => false, Ct));

        var right = tries.TryAsync(static () => true, Ct);
        var queued = tries.TryAsync(static () => false, Ct);
        await _time.TimerAsync(TimeSpan.FromSeconds(4), Ct);
        Assert.Equal(WalletError.Wallet, (await Assert.ThrowsAsync<WalletException>(() => tries.TryAsync(static () => true, Ct))).Error);
        _time.Pass(TimeSpan.FromSeconds(4));
        Assert.True(await right);
        Assert.False(await queued); // at once again
        Assert.False(await tries.TryAsync(static () => false, Ct));
    }

    [Fact]
    [System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
    public async Task A_passphrase_file_is_read_as_its_first_line_and_only_where_nobody_else_may_read_it()
    {
        using var directory = new Scenario.TempDirectory();
        var path = Path.Combine(directory.Path, "alice");
        await File.WriteAllTextAsync(path, "secret words\r\nmore\n", Ct);
        File.SetUnixFileMode(path, UnixFileMode.UserRead);
        using (var files = PassphraseFiles.Read([path, "credential:alice"], directory.Path)) Assert.False(files.IsEmpty);
        Assert.Throws<IOException>(() => PassphraseFiles.Read(["credential:../alice"], directory.Path));
        Assert.Throws<IOException>(() => PassphraseFiles.Read(["credential:alice"], null));
        SecretFile.RefuseDescriptors([path, "credential:alice"]);
        Assert.Contains("/dev/fd/3 is a descriptor", Assert.Throws<IOException>(() => SecretFile.RefuseDescriptors([path, "/dev/fd/3"])).Message, StringComparison.Ordinal);
        Assert.Equal($"there is no file {path}2", Refusal(path + "2"));
        Assert.Equal($"there is no file {Path.GetFullPath("not there")}", Refusal("not there"));
        Assert.Equal($"{directory.Path} is a directory", Refusal(directory.Path));
        Assert.All(["", "\0"], place => Assert.Equal("no file is named", Refusal(place)));
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.OtherRead);
        Assert.Contains("anybody", Assert.Throws<IOException>(() => PassphraseFiles.Read([path], null)).Message, StringComparison.Ordinal);
        File.SetUnixFileMode(path, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(path, "\nsecret", Ct);
        Assert.Equal($"the first line of {path} is empty or too long", Refusal(path));

        static string Refusal(string place) => Assert.Throws<IOException>(() => PassphraseFiles.Read([place], null)).Message;
    }

    /// <summary>A wall clock and a monotonic one that are moved by hand.</summary>
    private sealed class TwoClocks : TimeProvider
    {
        private readonly Lock _gate = new();
        private readonly List<Timer> _timers = [];
        private TaskCompletionSource _added = new(TaskCreationOptions.RunContinuationsAsynchronously);
        private DateTimeOffset _wall = DateTimeOffset.UnixEpoch.AddYears(55);
        private TimeSpan _passed;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override DateTimeOffset GetUtcNow() => _wall;

        public override long GetTimestamp()
        {
            lock (_gate) return _passed.Ticks;
        }

        public void Jump(TimeSpan span) => _wall += span;

        public void Pass(TimeSpan span)
        {
            List<Timer> due;
            lock (_gate)
            {
                _passed += span;
                _wall += span;
                due = _timers.FindAll(timer => timer.Due <= _passed);
                _timers.RemoveAll(due.Contains);
            }

            due.ForEach(static timer => timer.Fire());
        }

        /// <summary>Waits until somebody waits for so long.</summary>
        public async Task TimerAsync(TimeSpan wait, CancellationToken ct)
        {
            while (true)
            {
                Task added;
                lock (_gate)
                {
                    if (_timers.Exists(timer => timer.Due == _passed + wait)) return;
                    added = _added.Task;
                }

                await added.WaitAsync(ct);
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Timer timer = new(this, () => callback(state));
            timer.Change(dueTime, period);
            return timer;
        }

        private sealed class Timer(TwoClocks clock, Action fire) : ITimer
        {
            public TimeSpan Due { get; private set; }

            public void Fire() => fire();

            public bool Change(TimeSpan dueTime, TimeSpan period)
            {
                lock (clock._gate)
                {
                    clock._timers.Remove(this);
                    if (dueTime != Timeout.InfiniteTimeSpan)
                    {
                        Due = clock._passed + dueTime;
                        clock._timers.Add(this);
                        Interlocked.Exchange(ref clock._added, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
                    }
                }

                return true;
            }

            public void Dispose()
            {
                lock (clock._gate) clock._timers.Remove(this);
            }

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
