using System.Diagnostics;
using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>A wallet with two nodes: those it follows are killed in turn, and some are behind. docs/reliability.md has the rows.</summary>
public sealed class NodeSwitchTests
{
    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    // F8: fail-over
    [Fact]
    public async Task Followed_from_node_to_node_under_load_nothing_is_lost_or_doubled_and_nothing_goes_back()
    {
        Random random = new(FaultCount.Seed);
        TestContext.Current.SendDiagnosticMessage($"seed {FaultCount.Seed}");
        using TempDirectory directory = new();
        await using TestNode second = new(directory.Path, "-disablewallet", "-ipcbind=unix");
        await using var cluster = await TestCluster.StartAsync(140, "-ipcconnect=unix:" + second.Socket);
        BlocksOf blocks = new();
        await second.StartAsync();
        await blocks.TakeAsync(cluster.Node);
        await blocks.GiveAsync(second);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        PaymentJournal journal = new(cluster, FaultCount.Seed);
        using var done = CancellationTokenSource.CreateLinkedTokenSource(Ct);
        var working = Task.WhenAll(journal.WorkAsync(to, done.Token), journal.WorkAsync(to, done.Token));
        var (slowest, held) = (TimeSpan.Zero, 0);
        var rounds = 2 * FaultCount.Or(2);
        for (var round = 0; round < rounds; round++)
        {
            var (gone, next) = round % 2 == 0 ? (cluster.Node, second) : (second, cluster.Node);
            await Task.Delay(TimeSpan.FromMilliseconds(random.Next(30, 400)), TimeProvider.System, Ct);
            await gone.MineAsync(random.Next(1, 8), cluster.MiningAddress);
            await cluster.Wallet.CaughtUpAsync(gone, "alice");
            await cluster.Wallet.CaughtUpAsync(gone, "bob");
            await blocks.TakeAsync(gone);

            // Half of the times the other one lacks some of it at first.
            var has = await next.Rpc.IntAsync("getblockcount");
            var behind = random.Next(2) == 0 ? 0 : random.Next(1, blocks.Height - has + 1);
            await blocks.GiveAsync(next, blocks.Height - behind);
            await gone.KillAsync();
            var watch = Stopwatch.StartNew();
            if (behind > 0)
            {
                held++;
                await Wait.Until("it is waited for", async () => (await StateAsync(cluster)).Contains("the node only at", StringComparison.Ordinal), cluster.Wallet.LastLog);
                await blocks.GiveAsync(next);
                watch.Restart();
            }

            await FollowsAsync(cluster, next);
            slowest = watch.Elapsed > slowest ? watch.Elapsed : slowest;
            await gone.StartAsync();
        }

        // The first node is followed, where the comparison looks.
        await done.CancelAsync();
        await working;
        await FollowsAsync(cluster, cluster.Node);
        await second.KillAsync();
        await journal.VerifyAsync(to);
        NothingWentBack(cluster);
        TestContext.Current.SendDiagnosticMessage(
            $"{rounds} nodes killed, {held} times the other one was behind, followed after {slowest.TotalSeconds:F2} s at most, "
            + $"{journal.Answered} payments answered, 0 violations");
    }

    [Fact]
    public async Task A_node_that_is_behind_is_left_when_one_that_is_not_is_there()
    {
        using TempDirectory directory = new();
        await using TestNode second = new(directory.Path, "-disablewallet", "-ipcbind=unix");
        await using var cluster = await TestCluster.StartAsync(110, "-ipcconnect=unix:" + second.Socket);
        BlocksOf blocks = new();
        await second.StartAsync();
        await blocks.TakeAsync(cluster.Node);
        await blocks.GiveAsync(second, 60);
        var to = await cluster.Bob.TextAsync("getnewaddress");
        for (var round = 0; round < FaultCount.Or(1); round++)
        {
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "alice");
            await cluster.Wallet.CaughtUpAsync(cluster.Node, "bob");
            await cluster.Node.KillAsync();
            await Wait.Until("it is waited for", async () => (await StateAsync(cluster)).Contains("the node only at 60", StringComparison.Ordinal), cluster.Wallet.LastLog);
            Assert.Contains("\"catching up\"", await StateAsync(cluster), StringComparison.Ordinal);
            Assert.Contains("the node only at 60", (await cluster.Wallet.Rpc.CallAsync("getrpcinfo")).GetProperty("node").GetRawText(), StringComparison.Ordinal);
            await cluster.Node.StartAsync();
            await FollowsAsync(cluster, cluster.Node);
            var txid = await cluster.Alice.TextAsync("sendtoaddress", to, 1m);
            Assert.Contains(txid, (await cluster.Node.Rpc.CallAsync("getrawmempool")).GetRawText(), StringComparison.Ordinal);
            await cluster.MineAsync(1);
        }

        await cluster.ShouldAddUp();
        Assert.False(second.Process!.HasExited);
        NothingWentBack(cluster);
    }

    // The last that was attached to, and not left since; and both wallets are where it is.
    private static Task FollowsAsync(TestCluster cluster, TestNode node) => Wait.Until(
        $"the node at {node.Socket} is followed",
        async () => cluster.Wallet.ReadLog().Split('\n').LastOrDefault(static line =>
                line.Contains("Attached to node", StringComparison.Ordinal) || line.Contains("is no longer attached", StringComparison.Ordinal)) is { } last
            && last.Contains("Attached to node", StringComparison.Ordinal) && last.EndsWith(node.Socket, StringComparison.Ordinal)
            && (await StateAsync(cluster)).Contains("\"connected\"", StringComparison.Ordinal)
            && (await cluster.Bob.CallAsync("getwalletinfo")).GetProperty("node").GetRawText().Contains("\"connected\"", StringComparison.Ordinal),
        cluster.Wallet.LastLog);

    private static void NothingWentBack(TestCluster cluster) =>
        Assert.DoesNotContain("The node's chain has left ours", cluster.Wallet.ReadLog(), StringComparison.Ordinal);

    private static async Task<string> StateAsync(TestCluster cluster) =>
        (await cluster.Alice.CallAsync("getwalletinfo")).GetProperty("node").GetRawText();

    /// <summary>The blocks of a chain that only grows, to be handed from node to node.</summary>
    private sealed class BlocksOf
    {
        private readonly List<string> _blocks = [];

        public int Height => _blocks.Count;

        public async Task TakeAsync(TestNode node)
        {
            var tip = await node.Rpc.IntAsync("getblockcount");
            while (_blocks.Count < tip)
            {
                var hash = await node.Rpc.TextAsync("getblockhash", _blocks.Count + 1);
                _blocks.Add(await node.Rpc.TextAsync("getblock", hash, 0));
            }
        }

        public async Task GiveAsync(TestNode node, int height = int.MaxValue)
        {
            for (var at = await node.Rpc.IntAsync("getblockcount"); at < Math.Min(height, _blocks.Count); at++)
            {
                await node.Rpc.CallAsync("submitblock", _blocks[at]);
            }
        }
    }
}
