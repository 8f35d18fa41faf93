using Dash.Functional.Framework;

namespace Dash.Functional.Tests;

/// <summary>Payments on payments that nobody was told of: who gives the first one up gives them all up, and has the coins again.</summary>
public sealed class AbandonTests
{
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    private const string Stranger = "ySMnpcCKx4wD57T5dhjz3t3im3hgaQ5JYG";

    [Fact]
    public async Task The_parent_takes_its_descendants_along_and_its_coins_come_back()
    {
        using var directory = new TempDirectory();
        await using var node = new TestNode(directory.Path, Options());
        Assert.Equal(
            """
            before: trusted 0.00000000, pending 0.00000000, 0 coins
              parent: confirmations 0, send -9.99999550 abandoned false, send -490.00000000 abandoned false, receive 9.99999550 abandoned false, receive 490.00000000 abandoned false
              child: confirmations 0, send -489.99999618 abandoned false, receive 489.99999618 abandoned false
              grandchild: confirmations 0, send -489.99999236 abandoned false
              other: confirmations 0, send -9.99999168 abandoned false, receive 9.99999168 abandoned false
            given up: trusted 500.00000000, pending 0.00000000, 1 coins
              parent: confirmations 0, send -9.99999550 abandoned true, send -490.00000000 abandoned true, receive 9.99999550 abandoned true, receive 490.00000000 abandoned true
              child: confirmations 0, send -489.99999618 abandoned true, receive 489.99999618 abandoned true
              grandchild: confirmations 0, send -489.99999236 abandoned true
              other: confirmations 0, send -9.99999168 abandoned true, receive 9.99999168 abandoned true
            once more: trusted 500.00000000, pending 0.00000000, 1 coins
              parent: confirmations 0, send -9.99999550 abandoned true, send -490.00000000 abandoned true, receive 9.99999550 abandoned true, receive 490.00000000 abandoned true
              child: confirmations 0, send -489.99999618 abandoned true, receive 489.99999618 abandoned true
              grandchild: confirmations 0, send -489.99999236 abandoned true
              other: confirmations 0, send -9.99999168 abandoned true, receive 9.99999168 abandoned true
            a block later: trusted 500.00000000, pending 0.00000000, 1 coins
              parent: confirmations 0, send -9.99999550 abandoned true, send -490.00000000 abandoned true, receive 9.99999550 abandoned true, receive 490.00000000 abandoned true
              child: confirmations 0, send -489.99999618 abandoned true, receive 489.99999618 abandoned true
              grandchild: confirmations 0, send -489.99999236 abandoned true
              other: confirmations 0, send -9.99999168 abandoned true, receive 9.99999168 abandoned true
            in a block: trusted 499.99999550, pending 0.00000000, 2 coins
              parent: confirmations 1, send -9.99999550 abandoned false, send -490.00000000 abandoned false, receive 9.99999550 abandoned false, receive 490.00000000 abandoned false
              child: confirmations 0, send -489.99999618 abandoned true, receive 489.99999618 abandoned true
              grandchild: confirmations 0, send -489.99999236 abandoned true
              other: confirmations 0, send -9.99999168 abandoned true, receive 9.99999168 abandoned true
            in a block: abandontransaction: Transaction not eligible for abandonment (-5)
            """,
            await LiveAsync(node));
    }

    [Fact]
    public async Task Dash_core_says_the_same()
    {
        if (Programs.Dashd is null) Assert.Skip("no dashd: set the environment variable DASHD to its path");
        using var ours = new TempDirectory();
        using var theirs = new TempDirectory();
        await using var node = new TestNode(ours.Path, Options());
        await using var dashd = new TestDashd(theirs.Path, Options());
        Assert.Equal(await LiveAsync(dashd), await LiveAsync(node));
    }

    private static string[] Options() =>
        ["-walletbroadcast=0", "-fallbackfee=0.0001", "-spendzeroconfchange=0", "-createwalletbackups=0"];

