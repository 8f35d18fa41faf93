using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Multiprocess;

public sealed class ProxyTests
{
    // What stays while a session lasts: of the server its first object, its thread map and the lane that the first call
    // made; of the client its thread map. The callback side of a lane is only held during a call.
    private const int ServerKeeps = 3;
    private const int ClientKeeps = 1;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_call_brings_its_result()
    {
        await using var pair = await TesterPair.CreateAsync();
        Assert.Equal(7, await pair.Remote.AddAsync(3, 4, Ct));
        Assert.Equal(1, await pair.Remote.QuickAsync(Ct));
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
    }

    [Theory]
    [InlineData("Failed", IpcErrorKind.Failed)]
    [InlineData("Overloaded", IpcErrorKind.Overloaded)]
    [InlineData("Disconnected", IpcErrorKind.Disconnected)]
    [InlineData("Unimplemented", IpcErrorKind.Unimplemented)]
    public async Task A_failure_keeps_its_kind_and_text(string kind, IpcErrorKind expected)
    {
        await using var pair = await TesterPair.CreateAsync();
        var failure = await Assert.ThrowsAsync<IpcException>(() => pair.Remote.FailAsync(kind, Ct).AsTask());
        Assert.Equal(expected, failure.Kind);
        Assert.Equal("as asked: " + kind, failure.Reason);
        Assert.Equal("remote exception: as asked: " + kind, failure.Message);
        Assert.Equal(7, await pair.Remote.AddAsync(3, 4, Ct));
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
    }

    [Fact]
    public async Task Any_other_exception_arrives_as_text_and_is_logged_where_it_happened()
    {
        await using var pair = await TesterPair.CreateAsync();
        var failure = await Assert.ThrowsAsync<IpcException>(() => pair.Remote.FailAsync("bug", Ct).AsTask());
        Assert.Equal(IpcErrorKind.Failed, failure.Kind);
        Assert.Equal("remote exception: std::exception: something broke", failure.Message);
        Assert.Contains(pair.ServerLog.Lines, line => line.Contains("Tester.fail$Results std::exception: something broke", StringComparison.Ordinal));
    }

    [Fact]
    public async Task What_a_call_left_behind_calls_back_also_in_the_moment_in_which_the_call_ends()
    {
        await using var pair = await TesterPair.CreateAsync();
        pair.Tester.Begins = static async begun =>
        {
            await using (begun)
            {
                Assert.Equal(3, await begun.AddAsync(1, 2, Ct));
            }
        };
        for (var i = 0; i < 3_000; i++)
        {
            Assert.Null(await pair.Remote.GiveBackAsync(new Tester(), Ct));
        }

        await Task.WhenAll(pair.Tester.Begun);
    }

    [Fact]
    public async Task Ten_thousand_calls_leave_the_tables_as_they_were()
    {
        await using var pair = await TesterPair.CreateAsync();
        for (var i = 0; i < 10_000; i++)
        {
            Assert.Equal(i + 1, await pair.Remote.AddAsync(i, 1, Ct));
        }

        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
    }

    [Fact]
    public async Task Many_calls_at_once_each_get_their_own_result()
    {
        await using var pair = await TesterPair.CreateAsync();
        var calls = Enumerable.Range(0, 500).Select(async i => (i, sum: await pair.Remote.AddAsync(i, i, Ct)));
        Assert.All(await Task.WhenAll(calls), one => Assert.Equal(2 * one.i, one.sum));
        await Eventually.Holds("calls end", () => pair.Client.Protocol.Sizes.Questions == 0 ? null : "open questions");
    }

    [Fact]
    public async Task An_object_of_ours_is_called_back_and_let_go()
    {
        await using var pair = await TesterPair.CreateAsync();
        var own = new Tester();
        Assert.Equal(1, await pair.Remote.NestAsync(1, own, Ct));
        await own.Disposed.Task.InTime();
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
        Assert.Equal(1, own.Disposals);
    }

    [Fact]
    public async Task Callbacks_nest_twenty_deep_on_one_pair_of_lanes()
    {
        await using var pair = await TesterPair.CreateAsync();
        Assert.Equal(20, await pair.Remote.NestAsync(20, new Tester(), Ct));
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
    }

