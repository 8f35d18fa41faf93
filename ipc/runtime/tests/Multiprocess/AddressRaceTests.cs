using System.Collections.Concurrent;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Multiprocess;

/// <summary>Time stands still unless a test says otherwise: what happens by itself happens at once.</summary>
public sealed class AddressRaceTests
{
    // More than any wait between two tries at an address that refuses.
    private static readonly TimeSpan Long = TimeSpan.FromSeconds(5);

    private readonly ManualTime _time = new();
    private readonly ConcurrentQueue<string> _tried = [];
    private readonly ConcurrentQueue<string> _refused = [];
    private readonly ConcurrentDictionary<string, Func<CancellationToken, Task<Peer>>> _peers = [];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task The_first_that_answers_is_taken_in_order_of_preference()
    {
        _peers["b"] = Answers("b");
        _peers["c"] = Answers("c");

        await using var found = await Race("a", "b", "c").RunAsync(Ct).InTime();

        Assert.Equal("b", found.Name);
        Assert.Equal(["a", "b"], _tried);
        Assert.Equal(["a: nobody"], _refused);
    }

    [Fact]
    public async Task The_preferred_one_is_taken_though_the_others_are_there_too()
    {
        _peers["a"] = Answers("a");
        _peers["b"] = Answers("b");

        await using var found = await Race("a", "b").RunAsync(Ct).InTime();

        Assert.Equal("a", found.Name);
        Assert.Equal(["a"], _tried);
    }

    [Fact]
    public async Task One_that_hangs_has_a_head_start_and_is_given_up_when_another_answers()
    {
        TaskCompletionSource givenUp = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _peers["a"] = Hangs(givenUp);
        _peers["b"] = Answers("b");
        var running = Race("a", "b").RunAsync(Ct);
        await Eventually.Holds("the first is tried", () => _tried.IsEmpty ? "not yet" : null);
        Assert.Equal(["a"], _tried);

        var found = await PassAsync(running);

        Assert.Equal("b", found.Name);
        Assert.True(givenUp.Task.IsCompleted);
    }

    [Fact]
    public async Task Each_address_is_tried_again_and_again_while_another_one_hangs()
    {
        _peers["a"] = Hangs(new());
        var running = Race("a", "b", "c").RunAsync(Ct);
        await PassUntilAsync(() => _tried.Count(static name => name == "b") >= 3 && _tried.Count(static name => name == "c") >= 3);
        Assert.Single(_tried, "a");

        _peers["c"] = Answers("c");

        Assert.Equal("c", (await PassAsync(running)).Name);
    }

    [Fact]
    public async Task One_that_answers_too_late_is_closed()
    {
        TaskCompletionSource<Peer> late = new(TaskCreationOptions.RunContinuationsAsynchronously);
        Peer loser = new("a");
        _peers["a"] = _ => late.Task;
        _peers["b"] = _ =>
        {
            late.SetResult(loser);
            return Task.FromResult(new Peer("b"));
        };

        var found = await PassAsync(Race("a", "b").RunAsync(Ct));

        // Either may be the first that is heard of.
        Assert.Equal(found != loser, loser.IsClosed);
        Assert.False(found.IsClosed);
    }

    [Fact]
    public async Task One_that_is_not_the_right_one_is_asked_again_when_it_is_said_to_be()
    {
        var asked = 0;
        _peers["a"] = _ => ++asked == 1 ? throw new InvalidDataException("another network") : Task.FromResult(new Peer("a"));
        AddressRace<Peer> race = new([Address("a")], ConnectAsync, _time)
        {
            DelayAfter = static refused => refused is InvalidDataException ? TimeSpan.FromSeconds(10) : null,
            Refused = (address, refused) => _refused.Enqueue($"{Name(address)}: {refused.Message}"),
        };
        var running = race.RunAsync(Ct);
        await Eventually.Holds("it is heard of", () => _refused.IsEmpty ? "not yet" : null);
        _time.Advance(TimeSpan.FromSeconds(9));
        Assert.Equal((1, false), (asked, running.IsCompleted));

        Assert.Equal("a", (await PassAsync(running)).Name);
    }

    [Fact]
    public async Task A_failure_that_is_no_refusal_ends_the_race_and_closes_what_was_connected()
    {
        Peer late = new("a");
        TaskCompletionSource<Peer> slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _peers["a"] = async ct =>
        {
            await using var _ = ct.Register(() => slow.TrySetResult(late));
            return await slow.Task;
        };
        _peers["b"] = _ => throw new InvalidOperationException("a bug");

        var running = Race("a", "b").RunAsync(Ct);

        Assert.Equal("a bug", (await Assert.ThrowsAsync<InvalidOperationException>(() => PassAsync(running))).Message);
        Assert.True(late.IsClosed);
    }

    [Fact]
    public async Task Who_gives_up_leaves_nothing_open()
    {
        Peer late = new("a");
        TaskCompletionSource<Peer> slow = new(TaskCreationOptions.RunContinuationsAsynchronously);
        _peers["a"] = async ct =>
        {
            await using var _ = ct.Register(() => slow.TrySetResult(late));
            return await slow.Task;
        };
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var running = Race("a").RunAsync(stop.Token);
        await Eventually.Holds("it is tried", () => _tried.IsEmpty ? "not yet" : null);

        await stop.CancelAsync();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => running.InTime());
        Assert.True(late.IsClosed);
    }

    [Fact]
    public async Task It_may_be_run_again()
    {
        _peers["a"] = Answers("a");
        var race = Race("a", "b");
        Assert.Equal("a", (await race.RunAsync(Ct).InTime()).Name);
        (_peers["a"], _peers["b"]) = (_peers["b"], _peers["a"]);
        _peers["b"] = Answers("b");

        Assert.Equal("b", (await race.RunAsync(Ct).InTime()).Name);
    }

    private static UnixAddress Address(string name) => new("/" + name);

    private static string Name(IpcAddress address) => ((UnixAddress)address).SocketPath[1..];

    private static Func<CancellationToken, Task<Peer>> Answers(string name) => _ => Task.FromResult(new Peer(name));

    private static Func<CancellationToken, Task<Peer>> Hangs(TaskCompletionSource givenUp) => async ct =>
    {
        await using var _ = ct.Register(() => givenUp.TrySetResult());
        await givenUp.Task;
        throw new OperationCanceledException(ct);
    };

    private AddressRace<Peer> Race(params string[] names)
    {
        foreach (var name in names)
        {
            _peers.TryAdd(name, static _ => Task.FromException<Peer>(new IOException("nobody")));
        }

        return new([.. names.Select(Address)], ConnectAsync, _time)
        {
            Refused = (address, refused) => _refused.Enqueue($"{Name(address)}: {refused.Message}"),
        };
    }

    private Task<Peer> ConnectAsync(IpcAddress address, CancellationToken ct)
    {
        _tried.Enqueue(Name(address));
        return _peers[Name(address)](ct);
    }

    private async Task<Peer> PassAsync(Task<Peer> running)
    {
        await PassUntilAsync(() => running.IsCompleted);
        return await running;
    }

    // Time passes, and what comes of it is waited for, over and over.
    private Task PassUntilAsync(Func<bool> isDone) => Eventually.Holds("time passes", () =>
    {
        _time.Advance(Long);
        return isDone() ? null : "not yet";
    });

    private sealed class Peer(string name) : IAsyncDisposable
    {
        public string Name { get; } = name;

        public bool IsClosed { get; private set; }

        public ValueTask DisposeAsync()
        {
            IsClosed = true;
            return ValueTask.CompletedTask;
        }
    }
}