    private static async Task<string> LiveAsync(TestDaemon daemon)
    {
        await daemon.StartAsync();
        await daemon.Rpc.CallAsync("createwallet", "w", false, true, "", false, true, false);
        var wallet = daemon.Rpc.Wallet("w");
        await wallet.CallAsync("upgradetohd", Words, "", "", false);
        List<string> addresses = [];
        for (var i = 0; i < 6; i++) addresses.Add(await wallet.TextAsync("getnewaddress"));
        await daemon.Rpc.CallAsync("generatetoaddress", 1, addresses[0]);
        await daemon.Rpc.CallAsync("generatetoaddress", 100, Stranger);
        List<string> told = [];
        var first = (await wallet.CallAsync("listunspent"))[0];
        var value = first.GetProperty("amount").GetDecimal();

        // The coin to two addresses; of the first one to a third, of that to somebody else; of the second one to a fourth.
        var parent = await SpendAsync(first.GetProperty("txid").GetString()!, 0, (addresses[1], value - 10), (addresses[2], 10));
        var (rest, ten) = await OutputsAsync(parent);
        var child = await SpendAsync(parent, rest.Index, (addresses[3], rest.Value));
        var grandchild = await SpendAsync(child, 0, (Stranger, (await OutputsAsync(child)).Largest.Value));
        var other = await SpendAsync(parent, ten.Index, (addresses[4], ten.Value));
        (string Name, string Txid)[] payments = [("parent", parent), ("child", child), ("grandchild", grandchild), ("other", other)];
        await TellAsync("before");
        await wallet.CallAsync("abandontransaction", parent);

        // dashd has the coins back when it has loaded the wallet again (docs/wallet.md).
        await LoadAgainAsync();
        await TellAsync("given up");
        await wallet.CallAsync("abandontransaction", grandchild);
        await TellAsync("once more");
        await daemon.Rpc.CallAsync("generatetoaddress", 1, Stranger);
        await TellAsync("a block later");

        // A block holds the parent after all.
        var hex = (await wallet.CallAsync("gettransaction", parent)).GetProperty("hex").GetString()!;
        await daemon.Rpc.CallAsync("generateblock", Stranger, new[] { hex });
        await LoadAgainAsync();
        await TellAsync("in a block");
        told.Add("in a block: " + (await wallet.RefusedAsync("abandontransaction", parent)).Message);
        await daemon.StopAsync();
        return string.Join('\n', told);

        async Task LoadAgainAsync()
        {
            await daemon.Rpc.CallAsync("unloadwallet", "w");
            await daemon.Rpc.CallAsync("loadwallet", "w");
        }

        async Task<string> SpendAsync(string txid, int output, params (string Address, decimal Amount)[] to)
        {
            var sent = await wallet.CallAsync(
                "send", to.Select(static one => new Dictionary<string, object?> { [one.Address] = one.Amount }).ToArray(), null, "unset", 2, new Dictionary<string, object?>
                {
                    ["inputs"] = new[] { new Dictionary<string, object?> { ["txid"] = txid, ["vout"] = output } },
                    ["add_inputs"] = false,
                    ["subtract_fee_from_outputs"] = new[] { 0 },
                });
            return sent.GetProperty("txid").GetString()!;
        }

        async Task<((int Index, decimal Value) Largest, (int Index, decimal Value) Smallest)> OutputsAsync(string txid)
        {
            var tx = (await wallet.CallAsync("gettransaction", txid, null, true)).GetProperty("decoded").GetProperty("vout").EnumerateArray()
                .Select(static output => (Index: output.GetProperty("n").GetInt32(), Value: output.GetProperty("value").GetDecimal())).ToList();
            return (tx.MaxBy(static output => output.Value), tx.MinBy(static output => output.Value));
        }

        async Task TellAsync(string when)
        {
            var balances = (await wallet.CallAsync("getbalances")).GetProperty("mine");
            var coins = await wallet.CallAsync("listunspent", 0);
            told.Add($"{when}: trusted {balances.GetProperty("trusted").GetRawText()}, pending {balances.GetProperty("untrusted_pending").GetRawText()}, {coins.GetArrayLength()} coins");
            foreach (var (name, txid) in payments)
            {
                var tx = await wallet.CallAsync("gettransaction", txid);
                var details = tx.GetProperty("details").EnumerateArray().Select(static detail =>
                    $"{detail.GetProperty("category").GetString()} {detail.GetProperty("amount").GetRawText()} abandoned {detail.GetProperty("abandoned").GetRawText()}");
                told.Add($"  {name}: confirmations {tx.GetProperty("confirmations").GetRawText()}, {string.Join(", ", details)}");
            }
        }
    }
}
