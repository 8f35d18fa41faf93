using System.Diagnostics;
using Dash.Ipc.Connections;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;

namespace Dash.Ipc.Tests.Interop;

/// <summary>A process of the C++ library that serves a <c>Peer</c>, and our session with it.</summary>
internal sealed class CppServer : IAsyncDisposable
{
    private readonly TempFolder _folder = new();

    private CppServer()
    {
    }

    /// <summary>Limits under which only the end of the stream says that the other process is gone.</summary>
    internal static IpcLimits WithoutHeartbeat { get; } =
        Patient.Limits with { HeartbeatInterval = TimeSpan.FromHours(1), HeartbeatTimeout = TimeSpan.FromHours(3) };

    internal Process Process { get; private set; } = null!; // set before anybody sees it

    internal IpcSession<PeerClient> Session { get; private set; } = null!; // as above

    internal LogLines Log { get; } = new();

    internal PeerClient Peer => Session.Init;

    internal static async Task<CppServer> StartAsync(IpcLimits? limits = null)
    {
        var ct = TestContext.Current.CancellationToken;
        CppServer server = new();
        var socket = server._folder.File("peer.sock");
        server.Process = await InteropProgram.StartAsync("server", socket);
        Assert.Equal("listening", await server.Process.StandardOutput.ReadLineAsync(ct));
        server.Session = await IpcConnector.ConnectAsync(
            socket, static (cap, connection) => new PeerClient(cap, connection), new IpcOptions { Logger = server.Log, ProcessName = "tests", Limits = limits ?? Patient.Limits }, ct);
        await server.SettlesAsync();
        return server;
    }

    /// <summary>
    /// Waits until no call is open and nobody holds anything but what a session keeps of the peer: its first object and its
    /// map of threads. It lets go of ours at once.
    /// </summary>
    internal Task SettlesAsync() => Eventually.Holds(
        "tables settle",
        () => Session.Connection.Protocol.Sizes is var sizes && sizes == (0, 0, 0, 2, 0) ? null : sizes.ToString());

    public async ValueTask DisposeAsync()
    {
        await Session.DisposeAsync();
        if (!Process.HasExited)
        {
            Process.StandardInput.Close();
            await Process.WaitForExitAsync(CancellationToken.None);
        }

        Process.Dispose();
        _folder.Dispose();
    }
}