    [Fact]
    public async Task A_result_that_is_an_object_works_until_it_is_disposed()
    {
        await using var pair = await TesterPair.CreateAsync();
        var made = await pair.Remote.MakeAsync(Ct);
        Assert.Equal(3, await made.AddAsync(1, 2, Ct));
        await made.DisposeAsync();
        var behind = Assert.Single(pair.Tester.Made);
        Assert.Equal(1, behind.Disposals);
        await Assert.ThrowsAsync<ObjectDisposedException>(() => made.AddAsync(1, 2, Ct).AsTask());
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
        Assert.Equal(1, behind.Disposals);
    }

    [Fact]
    public async Task An_object_that_comes_home_is_itself()
    {
        await using var pair = await TesterPair.CreateAsync();
        var own = new Tester();
        Assert.Same(own, await pair.Remote.GiveBackAsync(own, Ct));
        Assert.Null(await pair.Remote.GiveBackAsync(null, Ct));
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
    }

    [Fact]
    public async Task An_object_of_the_peer_is_itself_there_too()
    {
        await using var pair = await TesterPair.CreateAsync();
        await using var made = await pair.Remote.MakeAsync(Ct);
        await using var back = await pair.Remote.GiveBackAsync(made, Ct);
        Assert.Same(((TesterClient)made).Target, ((TesterClient)back!).Target.Resolution);
    }

