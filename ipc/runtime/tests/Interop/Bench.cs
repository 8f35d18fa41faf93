using System.Diagnostics;
using System.Globalization;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Interop;

/// <summary>The two roles of <c>interop.c++</c> that speed is measured with, played by us; <c>bench/ipc.sh</c> runs both.</summary>
internal static class Bench
{
    /// <summary>Whether the arguments ask for one of the roles.</summary>
    internal static bool Knows(string[] args) => args is ["server", _] or ["bench", _, _, _, _];

    /// <summary>Plays it.</summary>
    internal static async Task<int> RunAsync(string[] args) => args is ["server", var socket]
        ? await ServeAsync(socket)
        : await CallAsync(args[1], Number(args[2]), Number(args[3]), Number(args[4]));

    // Until standard input ends.
    private static async Task<int> ServeAsync(string socket)
    {
        using CancellationTokenSource stop = new();
        IpcServer server = new(
            UnixSocketListener.Bind(socket), own => new PeerServer(new InteropPeer(own), own), new IpcOptions { MaxConnections = 1000 });
        var running = server.RunAsync(stop.Token);
        Console.WriteLine("listening");
        _ = Console.In.Read();
        await stop.CancelAsync();
        await running;
        return 0;
    }

    // As the other program: seconds; and what it cannot say, bytes allocated for each call by this end.
    private static async Task<int> CallAsync(string socket, int bytes, int inFlight, int calls)
    {
        await using var session = await IpcConnector.ConnectAsync(
            socket, static (cap, connection) => new PeerClient(cap, connection), new IpcOptions(), CancellationToken.None);
        var data = new byte[bytes];
        data.AsSpan().Fill(7);
        await RunAsync(session.Init, data, inFlight, Math.Max(inFlight, calls / 5)); // compiled, and compiled again for speed
        var allocated = GC.GetTotalAllocatedBytes(precise: true);
        var started = Stopwatch.GetTimestamp();
        await RunAsync(session.Init, data, inFlight, calls);
        var elapsed = Stopwatch.GetElapsedTime(started);
        allocated = GC.GetTotalAllocatedBytes(precise: true) - allocated;
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture, $"{elapsed.TotalSeconds} {allocated / (double)calls:F0}"));
        return 0;
    }

    private static Task RunAsync(PeerClient peer, byte[] data, int inFlight, int calls)
    {
        var left = calls;
        return Task.WhenAll(Enumerable.Range(0, inFlight).Select(_ => Task.Run(async () =>
        {
            while (Interlocked.Decrement(ref left) >= 0)
            {
                var back = await peer.EchoAsync(data, CancellationToken.None);
                if (back.Length != data.Length)
                {
                    throw new InvalidOperationException("An echo of another length came back.");
                }
            }
        })));
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);
}
