using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Multiprocess;

/// <summary>Time that runs out: of one call, of a whole peer.</summary>
public sealed class DeadlineTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public void The_defaults_are_the_promised_ones()
    {
        var limits = IpcLimits.Default;
        Assert.Equal(TimeSpan.FromSeconds(30), limits.CallTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.HeartbeatInterval);
        Assert.Equal(TimeSpan.FromSeconds(15), limits.HeartbeatTimeout);
        Assert.Equal(TimeSpan.FromSeconds(5), limits.HandshakeTimeout);
        Assert.Equal((10_000, 1_000, 64, 32L << 20), (limits.MaxCapabilities, limits.MaxRunningCalls, limits.MaxThreads, limits.SendSoftBytes));
        Assert.Equal((64L << 17, 64, 511), (limits.Message.TraversalWords, limits.Message.Nesting, limits.Message.MaxSegments));
    }

    [Fact]
    public async Task A_call_without_an_answer_is_given_up_and_the_peer_is_told()
    {
        await using var pair = await TesterPair.CreateAsync(options: Hurried);
        var failure = await Assert.ThrowsAsync<IpcException>(() => pair.Remote.WaitAsync(Ct).AsTask().InTime());
        Assert.Equal(IpcErrorKind.Overloaded, failure.Kind);
        Assert.Equal("IPC call was not answered within 0.08 s", failure.Message);
        await pair.Tester.WaitCancelled.Task.InTime();
        Assert.Equal(3, await AddAsync(pair)); // the connection lives
        Assert.Contains("IPC memory: a call was not answered in time and was given up", pair.ClientLog.Lines);
    }

    [Fact]
    public async Task A_call_of_a_method_that_waits_is_not()
    {
        await using var pair = await TesterPair.CreateAsync(options: Hurried);
        var patient = new PatientClient(pair.Remote.Target.AddReference(), pair.Client);
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = patient.WaitAsync(stop.Token).AsTask();
        for (var i = 0; i < 3; i++)
        {
            await Assert.ThrowsAsync<IpcException>(() => pair.Remote.WaitAsync(Ct).AsTask().InTime()); // so long it took at least
        }

        Assert.False(waiting.IsCompleted);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting.InTime());
        patient.LetGo();
    }

    [Theory]
    [InlineData(5, 15)]
    [InlineData(1, 15)]
    [InlineData(5, 30)]
    public async Task A_frozen_peer_is_noticed_within_the_time_whenever_it_froze(int interval, int timeout)
    {
        // It says its last word just after a look, which is the worst moment; time goes by in tenths of the heartbeat.
        ManualTime time = new();
        await using var peer = WirePeer.OfServer(options => options with
        {
            Time = time,
            Limits = options.Limits with
            {
                HeartbeatInterval = TimeSpan.FromSeconds(interval), HeartbeatTimeout = TimeSpan.FromSeconds(timeout), CloseTimeout = TimeSpan.FromMilliseconds(10),
            },
        });
        time.Advance(TimeSpan.FromSeconds(interval));
        Assert.Equal(Message.Which.Bootstrap, (await peer.HearAsync())!.Value.Which);
        var before = peer.Connection.Protocol.Received;
        await peer.BootstrapAsync();
        await Eventually.Holds("it was heard", () => peer.Connection.Protocol.Received > before ? null : "not yet");

        var silent = TimeSpan.Zero;
        while (peer.Connection.EndReason is null && silent <= TimeSpan.FromSeconds(timeout + 1))
        {
            time.Advance(TimeSpan.FromSeconds(interval) / 10);
            silent += TimeSpan.FromSeconds(interval) / 10;
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, Ct); // the timer's continuation runs elsewhere
        }

        Assert.Equal("Peer does not answer.", peer.Connection.EndReason?.Message);
        Assert.InRange(silent, TimeSpan.FromSeconds(timeout) / 2, TimeSpan.FromSeconds(timeout));
        time.Advance(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_peer_that_takes_twelve_seconds_for_each_answer_is_waited_for_and_given_up_when_it_stops()
    {
        const int Answers = 6;
        ManualTime time = new();
        await using var peer = WirePeer.OfServer(options => options with
        {
            Time = time, Limits = options.Limits with { FirstAnswerTimeout = TimeSpan.FromSeconds(60), CloseTimeout = TimeSpan.FromMilliseconds(10) },
        });
        Queue<(uint Question, TimeSpan Due)> asked = [];
        var now = TimeSpan.Zero;
        var answers = 0;
        var hearing = peer.HearAsync();
        async Task PassAsync(TimeSpan span)
        {
            for (var end = now + span; now < end; now += TimeSpan.FromSeconds(1))
            {
                time.Advance(TimeSpan.FromSeconds(1));
                await Task.Delay(TimeSpan.FromMilliseconds(20), TimeProvider.System, Ct); // what comes of it runs elsewhere, and may be late
                while (hearing.IsCompleted && await hearing is { } heard)
                {
                    if (heard.Which == Message.Which.Bootstrap) asked.Enqueue((heard.Bootstrap.QuestionId, now + TimeSpan.FromSeconds(12)));
                    hearing = peer.HearAsync();
                }

                while (answers < Answers && asked.TryPeek(out var first) && first.Due <= now)
                {
                    asked.Dequeue();
                    answers++;
                    await peer.SayAsync(message =>
                    {
                        var answer = message.InitReturn();
                        answer.AnswerId = first.Question;
                        answer.InitException().Reason = "none";
                    });
                }
            }
        }

        while (answers < Answers && now < TimeSpan.FromMinutes(10))
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Null(peer.Connection.EndReason);
        Assert.True(peer.Connection.RoundTrip >= TimeSpan.FromSeconds(10));
        var fell = now;
        while (peer.Connection.EndReason is null && now < fell + TimeSpan.FromMinutes(5))
        {
            await PassAsync(TimeSpan.FromSeconds(1));
        }

        Assert.Equal("Peer does not answer.", peer.Connection.EndReason?.Message);
        Assert.True(now - fell > TimeSpan.FromSeconds(30), $"{now - fell}"); // a quick peer has fifteen
    }

    [Fact]
    public async Task A_calls_time_goes_by_while_the_peer_answers_and_hardly_while_it_does_not()
    {
        ManualTime time = new();
        await using var peer = WirePeer.OfServer(options => options with
        {
            Time = time, Limits = options.Limits with { HeartbeatTimeout = TimeSpan.FromHours(1), CloseTimeout = TimeSpan.FromMilliseconds(10) },
        });
        var import = await peer.ImportAsync(3);
        var pending = import.Send(new OutgoingCall(TesterMethods.Interface, 1) { HasDeadline = true });
        await peer.HearCallAsync();
        var looks = 0;
        for (; looks < 60; looks++)
        {
            time.Advance(TimeSpan.FromSeconds(5)); // a question that nobody answers
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, Ct);
            Assert.False(pending.Response.IsCompleted);
        }

        for (; looks < 120 && !pending.Response.IsCompleted; looks++)
        {
            time.Advance(TimeSpan.FromSeconds(5));
            await Task.Delay(TimeSpan.FromMilliseconds(3), TimeProvider.System, Ct);
        }

        var failure = await Assert.ThrowsAsync<IpcException>(() => pending.Response.InTime());
        Assert.Equal(IpcErrorKind.Overloaded, failure.Kind);
        import.Release();
    }

    // The time is short for a machine that is busy: then it is asked again.
    private static async Task<long> AddAsync(TesterPair pair)
    {
        const int Tries = 50;
        for (var left = Tries; ; left--)
        {
            try
            {
                return await pair.Remote.AddAsync(1, 2, Ct);
            }
            catch (IpcException late) when (late.Kind == IpcErrorKind.Overloaded && left > 1)
            {
                // Given up like the other one.
            }
        }
    }

    private static IpcOptions Hurried(IpcOptions options) => options with
    {
        Limits = options.Limits with
        {
            HeartbeatInterval = TimeSpan.FromMilliseconds(20), HeartbeatTimeout = TimeSpan.FromSeconds(10), CallTimeout = TimeSpan.FromMilliseconds(80),
        },
    };

    private sealed class PatientClient(Capability target, ProxyConnection connection) : ProxyClient(target, connection, null)
    {
        private static readonly ProxyMethod Wait = TesterMethods.Wait with { Waits = true };

        internal async ValueTask WaitAsync(CancellationToken ct) => await CallAsync(Wait, 0, static (_, _, _) => { }, static (_, _) => 0, ct);
    }
}
