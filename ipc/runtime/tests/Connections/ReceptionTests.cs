using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections.Generated;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Connections;

/// <summary>Callers go on where their answers are received, and calls and readers are used again: nobody is to notice.</summary>
public sealed class ReceptionTests
{
    private const string ReceivingThread = "ipc receive";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_caller_goes_on_on_the_thread_that_received_its_answer()
    {
        await using var pair = await OverSocketAsync();
        var isThere = false;
        await Eventually.Holds("a caller there", () =>
        {
            _ = LookAsync();
            return Volatile.Read(ref isThere) ? null : "never there";
        });

        async Task LookAsync() => Volatile.Write(ref isThere, await WhereAsync(pair.Remote) == ReceivingThread);
    }

    [Fact]
    public async Task A_caller_who_keeps_the_receiving_thread_is_answered_all_the_same()
    {
        await using var pair = await OverSocketAsync();

        // Over and over: who waits for the second answer where the first one was received.
        for (var round = 0; round < 20; round++)
        {
            Assert.Equal(7, await Task.Run(() => WaitInPlaceAsync(pair.Remote), Ct).InTime());
        }

        Assert.Null(pair.Client.EndReason);
    }

    [Fact]
    public async Task A_method_that_keeps_the_receiving_thread_holds_no_other_call_up()
    {
        using ManualResetEventSlim mayEnd = new();
        var entered = 0;
        await using var pair = await OverSocketAsync();
        pair.Tester.OnEcho = () =>
        {
            Interlocked.Increment(ref entered);
            mayEnd.Wait(Ct);
        };
        var blocked = Enumerable.Range(0, 3).Select(n => pair.Remote.EchoAsync(new byte[n], Ct).AsTask()).ToArray();
        await Eventually.Holds("all three block", () => Volatile.Read(ref entered) == 3 ? null : $"{entered} do");
        Assert.Equal(3, await pair.Remote.AddAsync(1, 2, Ct).AsTask().InTime());
        mayEnd.Set();
        Assert.Equal([0, 1, 2], (await Task.WhenAll(blocked).InTime()).Select(data => data.Length));
    }

    [Fact]
    public async Task What_was_answered_stays_as_it_is_while_readers_are_used_again()
    {
        await using var pair = await OverSocketAsync();
        var kept = new ReadOnlyMemory<byte>[500];
        for (var n = 0; n < kept.Length; n++)
        {
            var data = new byte[n];
            data.AsSpan().Fill((byte)n);
            kept[n] = await pair.Remote.EchoAsync(data, Ct);
        }

        for (var n = 0; n < kept.Length; n++)
        {
            Assert.Equal(n, kept[n].Length);
            Assert.True(kept[n].Span.IndexOfAnyExcept((byte)n) < 0, $"the answer of {n} bytes changed");
        }
    }

    [Fact]
    public async Task An_answer_that_comes_late_to_a_cancelled_call_meets_no_other()
    {
        await using var peer = WirePeer.OfServer();
        var target = await peer.ImportAsync(5);
        TesterClient client = new(target, peer.Connection);
        for (var round = 0; round < 50; round++)
        {
            // One that goes well, so that there is one to be used again.
            var first = client.QuickAsync(Ct).AsTask();
            await AnswerAsync(peer, await peer.HearCallAsync(), round);
            Assert.Equal(round, await first.InTime());

            using CancellationTokenSource gaveUp = new();
            var cancelled = client.QuickAsync(gaveUp.Token).AsTask();
            var late = await peer.HearCallAsync();
            await gaveUp.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => cancelled);

            var others = Enumerable.Range(0, 3).Select(_ => client.QuickAsync(Ct).AsTask()).ToArray();
            var questions = new uint[others.Length];
            for (var n = 0; n < others.Length; n++)
            {
                questions[n] = await peer.HearCallAsync();
            }

            Assert.DoesNotContain(late, questions);
            await AnswerAsync(peer, late, 999);
            for (var n = others.Length - 1; n >= 0; n--)
            {
                Assert.False(others[n].IsCompleted);
                await AnswerAsync(peer, questions[n], 100 + n);
                Assert.Equal(100 + n, await others[n].InTime());
            }
        }

        client.LetGo();
        await Eventually.Holds("nothing is left", () => peer.Connection.Protocol.Sizes.Questions == 0 ? null : $"{peer.Connection.Protocol.Sizes}");
    }

    [Fact]
    public async Task A_number_is_never_used_for_a_call_before_the_finish_of_the_last_was_said()
    {
        await using var peer = WirePeer.OfServer();
        var target = await peer.ImportAsync(5);
        TesterClient client = new(target, peer.Connection);
        HashSet<uint> open = [];
        var called = 0;
        var calling = Task.Run(
            async () =>
            {
                for (var n = 0; n < 300; n++)
                {
                    Assert.Equal(n, await client.QuickAsync(Ct));
                }
            },
            Ct);
        while (called < 300 || open.Count > 0)
        {
            var heard = (await peer.HearAsync())!.Value;
            if (heard.Which == Message.Which.Call)
            {
                Assert.True(open.Add(heard.Call.QuestionId), $"number {heard.Call.QuestionId} is still open");
                await AnswerAsync(peer, heard.Call.QuestionId, called++);
            }
            else if (heard.Which == Message.Which.Finish)
            {
                open.Remove(heard.Finish.QuestionId); // or that of the question for the first object
            }
        }

        await calling.InTime();
        client.LetGo();
    }

    private static async Task<string?> WhereAsync(TesterClient tester)
    {
        await tester.QuickAsync(Ct).ConfigureAwait(false);
        return Thread.CurrentThread.Name;
    }

    private static async Task<long> WaitInPlaceAsync(TesterClient tester)
    {
        await tester.QuickAsync(Ct).ConfigureAwait(false);
        using ManualResetEventSlim answered = new();
        var second = tester.AddAsync(3, 4, Ct).AsTask();
        _ = second.ContinueWith(_ => answered.Set(), Ct, TaskContinuationOptions.None, TaskScheduler.Default);
        Assert.True(answered.Wait(TimeSpan.FromSeconds(60), Ct), "the thread that would receive the answer waits for it");
        return await second.ConfigureAwait(false);
    }

    private static Task AnswerAsync(WirePeer peer, uint question, long result) => peer.SayAsync(message =>
    {
        var answer = message.InitReturn();
        answer.AnswerId = question;
        answer.InitResults().Content.InitStruct(1, 0).SetInt64(0, result);
    });

    private static async Task<TesterPair> OverSocketAsync()
    {
        using var folder = new TempFolder();
        using var listener = UnixSocketListener.Bind(folder.File("node.sock"));
        var connecting = UnixSocketTransport.ConnectAsync(listener.Path, Ct);
        var accepted = await listener.AcceptAsync(Ct);
        return await TesterPair.CreateAsync(transports: (accepted, await connecting));
    }
}
