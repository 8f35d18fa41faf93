using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

public sealed class BackgroundTests
{
    [Fact]
    public async Task A_node_in_the_background_has_started_when_its_caller_returns()
    {
        using var directory = new TempDirectory();
        var port = Ports.Free();
        string[] options =
            ["-regtest", "-datadir=" + directory.Path, $"-rpcport={port}", "-listen=0", "-connect=0", "-disablewallet", "-daemonwait"];

        var (code, output, error) = await TestProcess.RunAsync(Programs.Node, input: null, options);

        Assert.Equal((0, "Dash Core starting\n", ""), (code, output, error));
        var cookie = Path.Combine(directory["regtest"], ".cookie");
        using var rpc = RpcConnection.To(port, () => File.ReadAllText(cookie).Trim());
        Assert.Equal(0, await rpc.IntAsync("getblockcount"));
        var second = await TestProcess.RunAsync(Programs.Node, input: null, options);
        Assert.Equal((1, "Error during initialization - check debug.log for details\n"), (second.Code, second.Error));

        await rpc.CallAsync("stop");
        await Wait.Until("the node has ended", () => !File.Exists(cookie) && !File.Exists(Path.Combine(directory["regtest"], "dash-node.pid")));
    }

    [Fact]
    public async Task Commands_are_run_at_the_start_at_each_block_and_before_the_end()
    {
        using var directory = new TempDirectory();
        var told = directory["told"];
        await using var node = new TestNode(
            directory["node"], "-connect=0",
            $"-startupnotify=echo start >> '{told}'", $"-blocknotify=echo %s >> '{told}'", $"-shutdownnotify=echo end >> '{told}'");
        Directory.CreateDirectory(node.DataDirectory);
        await node.StartAsync();
        await Wait.Until("the start is told", () => File.Exists(told) && File.ReadAllText(told) == "start\n");

        var block = await node.Rpc.CallAsync("generatetodescriptor", 1, "raw(51)#8lvh9jxk");
        await Wait.Until("the block is told", () => File.ReadAllText(told) == $"start\n{block[0].GetString()}\n");
        await node.StopAsync();

        Assert.Equal(["start", block[0].GetString()!, "end"], File.ReadAllLines(told));
    }
}
