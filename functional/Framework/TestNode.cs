namespace Dash.Functional.Framework;

/// <summary>A real dash-node on regtest.</summary>
public sealed class TestNode(string dataDirectory, params string[] options) : TestDaemon(dataDirectory)
{
    public override string CookieFile => Path.Combine(NetworkDirectory, ".cookie");

    public override string LogFile => Path.Combine(NetworkDirectory, "debug.log");

    public string Socket => Path.Combine(NetworkDirectory, "node.sock");

    protected override string Program => Programs.Node;

    protected override IEnumerable<string> Arguments =>
        ["-regtest", "-datadir=" + DataDirectory, "-rpcport=" + Port, "-listen=0", "-debug=ipc", .. options];

    public async Task MineAsync(int blocks, string address) => await Rpc.CallAsync("generatetoaddress", blocks, address);

    /// <summary>All unspent coins of the chain, in DASH.</summary>
    public async Task<decimal> ExistingAsync() => (await Rpc.CallAsync("gettxoutsetinfo")).GetProperty("total_amount").GetDecimal();
}
