namespace Dash.Functional.Framework;

/// <summary>
/// Dash Core's own daemon on regtest, alone unless its options say otherwise; only where the environment variable DASHD
/// names it.
/// </summary>
public sealed class TestDashd(string dataDirectory, params string[] options) : TestDaemon(dataDirectory)
{
    public override string CookieFile => Path.Combine(NetworkDirectory, ".cookie");

    public override string LogFile => Path.Combine(NetworkDirectory, "debug.log");

    protected override string Program => Programs.Dashd!;

    protected override bool KeepsConnections => false;

    protected override IEnumerable<string> Arguments =>
        ["-regtest", "-datadir=" + DataDirectory, "-rpcport=" + Port, "-listen=0", "-connect=0", "-dnsseed=0", "-server", "-keypool=20", .. options];

    /// <summary>Gives dashd the blocks of a node of ours, one by one.</summary>
    public async Task TakeBlocksAsync(TestNode node)
    {
        var have = await Rpc.IntAsync("getblockcount");
        var tip = await node.Rpc.IntAsync("getblockcount");
        for (var height = have + 1; height <= tip; height++)
        {
            var hash = await node.Rpc.TextAsync("getblockhash", height);
            var refused = await Rpc.CallAsync("submitblock", await node.Rpc.TextAsync("getblock", hash, 0));
            Assert.True(refused.ValueKind == System.Text.Json.JsonValueKind.Null, $"dashd refuses block {height}: {refused}");
        }
    }
}
