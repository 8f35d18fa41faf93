using System.Diagnostics;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Interfaces.Tests.Support;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Interop;
using Microsoft.Extensions.Logging.Abstractions;

namespace Dash.Ipc.Interfaces.Tests.Proxies;

/// <summary>Ours as a client of Core's node: a program of the C++ library that offers what it does, by upstream's numbers.</summary>
public sealed class CoreNodeTests : IDisposable
{
    // A process may take its time to begin on a busy machine.
    private static readonly IpcOptions Patient = new() { Limits = IpcLimits.Default with { HandshakeTimeout = TimeSpan.FromSeconds(60) } };

    private static readonly CppProgram Program = new(
        "core",
        [
            "interfaces/tests/Interop/core.capnp", "interfaces/echo.capnp", "interfaces/rpc.capnp", "interfaces/answers.capnp", "interfaces/common.capnp",
            "interfaces/csharp.capnp", "runtime/Multiprocess/proxy.capnp",
        ],
        ["interfaces/tests/Interop/core.c++"]);

    private readonly string _folder = Directory.CreateTempSubdirectory("core").FullName;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Its_echo_and_its_rpc_answer()
    {
        using var node = await StartAsync();
        await using var session = await ConnectAsync();
        await using (var echo = await session.Init.MakeEchoAsync(Ct))
        {
            Assert.Equal("hello", await echo.EchoAsync("hello", Ct));
        }

        await using (var rpc = await session.Init.MakeRpcAsync(Ct))
        {
            Assert.Equal("me@/wallet/w: {}", await rpc.ExecuteRpcAsync("{}", "/wallet/w", "me", Ct));
        }
    }

    [Fact]
    public async Task A_block_is_made_and_submitted_and_who_waits_for_it_is_told()
    {
        using var node = await StartAsync();
        await using var session = await ConnectAsync();
        var refused = await Assert.ThrowsAsync<IpcException>(
            () => CoreMiningClient.MakeAsync(session.Init, session.Connection, 2, Ct).AsTask());
        Assert.Equal("std::exception: Old mining interface (@2) not supported. Please update your client!", refused.Reason);

        await using var mining = await CoreMiningClient.MakeAsync(session.Init, session.Connection, 3, Ct);
        var (hash, height) = await mining.GetTipAsync(Ct);
        Assert.Equal((32, 5, 5), (hash.Length, hash.Span[0], height));
        var changing = mining.WaitTipChangedAsync(hash, Ct).AsTask();
        await using var block = await mining.CreateNewBlockAsync(Ct);
        Assert.Equal(80, (await block.GetBlockHeaderAsync(Ct)).Length);
        var next = block.WaitNextAsync(Ct).AsTask();
        Assert.Equal((false, "bad-cb-missing"), await block.SubmitSolutionAsync(default, Ct));
        Assert.False(changing.IsCompleted || next.IsCompleted);

        Assert.Equal((true, ""), await block.SubmitSolutionAsync(new byte[] { 1 }, Ct));
        Assert.Equal(6, (await changing).Height);
        await (await next).DisposeAsync();
        var old = await Assert.ThrowsAsync<IpcException>(() => block.SubmitOldAsync(Ct).AsTask());
        Assert.Equal("std::exception: Old submitSolution (@7) not supported. Please update your client!", old.Reason);
    }

    [Fact]
    public async Task The_numbers_of_release_thirty_work_where_it_runs()
    {
        using var node = await StartAsync("30");
        await using var session = await ConnectAsync();
        var refused = await Assert.ThrowsAsync<IpcException>(
            () => CoreMiningClient.MakeAsync(session.Init, session.Connection, 3, Ct).AsTask());
        Assert.Equal(IpcErrorKind.Unimplemented, refused.Kind);
        await using var mining = await CoreMiningClient.MakeAsync(session.Init, session.Connection, 2, Ct);
        Assert.Equal(5, (await mining.GetTipAsync(Ct)).Height);
        await using var block = await mining.CreateNewBlockAsync(Ct);
        Assert.True(await block.SubmitSolution30Async(new byte[] { 1 }, Ct));
        Assert.Equal(6, (await mining.GetTipAsync(Ct)).Height);
    }

    [Fact]
    public async Task Started_as_its_own_children_are_it_echoes_and_ends_with_us()
    {
        await using var child = ChildProcess.Start(await Program.PathAsync(), [], NullLogger.Instance, asTwoWords: true);
        await using (var session = await IpcConnector.OverAsync(
            child.Transport, null, static (cap, connection) => new InitClient(cap, connection), Patient, Ct))
        {
            await using var echo = await session.Init.MakeEchoAsync(Ct);
            Assert.Equal("over", await echo.EchoAsync("over", Ct));
        }

        var exit = await child.Exited.WaitAsync(TimeSpan.FromSeconds(60), Ct);
        Assert.True(exit.IsSuccess, exit.ToString());
    }

    private async Task<Process> StartAsync(params string[] more)
    {
        var process = await Program.StartAsync(["server", Path.Combine(_folder, "node.sock"), .. more]);
        Assert.Equal("listening", await process.StandardOutput.ReadLineAsync(Ct));
        return process;
    }

    private Task<IpcSession<InitClient>> ConnectAsync() => IpcConnector.ConnectAsync(
        Path.Combine(_folder, "node.sock"), static (cap, connection) => new InitClient(cap, connection), Patient, Ct);
}