    [Fact]
    public async Task A_cancelled_call_is_cancelled_there_and_its_lane_used_again()
    {
        await using var pair = await TesterPair.CreateAsync();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var waiting = pair.Remote.WaitAsync(stop.Token).AsTask();
        await pair.Tester.WaitStarted.Task.InTime();
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => waiting);
        await pair.Tester.WaitCancelled.Task.InTime();
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
        Assert.Equal(7, await pair.Remote.AddAsync(3, 4, Ct));
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
    }

    [Fact]
    public async Task Calls_in_flight_fail_when_the_connection_ends_and_later_ones_at_once()
    {
        await using var pair = await TesterPair.CreateAsync();
        var waiting = pair.Remote.WaitAsync(Ct).AsTask();
        await pair.Tester.WaitStarted.Task.InTime();
        await pair.Server.DisposeAsync();
        var interrupted = await Assert.ThrowsAsync<IpcException>(() => waiting.InTime());
        Assert.Equal(IpcErrorKind.Disconnected, interrupted.Kind);
        Assert.Equal("IPC client method call interrupted by disconnect.", interrupted.Message);
        await pair.Tester.WaitCancelled.Task.InTime();
        var after = await Assert.ThrowsAsync<IpcException>(() => pair.Remote.AddAsync(1, 2, Ct).AsTask());
        Assert.Equal(IpcErrorKind.Disconnected, after.Kind);
        Assert.Equal("IPC client method called after disconnect.", after.Message);
        Assert.True(pair.Client.Disconnected.IsCancellationRequested);
        await pair.Client.Completion.InTime();
    }

    [Fact]
    public async Task Objects_are_disposed_when_their_holder_is_gone()
    {
        await using var pair = await TesterPair.CreateAsync();
        await pair.Remote.MakeAsync(Ct);
        await pair.Client.DisposeAsync();
        await pair.Tester.Made[0].Disposed.Task.InTime();
        await pair.Tester.Disposed.Task.InTime();
        Assert.Equal((0, 0, 0, 0, 0), pair.Server.Protocol.Sizes);
    }

    [Fact]
    public async Task Large_data_goes_both_ways()
    {
        await using var pair = await TesterPair.CreateAsync();
        var data = new byte[20 << 20];
        new Random(1).NextBytes(data);
        var echoed = await pair.Remote.EchoAsync(data, Ct);
        Assert.True(echoed.Span.SequenceEqual(data));
        var refused = await Assert.ThrowsAsync<IpcException>(() => pair.Remote.EchoAsync(new byte[68 << 20], Ct).AsTask());
        Assert.Contains("too large", refused.Message, StringComparison.Ordinal);
        Assert.Equal(7, await pair.Remote.AddAsync(3, 4, Ct));
    }

    [Fact]
    public async Task Unknown_methods_and_interfaces_are_named_as_the_reference_does()
    {
        await using var pair = await TesterPair.CreateAsync();
        var method = pair.Remote.Target.Send(new OutgoingCall(TesterMethods.Interface, 99));
        var failure = await Assert.ThrowsAsync<IpcException>(() => method.Response);
        Assert.Equal(IpcErrorKind.Unimplemented, failure.Kind);
        Assert.Equal(
            $"Method not implemented.; interfaceName = tester.capnp:Tester; typeId = {TesterMethods.Interface}; methodId = 99",
            failure.Reason);
        failure = await Assert.ThrowsAsync<IpcException>(() => pair.Remote.Target.Send(new OutgoingCall(5, 0)).Response);
        Assert.Equal(
            "Requested interface not implemented.; actualInterfaceName = tester.capnp:Tester; requestedTypeId = 5", failure.Reason);
    }

    [Fact]
    public async Task Calls_after_destroy_fail()
    {
        await using var pair = await TesterPair.CreateAsync();
        var made = await pair.Remote.MakeAsync(Ct);
        var second = new TesterClient(((TesterClient)made).Target.AddReference(), pair.Client);
        await made.DisposeAsync();
        var failure = await Assert.ThrowsAsync<IpcException>(() => second.AddAsync(1, 2, Ct).AsTask());
        Assert.Equal("remote exception: called after destroy", failure.Message);
        await second.DisposeAsync();
        Assert.Equal(1, pair.Tester.Made[0].Disposals);
        await pair.SettlesAsync(ServerKeeps, ClientKeeps);
    }

    [Fact]
    public async Task Each_request_and_response_is_logged_at_both_ends_without_contents()
    {
        await using var pair = await TesterPair.CreateAsync(debugLog: true);
        await pair.Remote.EchoAsync("secret passphrase"u8.ToArray(), Ct);
        await Assert.ThrowsAsync<IpcException>(() => pair.Remote.FailAsync("Failed", Ct).AsTask());
        Assert.Matches(@"^IPC client send Tester#0\.echo\$Params \(data = 17 bytes\) \(\d+ bytes to memory\)$", pair.ClientLog.Lines[0]);
        Assert.Matches(@"^IPC client recv Tester#0\.echo\$Results \(result = 17 bytes\) \(\d+ bytes from memory, [\d.]+ ms\)$", pair.ClientLog.Lines[1]);
        Assert.Matches(@"^IPC server recv request  #\d+ Tester#0\.echo\$Params \(data = 17 bytes\) \(\d+ bytes from memory\)$", pair.ServerLog.Lines[0]);
        Assert.Matches(@"^IPC server send response #\d+ Tester#0\.echo\$Results \(result = 17 bytes\) \(\d+ bytes to memory, [\d.]+ ms\)$", pair.ServerLog.Lines[1]);
        Assert.Matches(@"^IPC client error Tester#0\.fail\$Results \(memory, [\d.]+ ms\) remote exception: as asked: Failed$", pair.ClientLog.Lines[3]);
        Assert.Matches(@"^IPC server error request #\d+ Tester#0\.fail\$Results as asked: Failed$", pair.ServerLog.Lines[3]);
        Assert.DoesNotContain(pair.ClientLog.Lines.Concat(pair.ServerLog.Lines), line => line.Contains("secret", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_server_without_a_first_object_says_so()
    {
        var (one, two) = Dash.Ipc.Transports.MemoryTransport.CreatePair();
        await using var server = ProxyConnection.Open(one, null, new IpcOptions());
        await using var client = ProxyConnection.Open(two, null, new IpcOptions());
        var failure = await Assert.ThrowsAsync<IpcException>(
            () => client.BootstrapAsync(static (cap, connection) => new TesterClient(cap, connection), Ct));
        Assert.Contains("bootstrap", failure.Message, StringComparison.Ordinal);
    }
}
