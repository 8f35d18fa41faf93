using System.Text;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Dispatch;

public sealed class KnownAnswersTests : IDisposable
{
    private readonly OneTimer _time = new();

    public void Dispose() => _time.Dispose();

    [Fact]
    public async Task The_same_question_to_the_same_state_is_answered_without_asking_again()
    {
        using Ledger ledger = new(_time);
        var first = await ledger.AskAsync("[50000]");
        Assert.Equal(first, await ledger.AskAsync("[50000]"));
        Assert.Equal(1, ledger.Made);
        Assert.Equal(1, ledger.Answers.Given);

        // The id is the caller's, not the answer's.
        Assert.Equal(first.Replace("\"id\":1}", "\"id\":\"other\"}", StringComparison.Ordinal), await ledger.AskAsync("[50000]", "\"other\""));
        Assert.Equal(1, ledger.Made);
    }

    [Fact]
    public async Task Another_state_or_other_arguments_are_asked_for()
    {
        using Ledger ledger = new(_time);
        var before = await ledger.AskAsync("[50000]");
        Assert.NotEqual(before, await ledger.AskAsync("[50001]"));
        Assert.Equal(2, ledger.Made);
        ledger.Change();
        var after = await ledger.AskAsync("[50000]");
        Assert.NotEqual(before, after);
        Assert.Equal(3, ledger.Made);
        Assert.Equal(after, await ledger.AskAsync("[50000]"));
        Assert.Equal(3, ledger.Made);
        Assert.InRange(ledger.Answers.Bytes, 50_000, 51_000); // what the old state said is gone
    }

    [Fact]
    public async Task What_was_made_while_the_state_changed_is_not_kept()
    {
        using Ledger ledger = new(_time) { ChangesMeanwhile = true };
        _ = await ledger.AskAsync("[50000]");
        _ = await ledger.AskAsync("[50000]");
        Assert.Equal(2, ledger.Made);
        Assert.Equal(0, ledger.Answers.Bytes);
    }

    [Fact]
    public async Task Short_answers_and_those_that_do_not_fit_are_made_anew()
    {
        using Ledger ledger = new(_time);
        foreach (var length in new[] { 100, 2_000_000 })
        {
            _ = await ledger.AskAsync($"[{length}]");
            _ = await ledger.AskAsync($"[{length}]");
        }

        Assert.Equal(4, ledger.Made);
        Assert.Equal(0, ledger.Answers.Bytes);
    }

    [Fact]
    public async Task Many_short_answers_take_no_place_from_a_long_one()
    {
        using Ledger ledger = new(_time);
        _ = await ledger.AskAsync("[100000]");
        for (var length = 2000; length < 2100; length++)
        {
            _ = await ledger.AskAsync($"[{length}]");
        }

        Assert.Equal(101, ledger.Made);
        Assert.InRange(ledger.Answers.Bytes, 100_000 + (64 * 2000), 100_000 + (64 * 2200)); // not all of the short ones
        var long1 = await ledger.AskAsync("[100000]");
        Assert.Equal(long1, await ledger.AskAsync("[100000]"));
        _ = await ledger.AskAsync("[2099]");
        Assert.Equal(101, ledger.Made);
        _ = await ledger.AskAsync("[2000]"); // the oldest
        Assert.Equal(102, ledger.Made);
    }

    [Fact]
    public async Task There_is_room_for_so_much_and_the_longest_unasked_goes_first()
    {
        using Ledger ledger = new(_time);
        _ = await ledger.AskAsync("[400000]");
        _ = await ledger.AskAsync("[400001]");
        _ = await ledger.AskAsync("[400000]");
        _ = await ledger.AskAsync("[400002]");
        Assert.Equal(3, ledger.Made);
        Assert.InRange(ledger.Answers.Bytes, 800_000, 1_000_000);
        _ = await ledger.AskAsync("[400000]");
        Assert.Equal(3, ledger.Made);
        _ = await ledger.AskAsync("[400001]");
        Assert.Equal(4, ledger.Made);
    }

    [Fact]
    public async Task What_nobody_asks_for_is_forgotten()
    {
        using Ledger ledger = new(_time);
        var forgotten = 0L;
        ledger.Answers.Forgot += bytes => forgotten += bytes;
        _ = await ledger.AskAsync("[50000]");
        _time.Move(TimeSpan.FromSeconds(50));
        _ = await ledger.AskAsync("[50000]");
        _time.Move(TimeSpan.FromSeconds(50));
        Assert.NotEqual(0, ledger.Answers.Bytes);
        Assert.Equal(0, forgotten);
        _time.Move(TimeSpan.FromSeconds(90));
        Assert.Equal(0, ledger.Answers.Bytes);
        Assert.InRange(forgotten, 50_000, 51_000);
    }

