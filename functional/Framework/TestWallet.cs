using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>A real dash-wallet daemon with its own listener, attached to a node's socket in the same data directory.</summary>
public sealed class TestWallet(string dataDirectory, params string[] options) : TestDaemon(dataDirectory)
{
    public override string CookieFile => Path.Combine(NetworkDirectory, ".cookie-wallet");

    public override string LogFile => Path.Combine(NetworkDirectory, "wallet-debug.log");

    protected override string Program => Programs.Wallet;

    protected override IEnumerable<string> Arguments =>
        ["-regtest", "-datadir=" + DataDirectory, "-server", "-rpcport=" + Port, "-ipcconnect=unix", "-keypool=20", "-debug=ipc", .. options];

    /// <summary>Waits until the wallet reflects the node's tip.</summary>
    public async Task CaughtUpAsync(TestNode node, string wallet, TimeSpan? patience = null)
    {
        var tip = await node.Rpc.TextAsync("getbestblockhash");
        await Wait.Until($"wallet {wallet} reaches {tip}", async () => await TipAsync(wallet) == tip, LastLog, patience);
    }

    public Task<string> TipAsync(string wallet) => TipAsync(Rpc.Wallet(wallet));

    /// <summary>The block that a wallet is at.</summary>
    public static async Task<string> TipAsync(RpcConnection wallet) =>
        (await wallet.CallAsync("getwalletinfo")).GetProperty("lastprocessedblock").GetProperty("hash").GetString()!;

    /// <summary>All that a wallet owns: trusted, pending and immature, in DASH.</summary>
    public static decimal Owned(JsonElement balances)
    {
        var mine = balances.GetProperty("mine");
        return mine.GetProperty("trusted").GetDecimal() + mine.GetProperty("untrusted_pending").GetDecimal() + mine.GetProperty("immature").GetDecimal();
    }
}
