using Dash.Ipc.Capabilities;
using Dash.Ipc.Layout;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Interop;

/// <summary>We call a process of the C++ library.</summary>
public sealed class ToCppTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_bring_results_and_failures_of_all_kinds()
    {
        await using var server = await CppServer.StartAsync();
        Assert.Equal(42, await server.Peer.AddAsync(40, 2, Ct));
        foreach (var kind in Enum.GetValues<IpcErrorKind>())
        {
            var failure = await Assert.ThrowsAsync<IpcException>(async () => await server.Peer.FailAsync((int)kind, "as asked", Ct));
            Assert.Equal((kind, true), (failure.Kind, failure.IsRemote));
            Assert.EndsWith("as asked", failure.Reason, StringComparison.Ordinal);
        }

        Assert.Equal(2, await server.Peer.AddAsync(1, 1, Ct));
    }

    [Fact]
    public async Task Unknown_methods_and_interfaces_are_unimplemented_and_nothing_more()
    {
        await using var server = await CppServer.StartAsync();
        foreach (var (id, method) in ((ulong, ushort)[])[(PeerMethods.Add.InterfaceId, 99), (0xdeadbeefdeadbeef, 0)])
        {
            var call = new OutgoingCall(id, method);
            call.Content.InitStruct(0, 0);
            var failure = await Assert.ThrowsAsync<IpcException>(() => server.Peer.Target.Send(call).Response);
            Assert.Equal(IpcErrorKind.Unimplemented, failure.Kind);
        }

        Assert.Equal(2, await server.Peer.AddAsync(1, 1, Ct));
    }

    [Fact]
    public async Task Thousands_of_calls_leave_the_tables_as_they_were()
    {
        await using var server = await CppServer.StartAsync();
        var calls = LongRun.Scale(5_000, 100_000);
        for (var i = 0; i < calls; i++)
        {
            Assert.Equal(i + 1, await server.Peer.AddAsync(i, 1, Ct));
        }

        await server.SettlesAsync();
    }

    [Fact]
    public async Task Calls_in_flight_are_answered_in_any_order()
    {
        await using var server = await CppServer.StartAsync();
        using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var slow = server.Peer.WaitAsync(cancel.Token).AsTask();
        var fast = await Task.WhenAll(Enumerable.Range(0, 200).Select(i => server.Peer.AddAsync(i, i, Ct).AsTask()));
        Assert.Equal(Enumerable.Range(0, 200).Select(i => 2L * i), fast);
        Assert.False(slow.IsCompleted);
        await cancel.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => slow);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_there_and_what_it_would_have_brought_is_nobodys()
    {
        await using var server = await CppServer.StartAsync();
        for (var round = 0; round < 20; round++)
        {
            using var cancel = CancellationTokenSource.CreateLinkedTokenSource(Ct);
            var waiting = server.Peer.WaitAsync(cancel.Token).AsTask();
            var withObjects = server.Peer.WaitWithAsync(new InteropCounter(), cancel.Token).AsTask();
            Assert.InRange((await server.Peer.WaitsAsync(Ct)).Running, 2u, 4u); // 1.x ends those of the round before a turn later
            await cancel.CancelAsync();
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => withObjects);
        }

        while (await server.Peer.WaitsAsync(Ct) is var (running, cancelled) && (running, cancelled) != (0u, 40u))
        {
            Assert.InRange(cancelled, 38u, 40u);
        }

        await server.SettlesAsync();
    }

    [Fact]
    public async Task An_object_that_is_a_result_is_used_before_it_is_there()
    {
        await using var server = await CppServer.StartAsync();
        var making = Send(server.Peer.Target, PeerMethods.MakeCounter);
        var counter = making.Pipeline(0);
        var ticks = Enumerable.Range(0, 100).Select(n => SendTick(counter, (uint)n)).ToList();
        for (var n = 0; n < ticks.Count; n++)
        {
            using var response = await ticks[n].Response;
            Assert.Equal((uint)n, response.Content.GetStruct().GetUInt32(0));
        }

        (await making.Response).Dispose();
        counter.Release();
    }

    [Fact]
    public async Task Places_without_an_object_fail_the_calls_to_them_alone()
    {
        await using var server = await CppServer.StartAsync();
        var nothing = Send(server.Peer.Target, PeerMethods.Nothing);
        foreach (var path in (ushort[][])[[0], [1], [7]])
        {
            var place = nothing.Pipeline(path);
            await Assert.ThrowsAsync<IpcException>(() => SendTick(place, 1).Response);
            place.Release();
        }

        (await nothing.Response).Dispose();
        Assert.Equal(2, await server.Peer.AddAsync(1, 1, Ct));
    }

    [Fact]
    public async Task An_object_of_ours_is_called_during_the_call_and_let_go_after_it()
    {
        await using var server = await CppServer.StartAsync();
        Assert.Equal(50u * 51 / 2, await server.Peer.CallBackAsync(new InteropListener(), 50, Ct));

        var failure = await Assert.ThrowsAsync<IpcException>(async () => await server.Peer.CallBackAsync(
            new InteropListener { Failure = new IpcException(IpcErrorKind.Overloaded, "too loud") }, 1, Ct));
        Assert.Equal(IpcErrorKind.Overloaded, failure.Kind);
        Assert.EndsWith("too loud", failure.Reason, StringComparison.Ordinal);
        await server.SettlesAsync();
    }

    [Fact]
    public async Task An_object_of_ours_that_comes_back_is_itself_and_calls_keep_their_order()
    {
        await using var server = await CppServer.StartAsync();
        InteropCounter ours = new();
        Assert.Same(ours, await server.Peer.GiveBackAsync(ours, Ct));

        var giving = Send(server.Peer.Target, PeerMethods.GiveBack, parameters => parameters.GetPointer(0).SetCapability(
            server.Session.Connection.Export<ICounter>(ours, static (o, c) => new CounterServer(o, c))));
        var back = giving.Pipeline(0);
        List<PendingCall> ticks = [];
        for (var n = 0u; n < 500; n++)
        {
            ticks.Add(SendTick(back, n));
        }

        using (await giving.Response)
        {
            for (var n = 500u; n < 1000; n++)
            {
                ticks.Add(SendTick(back, n));
            }

            await ExpectInOrderAsync(ticks);
        }

        Assert.Equal(Enumerable.Range(0, 1000).Select(n => (uint)n), ours.Seen);
        Assert.Equal(0, server.Session.Connection.Protocol.Sizes.Embargoes);
        back.Release();
    }

    [Fact]
    public async Task An_object_of_the_peer_that_goes_back_is_itself_there()
    {
        await using var server = await CppServer.StartAsync();
        await using var theirs = (CounterClient)await server.Peer.MakeCounterAsync(Ct);
        await using var back = (CounterClient)await server.Peer.GiveBackAsync(theirs, Ct);
        Assert.Same(theirs.Target, back.Target);
        Assert.Equal(0u, await theirs.TickAsync(5, Ct));
        Assert.Equal(1u, await back.TickAsync(6, Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_promise_that_is_kept_keeps_the_order_of_calls(bool becomesOurs)
    {
        await using var server = await CppServer.StartAsync();
        InteropCounter ours = new();
        await using var promised = (CounterClient)await server.Peer.PromisedAsync(Ct);
        List<PendingCall> ticks = [];
        for (var n = 0u; n < 500; n++)
        {
            ticks.Add(SendTick(promised.Target, n));
        }

        var keeping = server.Peer.KeepPromiseAsync(becomesOurs ? ours : null, Ct).AsTask();
        for (var n = 500u; n < 750; n++)
        {
            ticks.Add(SendTick(promised.Target, n));
        }

        await keeping;
        for (var n = 750u; n < 1000; n++)
        {
            ticks.Add(SendTick(promised.Target, n));
        }

        await ExpectInOrderAsync(ticks);
        if (becomesOurs)
        {
            Assert.Equal(Enumerable.Range(0, 1000).Select(n => (uint)n), ours.Seen);
        }
    }

    [Fact]
    public async Task A_promise_that_is_broken_fails_calls_with_its_reason()
    {
        await using var server = await CppServer.StartAsync();
        await using var promised = (CounterClient)await server.Peer.PromisedAsync(Ct);
        var early = SendTick(promised.Target, 1);
        await server.Peer.BreakPromiseAsync("broken", Ct);
        var failure = await Assert.ThrowsAsync<IpcException>(() => early.Response);
        Assert.Equal(IpcErrorKind.Overloaded, failure.Kind);
        Assert.EndsWith("broken", failure.Reason, StringComparison.Ordinal);
        failure = await Assert.ThrowsAsync<IpcException>(async () => await promised.TickAsync(2, Ct));
        Assert.Equal(IpcErrorKind.Overloaded, failure.Kind);
    }

    [Fact]
    public async Task A_call_that_is_passed_back_to_us_is_answered_by_us()
    {
        await using var server = await CppServer.StartAsync();
        for (var round = 0u; round < 50; round++)
        {
            Assert.Equal(round + 1, await server.Peer.TailAsync(new InteropPeer(server.Session.Connection), round, Ct));
        }

        await server.SettlesAsync();
    }

    [Fact]
    public async Task Lanes_are_made_named_and_called_back_on()
    {
        await using var server = await CppServer.StartAsync();
        var texts = await Task.WhenAll(Enumerable.Range(0, 50).Select(i => server.Peer.LaneEchoAsync($"{i}", Ct).AsTask()));
        Assert.Equal(Enumerable.Range(0, 50).Select(i => $"{i}"), texts);
        Assert.Equal(20u * 21 / 2, await server.Peer.LaneCallBackAsync(new InteropListener(), 20, Ct));
    }

    [Fact]
    public async Task Twenty_megabytes_go_both_ways_and_more_than_a_message_holds_is_refused_here()
    {
        await using var server = await CppServer.StartAsync();
        var data = new byte[20 << 20];
        new Random(1).NextBytes(data);
        var back = await server.Peer.EchoAsync(data, Ct);
        Assert.True(back.Span.SequenceEqual(data));

        await Assert.ThrowsAsync<IpcException>(async () => await server.Peer.EchoAsync(new byte[65 << 20], Ct));
        Assert.Equal(2, await server.Peer.AddAsync(1, 1, Ct));
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task Calls_in_flight_fail_at_once_when_the_process_ends(bool killed)
    {
        await using var server = await CppServer.StartAsync(CppServer.WithoutHeartbeat);
        var waiting = Enumerable.Range(0, 100).Select(_ => server.Peer.WaitAsync(Ct).AsTask()).ToList();
        await server.Peer.AddAsync(1, 1, Ct);
        if (killed)
        {
            server.Process.Kill();
        }
        else
        {
            await Assert.ThrowsAsync<IpcException>(async () => await server.Peer.EndAsync(Ct));
        }

        foreach (var call in waiting)
        {
            var failure = await Assert.ThrowsAsync<IpcException>(() => call.InTime());
            Assert.Equal(IpcErrorKind.Disconnected, failure.Kind);
        }

        var late = await Assert.ThrowsAsync<IpcException>(async () => await server.Peer.AddAsync(1, 1, Ct));
        Assert.Equal("IPC client method called after disconnect.", late.Reason);
    }

    [Fact]
    public async Task The_first_object_may_be_asked_for_again_and_is_counted_each_time()
    {
        await using var server = await CppServer.StartAsync();
        for (var round = 0; round < 3; round++)
        {
            using var response = await server.Session.Connection.Protocol.Bootstrap().Response;
            Assert.Same(server.Peer.Target, response.Content.GetCapability());
        }

        // The peer would end the connection if it were released too often.
        await server.Peer.DisposeAsync();
        await Eventually.Holds("it is let go", () => server.Session.Connection.Protocol.Sizes.Imports == 1 ? null : "not yet");
        using var again = await server.Session.Connection.Protocol.Bootstrap().Response;
        Assert.NotSame(server.Peer.Target, again.Content.GetCapability());
    }

    [Fact]
    public async Task Leaving_in_order_is_taken_in_order()
    {
        var server = await CppServer.StartAsync();
        await using (await server.Peer.MakeCounterAsync(Ct) as CounterClient)
        {
        }

        var process = server.Process;
        var errors = process.StandardError.ReadToEndAsync(Ct);
        await server.Session.DisposeAsync();
        process.StandardInput.Close();
        await process.WaitForExitAsync(Ct).InTime();
        Assert.Equal((0, ""), (process.ExitCode, await errors));
        await server.DisposeAsync();
    }

    private static PendingCall Send(Capability target, ProxyMethod method, Action<StructBuilder>? write = null)
    {
        OutgoingCall call = new(method.InterfaceId, method.MethodId);
        var parameters = call.Content.InitStruct(method.ParamDataWords, method.ParamPointers);
        write?.Invoke(parameters);
        return target.Send(call);
    }

    private static PendingCall SendTick(Capability counter, uint n) =>
        Send(counter, CounterMethods.Tick, parameters => parameters.SetUInt32(0, n));

    private static async Task ExpectInOrderAsync(List<PendingCall> ticks)
    {
        for (var n = 0; n < ticks.Count; n++)
        {
            using var response = await ticks[n].Response.InTime();
            Assert.Equal((uint)n, response.Content.GetStruct().GetUInt32(0));
        }
    }
}
