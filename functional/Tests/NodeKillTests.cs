using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class NodeKillTests
{
    // A small cache and small batches: coins are written all the time, and every write is many.
    private static readonly string[] Options = ["-disablewallet", "-connect=0", "-dbcache=4", "-dbbatchsize=2000"];

    [Fact]
    public async Task A_node_killed_while_it_connects_and_reorganises_has_the_coins_of_its_tip_when_it_starts_again()
    {
        using var directory = new TempDirectory();
        await using var maker = new TestNode(directory["maker"], "-disablewallet", "-connect=0");
        Directory.CreateDirectory(maker.DataDirectory);
        await maker.StartAsync();
        var kills = FaultCount.Or(6);
        var chain = new AnyoneChain(maker, FaultCount.Seed);
        await chain.MakeAsync(steps: kills < 20 ? 12 : 60, outputs: 200);

        var random = new Random(FaultCount.Seed);
        TestNode? node = null;
        var next = int.MaxValue;
        var replayed = 0;
        var seen = 0;
        try
        {
            for (var kill = 0; kill < kills; kill++)
            {
                if (next >= chain.Blocks.Count)
                {
                    if (node is not null) await node.DisposeAsync();
                    seen = 0;
                    node = new TestNode(directory["node" + kill], Options);
                    Directory.CreateDirectory(node.DataDirectory);
                    await node.StartAsync();
                    next = 0;
                    while (next < 110) await node.Rpc.CallAsync("submitblock", chain.Blocks[next++]);
                }

                next = await FeedUntilKilledAsync(node!, chain, next, random);
                await node!.StartAsync();
                replayed += Replays(node) - seen;
                seen = Replays(node);
                var coins = await node.Rpc.CallAsync("gettxoutsetinfo", "muhash");
                var tip = coins.GetProperty("bestblock").GetString()!;
                Assert.True(
                    coins.GetProperty("muhash").GetString() == chain.CoinsAfter(tip),
                    $"After kill {kill} the coins are not those of block {tip}; seed {FaultCount.Seed}\n{node.LastLog()}");
            }
        }
        finally
        {
            if (node is not null) await node.DisposeAsync();
        }

        TestContext.Current.SendDiagnosticMessage($"{kills} kills, {replayed} starts saw an interrupted flush; seed {FaultCount.Seed}");
        await maker.StopAsync();
    }

    private static int Replays(TestNode node) => node.ReadLog().Split("Replaying blocks").Length - 1;

    // The next block that was not acknowledged, which may be stored all the same.
    private static async Task<int> FeedUntilKilledAsync(TestNode node, AnyoneChain chain, int next, Random random)
    {
        var delay = TimeSpan.FromMilliseconds(random.Next(0, 60));
        var killing = Task.Run(async () =>
        {
            await Task.Delay(delay, TimeProvider.System);
            await node.KillAsync();
        });
        try
        {
            for (; next < chain.Blocks.Count; next++) await node.Rpc.CallAsync("submitblock", chain.Blocks[next]);
        }
        catch (Exception e) when (e is HttpRequestException or IOException)
        {
            // Killed in the middle of it.
        }

        await killing;
        return next;
    }
}