    [Fact]
    public async Task In_a_batch_kept_answers_stand_beside_new_ones_and_errors()
    {
        using Ledger ledger = new(_time);
        _ = await ledger.AskAsync("[50000]");
        var single = await ledger.ExecuteAsync("{\"method\":\"story\",\"params\":[50000],\"id\":1}");
        var batch = await ledger.ExecuteAsync(
            "[{\"method\":\"story\",\"params\":[50000],\"id\":1},{\"method\":\"lost\",\"id\":2},{\"method\":\"story\",\"params\":[50000],\"id\":1}]");
        Assert.Equal(1, ledger.Made);
        Assert.Equal(
            $"[{single.TrimEnd()},{{\"result\":null,\"error\":{{\"code\":-32601,\"message\":\"Method not found\"}},\"id\":2}},{single.TrimEnd()}]\n",
            batch);
        Assert.Equal(single, await ledger.ExecuteAsync("{\"method\":\"story\",\"params\":[50000],\"id\":1}"));
    }

    /// <summary>Something with states, and a method that tells a story as long as asked about the present one.</summary>
    private sealed class Ledger : IDisposable
    {
        private readonly RpcDispatcher _dispatcher;
        private int _state;
        private object _version = new();

        public Ledger(TimeProvider time)
        {
            Answers = new KnownAnswers(1_000_000, time);
            var length = Arg.Int("length", fallback: 10, "How long.");
            RpcTable table = new();
            table.Add<RpcCall>(
                [
                    new RpcMethod<RpcCall>("tales", "story", "Tells.")
                    {
                        Args = [length],
                        Results = [Result.Str("", "A story.")],
                        Reflects = (_, _) =>
                        {
                            var version = _version;
                            return new(new AnswerState(this, version, () => _version));
                        },
                        Handler = (call, result, _) =>
                        {
                            Made++;
                            result.WriteStringValue(new string((char)('a' + _state), call.Get(length)));
                            if (ChangesMeanwhile)
                            {
                                Change();
                            }

                            return ValueTask.CompletedTask;
                        },
                    },
                ],
                static invocation => new RpcCall(invocation));
            _dispatcher = new(table, NullLoggerFactory.Instance) { Answers = Answers };
            _dispatcher.Warmup.Finish();
        }

        public KnownAnswers Answers { get; }

        public bool ChangesMeanwhile { get; init; }

        public int Made { get; private set; }

        public void Change() => (_state, _version) = (_state + 1, new object());

        public Task<string> AskAsync(string parameters, string id = "1") =>
            ExecuteAsync($"{{\"method\":\"story\",\"params\":{parameters},\"id\":{id}}}");

        public async Task<string> ExecuteAsync(string request)
        {
            using var reply = ReplyBuffer.Rent();
            _ = await _dispatcher.ExecuteAsync(
                Encoding.UTF8.GetBytes(request), "/", "user", CallOptions.None, reply, TestContext.Current.CancellationToken);
            return Encoding.UTF8.GetString(reply.ToArray());
        }

        public void Dispose() => Answers.Dispose();
    }

    /// <summary>A time that moves when told, with one timer that fires every so often.</summary>
    private sealed class OneTimer : TimeProvider, ITimer
    {
        private Action _fire = static () => { };
        private long _now;
        private long _due = long.MaxValue;
        private long _period;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            _fire = () => callback(state);
            return this;
        }

        public void Move(TimeSpan by)
        {
            for (var end = _now + by.Ticks; _now < end;)
            {
                _now = Math.Min(end, _due);
                if (_now == _due)
                {
                    _due += _period;
                    _fire();
                }
            }
        }

        public bool Change(TimeSpan dueTime, TimeSpan period)
        {
            (_due, _period) = dueTime == Timeout.InfiniteTimeSpan ? (long.MaxValue, 0) : (_now + dueTime.Ticks, period.Ticks);
            return true;
        }

        public void Dispose() => _due = long.MaxValue;

        public ValueTask DisposeAsync()
        {
            Dispose();
            return ValueTask.CompletedTask;
        }
    }
}
