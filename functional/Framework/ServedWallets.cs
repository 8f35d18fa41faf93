using System.Globalization;
using System.Text.RegularExpressions;

namespace Dash.Functional.Framework;

/// <summary>The processes behind some wallets: where wallets are called, where blocks are made, and how they are hit.</summary>
public abstract class ServedWallets : IAsyncDisposable
{
    /// <summary>More than are given out between two blocks, or a backup would not know its wallet's later ones.</summary>
    protected const string LookAhead = "-keypool=500";

    private protected TempDirectory Directory { get; } = new();

    /// <summary>The node that makes blocks.</summary>
    public abstract TestNode Node { get; }

    /// <summary>Where wallets are called.</summary>
    public abstract RpcConnection Rpc { get; }

    /// <summary>All of them, in the order in which they start.</summary>
    protected abstract IReadOnlyList<TestDaemon> Daemons { get; }

    /// <summary>Starts all.</summary>
    public async Task StartAsync()
    {
        foreach (var daemon in Daemons) await daemon.StartAsync();
        await Wait.Until("wallets can be called", async () => (await Rpc.CallAsync("listwallets")).GetArrayLength() >= 0, LastLogs);
    }

    /// <summary>Ends some process, in one way or the other, and starts it again.</summary>
    /// <returns>What was done.</returns>
    public abstract Task<string> HitAsync(Random random);

    /// <summary>A block, wherever payments may wait for one.</summary>
    public virtual Task MineEverywhereAsync(string address) => Node.MineAsync(1, address);

    /// <summary>Returns when a wallet is at the node's tip.</summary>
    public async Task AtTipAsync(string wallet)
    {
        var tip = await Node.Rpc.TextAsync("getbestblockhash");
        await Wait.Until($"{wallet} is at the tip", async () => await TestWallet.TipAsync(Rpc.Wallet(wallet)) == tip, LastLogs);
    }

    /// <summary>All that a wallet owns, in DASH.</summary>
    public async Task<decimal> OwnedAsync(string wallet) => TestWallet.Owned(await Rpc.Wallet(wallet).CallAsync("getbalances"));

    /// <summary>The last lines of all logs.</summary>
    public string LastLogs() => string.Join('\n', Daemons.Select(static daemon => $"{daemon.LogFile}:\n{daemon.LastLog()}"));

    /// <summary>All ends in order.</summary>
    public async Task StopAsync()
    {
        foreach (var daemon in Daemons.Reverse()) await daemon.StopAsync();
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var daemon in Daemons.Reverse()) await daemon.DisposeAsync();
        Directory.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>One of three is asked to end, and ends with code 0; the others are killed.</summary>
    protected static async Task<string> EndAsync(TestDaemon daemon, Random random)
    {
        if (random.Next(3) == 0)
        {
            await daemon.StopAsync();
            return "ended";
        }

        await daemon.KillAsync();
        return "killed";
    }
}

/// <summary>A wallet daemon of its own, attached to a node, or to the first of two that is there.</summary>
public sealed class AttachedWallets : ServedWallets
{
    private readonly TestNode _node;
    private readonly TestNode? _second;
    private readonly TestWallet _wallet;

    /// <param name="hasSecond">Whether there are two nodes, which are peers of each other.</param>
    public AttachedWallets(bool hasSecond)
    {
        var port = Ports.Free();
        string[] seen = hasSecond ? ["-listen=1", $"-bind=127.0.0.1:{port}", $"-bind=127.0.0.1:{Ports.Free()}=onion", "-connect=0", "-dnsseed=0"] : [];
        _node = new TestNode(Directory.Path, ["-disablewallet", "-ipcbind=unix", .. seen]);
        var place = System.IO.Directory.CreateDirectory(Path.Combine(Directory.Path, "second")).FullName;
        _second = hasSecond ? new TestNode(place, "-disablewallet", "-ipcbind=unix", $"-connect=127.0.0.1:{port}") : null;
        _wallet = new TestWallet(Directory.Path, [LookAhead, .. _second is null ? (string[])[] : ["-ipcconnect=unix:" + _second.Socket]]);
    }

    public override TestNode Node => _node;

    public override RpcConnection Rpc => _wallet.Rpc;

    protected override IReadOnlyList<TestDaemon> Daemons => _second is null ? [_node, _wallet] : [_node, _second, _wallet];

    public override async Task<string> HitAsync(Random random)
    {
        // With two nodes those are hit most, so that one is followed after the other.
        TestDaemon[] all = _second is null ? [_node, _wallet, _wallet] : [_node, _second, _node, _second, _wallet];
        var victim = all[random.Next(all.Length)];
        var also = random.Next(6) == 0 ? all[random.Next(all.Length)] : victim;
        var done = await EndAsync(victim, random);
        if (also != victim) await EndAsync(also, random);
        await victim.StartAsync();
        if (also != victim) await also.StartAsync();
        return $"{NameOf(victim)} {done}{(also == victim ? "" : $", and {NameOf(also)}")}";
    }

    // A payment given to the second one is known to the first one when that is told of it, or in a block.
    public override async Task MineEverywhereAsync(string address)
    {
        await base.MineEverywhereAsync(address);
        if (_second is not null)
        {
            // Killed after it took blocks back and before it had others, the first one is on a shorter branch, until that is the longer one.
            await OneTipAsync(_second, async () =>
            {
                if (await _node.Rpc.IntAsync("getblockcount") <= await _second.Rpc.IntAsync("getblockcount")) await base.MineEverywhereAsync(address);
            });
            await _second.MineAsync(1, address);
            await OneTipAsync(_second, static () => Task.CompletedTask);
        }
    }

    private Task OneTipAsync(TestNode second, Func<Task> otherwise) => Wait.Until(
        "both nodes have one tip",
        async () =>
        {
            var isOne = await _node.Rpc.TextAsync("getbestblockhash") == await second.Rpc.TextAsync("getbestblockhash");
            if (!isOne) await otherwise();
            return isOne;
        },
        LastLogs);

    private string NameOf(TestDaemon daemon) => daemon == _wallet ? "wallet" : daemon == _node ? "node" : "second node";
}

/// <summary>A node with the wallet process that it starts, and starts again.</summary>
public sealed partial class StartedWallets : ServedWallets
{
    private readonly TestNode _node;

    public StartedWallets() => _node = new TestNode(Directory.Path, LookAhead);

    public override TestNode Node => _node;

    public override RpcConnection Rpc => _node.Rpc;

    protected override IReadOnlyList<TestDaemon> Daemons => [_node];

    /// <summary>The wallet process that a node started last.</summary>
    public static int ChildOf(TestNode node) => int.Parse(Started().Matches(node.ReadLog())[^1].Groups[1].Value, CultureInfo.InvariantCulture);

    public override async Task<string> HitAsync(Random random)
    {
        if (random.Next(3) == 0)
        {
            var done = await EndAsync(_node, random);
            await _node.StartAsync();
            return "node " + done;
        }

        var child = ChildOf(_node);
        Signals.Kill(child);

        await Wait.Until("a wallet process is there again", () => ChildOf(_node) != child, LastLogs);
        return "wallet process killed";
    }

    [GeneratedRegex("Wallet process ([0-9]+) started")]
    private static partial Regex Started();
}
