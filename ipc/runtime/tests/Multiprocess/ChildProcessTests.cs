using System.Text;
using Dash.Ipc.Capabilities;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Multiprocess;

public sealed class ChildProcessTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_child_serves_over_the_socket_it_inherits_and_ends_with_its_parents_end()
    {
        await using var child = StartSelf();
        await using (var session = await SessionAsync(child))
        {
            Assert.Equal(7, await session.Init.AddAsync(3, 4, Ct));
            Assert.Equal(20, await session.Init.NestAsync(20, new Tester(), Ct));
            await using var made = await session.Init.MakeAsync(Ct);
            Assert.Equal(3, await made.AddAsync(1, 2, Ct));
        }

        var exit = await child.Exited.InTime();
        Assert.True(exit.IsSuccess, exit.ToString());
    }

    [Fact]
    public async Task A_child_has_no_descriptor_of_ours_but_its_socket()
    {
        // One that would be inherited: left open by a library, or by whoever started us.
        const int Duplicate = 0;
        var leaky = LibC.FileControl(1, Duplicate, 50);
        Assert.True(leaky >= 50);
        try
        {
            // ls has the folder it lists open as well: the first number that is free.
            await using var child = ChildProcess.Start("/bin/sh", ["-c", "exec ls /proc/self/fd >&3"], new LogLines());
            Assert.True((await child.Exited.InTime()).IsSuccess);
            var read = await child.Transport.Input.ReadAtLeastAsync(1 << 16, Ct);
            Assert.Equal("0\n1\n2\n3\n4\n", Encoding.ASCII.GetString(read.Buffer));
        }
        finally
        {
            Assert.Equal(0, LibC.Close(leaky));
        }
    }

    [Fact]
    public async Task How_a_child_ended_is_known()
    {
        await using (var child = StartSelf("-fail"))
        {
            await child.Transport.DisposeAsync();
            Assert.Equal("exited with status 7", (await child.Exited.InTime()).ToString());
        }

        await using (var child = StartSelf())
        {
            child.Kill();
            Assert.Equal("was ended by signal 9", (await child.Exited.InTime()).ToString());
            child.Kill(); // does nothing: the number may be somebody else's by now
        }
    }

    [Fact]
    public async Task A_child_that_dies_is_named_with_what_ended_it()
    {
        LogLines log = new() { IsDebug = true };
        await using var child = ChildProcess.Start(Environment.ProcessPath!, [], log); // we run, so we have a path
        child.Kill();
        await child.Exited.InTime();
        await Eventually.Holds("the line", () => log.Lines.Any(
            line => line == $"Process {Environment.ProcessPath} pid {child.ProcessId} was ended by signal 9") ? null : string.Join('\n', log.Lines));
    }

    [Fact]
    public async Task A_child_ends_within_a_second_when_its_parent_is_killed()
    {
        // On a machine that is busy meanwhile processes end late: one try in time shows that nothing waits.
        const int Tries = 5;
        for (var left = Tries; ; left--)
        {
            await using var parent = StartSelf("-parent");
            var said = await parent.Transport.Input.ReadAtLeastAsync(4, Ct).AsTask().InTime();
            var child = BitConverter.ToInt32(said.Buffer.FirstSpan);
            Assert.True(IsRunning(child));

            var since = TimeProvider.System.GetTimestamp();
            parent.Kill();
            await Eventually.Holds("the child ends", () => IsRunning(child) ? "it runs" : null);
            var taken = TimeProvider.System.GetElapsedTime(since);
            if (taken <= TimeSpan.FromSeconds(1))
            {
                return;
            }

            Assert.True(left > 1, $"never in time, at last after {taken}");
        }
    }

    // Ended and not yet taken note of is ended: all of its files are closed.
    private static bool IsRunning(int processId)
    {
        try
        {
            return !File.ReadAllText($"/proc/{processId}/stat").Split(')')[^1].StartsWith(" Z", StringComparison.Ordinal);
        }
        catch (IOException)
        {
            return false;
        }
    }

    [Fact]
    public async Task Callbacks_nest_fifty_deep_across_both_processes_on_one_lane()
    {
        await using var child = StartSelf();
        await using var session = await SessionAsync(child);
        Assert.Equal(50, await session.Init.NestAsync(50, new Tester(), Ct));
        Assert.Equal(50, await session.Init.NestAsync(50, new Tester(), Ct));
        Assert.Equal(1, session.Connection.LanesMade);
    }

    [Fact]
    public async Task A_child_made_with_the_cpp_library_is_called_and_ends_with_us()
    {
        var program = await Interop.InteropProgram.PathAsync();
        await using var child = ChildProcess.Start(program, [], new LogLines());
        await using (var session = await IpcConnector.OverAsync(
            child.Transport, null, static (cap, connection) => new Interop.PeerClient(cap, connection), Patient.Options, Ct))
        {
            Assert.Equal(42, await session.Init.AddAsync(40, 2, Ct));
            Assert.Equal("over"u8.ToArray(), (await session.Init.EchoAsync("over"u8.ToArray(), Ct)).ToArray());
        }

        var exit = await child.Exited.InTime();
        Assert.True(exit.IsSuccess, exit.ToString());
    }

    [Theory]
    [InlineData("spawn")] // -ipcfd=3 among other arguments, as ours
    [InlineData("spawn2")] // -ipcfd 3 and nothing else, as libmultiprocess'
    public async Task A_parent_made_with_the_cpp_library_starts_us_calls_us_and_we_end_with_it(string role)
    {
        using var parent = await Interop.InteropProgram.StartAsync(role, Environment.ProcessPath!); // we run, so we have a path
        var said = await parent.StandardOutput.ReadToEndAsync(Ct);
        await parent.WaitForExitAsync(Ct).InTime();
        Assert.True(said.Trim() == "ok", said + await parent.StandardError.ReadToEndAsync(Ct));
    }

    [Fact]
    public async Task Calls_to_a_killed_child_fail_at_once()
    {
        await using var child = StartSelf();
        await using var session = await SessionAsync(child);
        var calls = Enumerable.Range(0, 50).Select(_ => session.Init.WaitAsync(Ct).AsTask()).ToArray();
        await session.Init.QuickAsync(Ct);
        child.Kill();
        foreach (var call in calls)
        {
            var failure = await Assert.ThrowsAsync<IpcException>(() => call.InTime());
            Assert.Equal(IpcErrorKind.Disconnected, failure.Kind);
        }

        Assert.True(session.Disconnected.IsCancellationRequested);
    }

    [Fact]
    public void A_program_that_is_not_there_is_named()
    {
        var failure = Assert.Throws<IOException>(
            () => ChildProcess.Start("/nowhere/dash-wallet", [], new LogLines()));
        Assert.Equal("Cannot start /nowhere/dash-wallet: No such file or directory", failure.Message);
    }

    private static ChildProcess StartSelf(params string[] arguments) =>
        ChildProcess.Start(Environment.ProcessPath!, arguments, new LogLines()); // we run, so we have a path

    private static Task<IpcSession<ITester>> SessionAsync(ChildProcess child) => IpcConnector.OverAsync<ITester>(
        child.Transport, null, static (cap, connection) => new TesterClient(cap, connection), Patient.Options, Ct);
}
