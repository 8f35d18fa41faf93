using System.Text;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Rpc.Tests.Dispatch;

/// <summary>Answers that another process reads in pieces, and what is kept of those it does not read.</summary>
public sealed class LongAnswersTests
{
    private const int Usual = 1 << 18; // of the memory that replies are made in

    private readonly RpcDispatcher _dispatcher = Dispatcher();
    private readonly Clock _time = new();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData(100, 1)]
    [InlineData(5_000, 1)]
    [InlineData(300_000, 2)]
    [InlineData(3_000_000, 12)]
    public async Task The_pieces_are_the_answer(int length, int pieces)
    {
        LongAnswers kept = new(_time);
        var answer = await MakeAsync(length);
        using MemoryStream read = new();
        var (piece, isWhole) = await kept.BeginAsync(answer, Usual, Ct);
        Assert.Equal(isWhole ? 0 : 1, kept.Count);
        read.Write(piece.Span);
        var count = 1;
        for (; answer.Left > 0; count++)
        {
            var next = await kept.ReadAsync(answer, Usual, Ct);
            read.Write(next.Span);
        }

        Assert.Equal(pieces, count);
        Assert.Equal(answer.Length, read.Length);
        Assert.Equal($"{{\"result\":\"{new string('x', length)}\",\"error\":null,\"id\":null}}\n", Encoding.UTF8.GetString(read.ToArray()));
        Assert.True((await answer.ReadAsync(1000, Ct)).IsEmpty);
        await kept.LetGoAsync(answer);
        Assert.Equal(0, kept.Count);
    }

    [Fact]
    public async Task Of_too_many_the_one_that_was_not_read_for_the_longest_time_is_given_up()
    {
        LongAnswers kept = new(_time);
        List<LongAnswer> answers = [];
        for (var i = 0; i < LongAnswers.Most; i++)
        {
            answers.Add(await BeginAsync(kept, 10_000));
        }

        _ = await kept.ReadAsync(answers[0], 0, Ct);
        answers.Add(await BeginAsync(kept, 10_000));
        Assert.Equal(LongAnswers.Most, kept.Count);
        await GivenUpAsync(kept, answers[1]);
        Assert.False((await kept.ReadAsync(answers[0], 0, Ct)).IsEmpty);
        Assert.False((await kept.ReadAsync(answers[^1], 0, Ct)).IsEmpty);
        foreach (var answer in answers)
        {
            await kept.LetGoAsync(answer);
        }
    }

    [Fact]
    public async Task Of_too_many_bytes_the_oldest_are_given_up_and_one_alone_may_be_of_any_size()
    {
        LongAnswers kept = new(_time, mostBytes: 2_000_000);
        var first = await BeginAsync(kept, 900_000);
        var second = await BeginAsync(kept, 900_000);
        Assert.False((await kept.ReadAsync(first, 0, Ct)).IsEmpty);
        Assert.False((await kept.ReadAsync(second, 0, Ct)).IsEmpty);
        var large = await BeginAsync(kept, 5_000_000);
        await GivenUpAsync(kept, first);
        await GivenUpAsync(kept, second);
        Assert.Equal(1, kept.Count);
        Assert.False((await kept.ReadAsync(large, 0, Ct)).IsEmpty);
        await kept.LetGoAsync(large);
        await kept.LetGoAsync(first);
        await kept.LetGoAsync(second);
    }

    [Fact]
    public async Task One_that_nobody_reads_is_given_up_after_ten_minutes()
    {
        LongAnswers kept = new(_time);
        var read = await BeginAsync(kept, 50_000);
        var forgotten = await BeginAsync(kept, 50_000);
        _time.Pass(TimeSpan.FromMinutes(9));
        Assert.False((await kept.ReadAsync(read, 0, Ct)).IsEmpty);
        Assert.Equal(2, kept.Count);
        _time.Pass(TimeSpan.FromMinutes(1));
        Assert.Equal(1, kept.Count);
        await GivenUpAsync(kept, forgotten);
        Assert.False((await kept.ReadAsync(read, 0, Ct)).IsEmpty);
        _time.Pass(TimeSpan.FromMinutes(10));
        Assert.Equal(0, kept.Count);
        Assert.False(_time.HasTimer);
        await kept.LetGoAsync(read);
        await kept.LetGoAsync(forgotten);
    }

    [Fact]
    public async Task A_second_reader_is_refused_while_one_waits_for_what_is_elsewhere()
    {
        Elsewhere rest = new();
        var buffer = ReplyBuffer.Rent();
        buffer.Append("ab"u8);
        buffer.Rest = rest;
        await using LongAnswer answer = new(200, buffer);
        Assert.Equal(7, answer.Length);
        Assert.Equal("ab"u8.ToArray(), (await answer.ReadAsync(5, Ct)).ToArray());
        var first = answer.ReadAsync(3, Ct).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => answer.ReadAsync(3, Ct).AsTask());
        rest.Next.SetResult("cdefg"u8.ToArray());
        Assert.Equal("cde"u8.ToArray(), (await first).ToArray());
        Assert.Equal("fg"u8.ToArray(), (await answer.ReadAsync(3, Ct)).ToArray());
        Assert.Equal(0, answer.Left);
        await answer.DisposeAsync();
        Assert.True(rest.IsDisposed);
    }

    private static async Task GivenUpAsync(LongAnswers kept, LongAnswer answer) =>
        await Assert.ThrowsAsync<InvalidOperationException>(() => kept.ReadAsync(answer, 0, Ct).AsTask());

    private async Task<LongAnswer> BeginAsync(LongAnswers kept, int length)
    {
        var answer = await MakeAsync(length);
        Assert.False((await kept.BeginAsync(answer, 0, Ct)).IsWhole);
        return answer;
    }

    private async Task<LongAnswer> MakeAsync(int length) =>
        await _dispatcher.ExecuteLongAsync(Encoding.UTF8.GetBytes($"{{\"method\":\"long\",\"params\":[{length}]}}"), "/", "u", Ct);

    private static RpcDispatcher Dispatcher()
    {
        var length = Arg.Int("length", fallback: 1, "How long.");
        RpcMethod<RpcCall> method = new("wallet", "long", "Answers a long text.")
        {
            Args = [length],
            Results = [Result.Str("", "")],
            Handler = (call, result, _) =>
            {
                result.WriteStringValue(new string('x', call.Get(length)));
                return ValueTask.CompletedTask;
            },
        };
        RpcTable table = new();
        table.Add([method], static call => new RpcCall(call));
        RpcDispatcher dispatcher = new(table, NullLoggerFactory.Instance);
        dispatcher.Warmup.Finish();
        return dispatcher;
    }

    private sealed class Elsewhere : IReplyRest
    {
        public TaskCompletionSource<ReadOnlyMemory<byte>> Next { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);

        public bool IsDisposed { get; private set; }

        public long Left => 5;

        public ValueTask<ReadOnlyMemory<byte>> ReadAsync(CancellationToken ct) => new(Next.Task.WaitAsync(ct));

        public ValueTask DisposeAsync()
        {
            IsDisposed = true;
            return ValueTask.CompletedTask;
        }
    }

    /// <summary>Time that passes when it is told to, and one timer that then rings each minute.</summary>
    private sealed class Clock : TimeProvider
    {
        private long _now;
        private Action? _ring;

        public bool HasTimer => _ring is not null;

        public override long TimestampFrequency => TimeSpan.TicksPerSecond;

        public override long GetTimestamp() => _now;

        public void Pass(TimeSpan span)
        {
            for (var i = 0; i < span.TotalMinutes; i++)
            {
                _now += TimeSpan.TicksPerMinute;
                _ring?.Invoke();
            }
        }

        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period)
        {
            Assert.Null(_ring);
            _ring = () => callback(state);
            return new Ringing(this);
        }

        private sealed class Ringing(Clock clock) : ITimer
        {
            public bool Change(TimeSpan dueTime, TimeSpan period) => true;

            public void Dispose() => clock._ring = null;

            public ValueTask DisposeAsync()
            {
                Dispose();
                return ValueTask.CompletedTask;
            }
        }
    }
}
