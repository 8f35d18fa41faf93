using Dash.Ipc.Capabilities;
using Dash.Ipc.Connections;
using Dash.Ipc.Multiprocess;
using Dash.Ipc.Tests.Support;
using Dash.Ipc.Transports;

namespace Dash.Ipc.Tests.Multiprocess;

/// <summary>Everything at once, in both directions, over a real socket; at the end nothing is left.</summary>
public sealed class StressTests
{
    private const int Workers = 24;
    private const int Rounds = 150;

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Calls_callbacks_objects_and_cancellations_mixed_leave_no_trace()
    {
        using var folder = new TempFolder();
        using var listener = UnixSocketListener.Bind(folder.File("node.sock"));
        var connecting = UnixSocketTransport.ConnectAsync(listener.Path, Ct);
        var accepted = await listener.AcceptAsync(Ct);
        await using var pair = await TesterPair.CreateAsync(transports: (accepted, await connecting));
        await Task.WhenAll(Enumerable.Range(0, Workers).Select(worker => Task.Run(() => WorkAsync(pair.Remote, new Random(worker)), Ct)));

        // The lanes stay, of which there are as many as calls were open at once; a cancelled one is open until it ends there.
        await Eventually.Holds("everything but the lanes is let go", () =>
        {
            var (server, client) = (pair.Server.Protocol.Sizes, pair.Client.Protocol.Sizes);
            return server is { Questions: 0, Answers: 0, Imports: 1, Embargoes: 0 } && client is { Questions: 0, Answers: 0, Exports: 1 }
                && server.Exports == client.Imports && server.Exports <= 2 + IpcLimits.Default.MaxThreads
                ? null
                : $"server {server}, client {client}";
        });
        Assert.All(pair.Tester.Made, made => Assert.Equal(1, made.Disposals));
        Assert.Null(pair.Client.EndReason);
        Assert.Empty(pair.ServerLog.Lines);
    }

    [Fact]
    public async Task Ends_at_any_moment_fail_calls_and_nothing_else()
    {
        for (var round = 0; round < 40; round++)
        {
            var random = new Random(round);
            await using var pair = await TesterPair.CreateAsync();
            var working = Enumerable.Range(0, 6).Select(worker => Task.Run(
                async () =>
                {
                    var failure = await Assert.ThrowsAsync<IpcException>(async () =>
                    {
                        while (true)
                        {
                            await WorkAsync(pair.Remote, new Random(worker), rounds: 10);
                        }
                    });
                    Assert.Equal(IpcErrorKind.Disconnected, failure.Kind);
                },
                Ct)).ToArray();
            for (var spin = random.Next(2000); spin > 0; spin--)
            {
                await Task.Yield();
            }

            await (random.Next(2) == 0 ? pair.Server : pair.Client).DisposeAsync();
            await Task.WhenAll(working).InTime();
            await pair.Server.Completion.InTime();
            await pair.Client.Completion.InTime();
            Assert.Equal((0, 0, 0, 0, 0), pair.Server.Protocol.Sizes);
            Assert.Equal((0, 0, 0, 0, 0), pair.Client.Protocol.Sizes);
            await Eventually.Holds("objects end", () =>
            {
                lock (pair.Tester.Made)
                {
                    return pair.Tester.Made.All(made => made.Disposals == 1) ? null : "some still live";
                }
            });
        }
    }

    private static async Task WorkAsync(TesterClient remote, Random random, int rounds = Rounds)
    {
        for (var round = 0; round < rounds; round++)
        {
            switch (random.Next(7))
            {
                case 0:
                    await using (var made = await remote.MakeAsync(Ct))
                    {
                        Assert.Equal(round + 1, await made.AddAsync(round, 1, Ct));
                    }

                    break;
                case 1:
                    var depth = random.Next(6);
                    Assert.Equal(depth, await remote.NestAsync(depth, new Tester(), Ct));
                    break;
                case 2:
                    using (var stop = new CancellationTokenSource())
                    {
                        var waiting = remote.WaitAsync(stop.Token).AsTask();
                        await Task.Yield();
                        await stop.CancelAsync();
                        try
                        {
                            await waiting;
                        }
                        catch (OperationCanceledException)
                        {
                            // As it should; unless the connection ended first.
                        }
                    }

                    break;
                case 3:
                    var own = new Tester();
                    Assert.Same(own, await remote.GiveBackAsync(own, Ct));
                    break;
                case 4:
                    await remote.QuickAsync(Ct);
                    break;
                case 5:
                    var failure = await Assert.ThrowsAsync<IpcException>(() => remote.FailAsync("Overloaded", Ct).AsTask());
                    if (failure.Kind == IpcErrorKind.Disconnected)
                    {
                        throw failure;
                    }

                    break;
                default:
                    Assert.Equal(2 * round, await remote.AddAsync(round, round, Ct));
                    break;
            }
        }
    }
}
