using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using System.Text;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Daemons asked to end while clients are in the middle of something. docs/reliability.md has the rows.</summary>
public sealed class EndingTests
{
    private static readonly TimeSpan InTime = TimeSpan.FromSeconds(5);

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // F19: clients that will never send the rest, and one that never takes its answer.
    [Theory]
    [InlineData("wallet")]
    [InlineData("wallet with a frozen node")]
    [InlineData("node")]
    public async Task Asked_to_end_while_clients_neither_send_nor_take_it_ends_in_time(string what)
    {
        await using var cluster = await TestCluster.StartAsync(blocks: 105);
        TestDaemon daemon = what == "node" ? cluster.Node : cluster.Wallet;
        for (var round = 0; round < FaultCount.Or(1); round++)
        {
            // On a machine that is busy meanwhile it may be late: one try in time shows that it waits for nobody.
            var taken = TimeSpan.MaxValue;
            for (var tries = 0; tries < 3 && taken >= InTime; tries++)
            {
                var cookie = Convert.ToBase64String(await File.ReadAllBytesAsync(daemon.CookieFile, Ct));
                var many = string.Create(CultureInfo.InvariantCulture, $"[{string.Join(',', Enumerable.Repeat("{\"method\":\"help\"}", 5000))}]");
                using var header = await SayAsync(daemon.Port, "POST / HTTP/1.1\r\nHost: loc");
                using var body = await SayAsync(daemon.Port, "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 1000\r\n\r\n{");
                using var unread = await SayAsync(
                    daemon.Port, $"POST / HTTP/1.1\r\nHost: localhost\r\nAuthorization: Basic {cookie}\r\nContent-Length: {many.Length}\r\n\r\n{many}");

                // They are being served by now, since those that came later are.
                await daemon.Rpc.CallAsync("uptime");
                if (what.EndsWith("frozen node", StringComparison.Ordinal)) Signals.Freeze(cluster.Node.Process!);
                var watch = Stopwatch.StartNew();
                Signals.Ask(daemon.Process!);
                await daemon.Process!.WaitForExitAsync("to end after SIGTERM");
                taken = watch.Elapsed;
                Signals.Thaw(cluster.Node.Process!);
                Assert.Equal(0, daemon.Process!.ExitCode);
                await (daemon == cluster.Wallet ? cluster.RestartWalletAsync() : cluster.Node.StartAsync());
            }

            Assert.True(taken < InTime, $"it took {taken.TotalSeconds:F1} s\n{daemon.LastLog()}");
        }

        await cluster.ShouldAddUp();
    }

    private static async Task<Socket> SayAsync(int port, string text)
    {
        Socket socket = new(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        await socket.ConnectAsync(IPAddress.Loopback, port, Ct);
        await socket.SendAsync(Encoding.ASCII.GetBytes(text), Ct);
        return socket;
    }
}
