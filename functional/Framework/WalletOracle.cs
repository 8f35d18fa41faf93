using System.Globalization;
using System.Text.Json;

namespace Dash.Functional.Framework;

/// <summary>What must hold of a wallet after whatever happened: its event log is whole, and it is what a rescan from scratch finds.</summary>
public static class WalletOracle
{
    private static int _made;

    /// <summary>Lines without a gap, each transaction added once, all of these among them.</summary>
    public static async Task ShouldHaveWholeLogAsync(RpcConnection wallet, IEnumerable<string> txids)
    {
        var (since, expected) = (0L, 0L);
        HashSet<string> added = new(StringComparer.Ordinal);
        while (true)
        {
            var page = await wallet.CallAsync("waitforwalletevent", since, 0, 5000);
            if (page.GetProperty("events").GetArrayLength() == 0)
            {
                break;
            }

            foreach (var line in page.GetProperty("events").EnumerateArray())
            {
                Assert.Equal(++expected, line.GetProperty("seq").GetInt64());
                if (line.GetProperty("type").GetString() == "added")
                {
                    Assert.True(added.Add(line.GetProperty("txid").GetString()!), "added twice: " + line);
                }
            }

            since = page.GetProperty("next").GetInt64();
        }

        Assert.Empty(txids.Except(added, StringComparer.Ordinal));
    }

    /// <summary>A new wallet of the same keys that looks through the whole chain finds the same coins and transactions.</summary>
    public static Task ShouldEqualRescannedAsync(TestCluster cluster, string name) => ShouldEqualRescannedAsync(cluster.Wallet.Rpc, name);

    /// <inheritdoc cref="ShouldEqualRescannedAsync(TestCluster, string)"/>
    public static async Task ShouldEqualRescannedAsync(RpcConnection daemon, string name)
    {
        var wallet = daemon.Wallet(name);
        var scratch = name + "-again-" + Interlocked.Increment(ref _made).ToString(CultureInfo.InvariantCulture);
        await daemon.CallAsync("createwallet", scratch, false, true);
        var again = daemon.Wallet(scratch);
        var keys = (await wallet.CallAsync("listdescriptors", true)).GetProperty("descriptors").EnumerateArray().Select(static line =>
        {
            Dictionary<string, object?> request = new()
            {
                ["desc"] = line.GetProperty("desc").GetString(),
                ["timestamp"] = 0,
                ["active"] = line.GetProperty("active").GetBoolean(),
            };
            if (line.TryGetProperty("internal", out var isInternal)) request["internal"] = isInternal;
            if (line.TryGetProperty("range", out var range)) request["range"] = range;
            if (line.TryGetProperty("next_index", out var next)) request["next_index"] = next;
            return request;
        }).ToArray();
        Assert.All(
            (await again.CallAsync("importdescriptors", (object)keys)).EnumerateArray(),
            static done => Assert.True(done.GetProperty("success").GetBoolean(), done.ToString()));
        await ShouldBeSameAsync("coins", wallet, again, CoinsAsync);
        var listed = await ConfirmedAsync(wallet);
        await ShouldBeSameAsync("transactions", wallet, again, async asked => await KnownAsync(asked, listed));
        Assert.Equal(
            TestWallet.Owned(await again.CallAsync("getbalances")), TestWallet.Owned(await wallet.CallAsync("getbalances")));
        await again.CallAsync("unloadwallet");
    }

    private static async Task ShouldBeSameAsync(
        string what, RpcConnection wallet, RpcConnection again, Func<RpcConnection, Task<List<string>>> listAsync)
    {
        var (here, there) = (await listAsync(wallet), await listAsync(again));
        var missing = there.Except(here, StringComparer.Ordinal).ToList();
        var extra = here.Except(there, StringComparer.Ordinal).ToList();
        Assert.True(missing.Count + extra.Count == 0,
            $"{what}: a rescan also finds {string.Join(", ", missing)}; it does not find {string.Join(", ", extra)}");
    }

    private static async Task<List<string>> CoinsAsync(RpcConnection wallet)
    {
        return [.. (await wallet.CallAsync("listunspent", 1)).EnumerateArray()
            .Select(static coin => $"{coin.GetProperty("txid")}:{coin.GetProperty("vout")} {coin.GetProperty("amount")}")
            .Order(StringComparer.Ordinal)];
    }

    // Those it lists and those of these that it knows: a payment to an address of its own is nothing but change, and not listed,
    // where nobody has given the address out.
    private static async Task<List<string>> KnownAsync(RpcConnection wallet, List<string> others)
    {
        var known = await ConfirmedAsync(wallet);
        foreach (var txid in others.Except(known, StringComparer.Ordinal).ToList())
        {
            try
            {
                if ((await wallet.CallAsync("gettransaction", txid)).GetProperty("confirmations").GetInt32() > 0) known.Add(txid);
            }
            catch (RpcException unknown) when (unknown.Code == -5)
            {
                // Missing, as will be seen.
            }
        }

        return known;
    }

    private static async Task<List<string>> ConfirmedAsync(RpcConnection wallet) =>
        [.. (await wallet.CallAsync("listtransactions", "*", 1_000_000)).EnumerateArray()
            .Where(static entry => entry.GetProperty("confirmations").GetInt32() > 0)
            .Select(static entry => entry.GetProperty("txid").GetString()!)
            .Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
}
