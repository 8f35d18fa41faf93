using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Interop;

/// <summary>A process of the C++ library calls us; what it expects of each answer is in <c>interop.c++</c>.</summary>
public sealed class FromCppTests
{
    [Theory]
    [InlineData("calls")]
    [InlineData("thousands")]
    [InlineData("large")]
    [InlineData("failures")]
    [InlineData("unknown")]
    [InlineData("pipeline")]
    [InlineData("pipelineToNothing")]
    [InlineData("callback")]
    [InlineData("cancel")]
    [InlineData("dropped")]
    [InlineData("comesBack")]
    [InlineData("promiseKept")]
    [InlineData("promiseBecomesOurs")]
    [InlineData("promiseBroken")]
    [InlineData("promiseGiven")]
    [InlineData("tailCall")]
    [InlineData("lanes")]
    [InlineData("leaves")]
    public async Task A_cpp_client_gets_what_it_expects_and_leaves_nothing_behind(string step)
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var path = folder.File("our.sock");
        InteropPeer? peer = null;
        ProxyConnection? connection = null;
        LogLines log = new();
        IpcServer server = new(
            UnixSocketListener.Bind(path),
            own =>
            {
                connection = own;
                return new PeerServer(peer = new InteropPeer(own), own);
            },
            new IpcOptions { Logger = log, Limits = CppServer.WithoutHeartbeat });
        var running = server.RunAsync(stop.Token);

        using var process = await InteropProgram.StartAsync("client", path, step);
        var said = await process.StandardOutput.ReadToEndAsync(ct);
        await process.WaitForExitAsync(ct).InTime();

        Assert.True(said.Trim() == "ok", $"{said}\n{string.Join('\n', log.Lines)}");
        Assert.NotNull(connection);
        Assert.NotNull(peer);
        await connection.Completion.InTime(); // at once: nothing looks whether it is still there
        await peer.Disposed.Task.InTime();
        await Eventually.Holds("methods end", () => peer.Running == 0 ? null : $"{peer.Running} run");
        Assert.Equal((0, 0, 0, 0, 0), connection.Protocol.Sizes);
        await stop.CancelAsync();
        await running.InTime();
    }

    [Fact]
    public async Task Sixty_four_cpp_clients_come_and_go_and_the_server_has_room_again()
    {
        var ct = TestContext.Current.CancellationToken;
        using var folder = new TempFolder();
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(ct);
        var path = folder.File("our.sock");
        IpcServer server = new(
            UnixSocketListener.Bind(path), own => new PeerServer(new InteropPeer(own), own), Patient.Options with { MaxConnections = 4 });
        var running = server.RunAsync(stop.Token);

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 64), new ParallelOptions { MaxDegreeOfParallelism = 8, CancellationToken = ct }, async (_, each) =>
            {
                using var process = await InteropProgram.StartAsync("client", path, "calls");
                Assert.Equal("ok", (await process.StandardOutput.ReadToEndAsync(each)).Trim());
            });

        await Eventually.Holds("connections end", () => server.Connections.Count == 0 ? null : $"{server.Connections.Count} left");
        await stop.CancelAsync();
        await running.InTime();
    }
}
