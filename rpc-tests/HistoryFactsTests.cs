using System.Text.Json;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>
/// What dashd says of received sums, balances and lists of payments, argument by argument: three coinbases to "shop", 10 to an address without
/// a label and back in a block, 1 to a stranger and 2 to a labelled address of the wallet's own, both waiting.
/// </summary>
public sealed class HistoryFactsTests : IAsyncLifetime
{
    private const string Stranger = "ySMnpcCKx4wD57T5dhjz3t3im3hgaQ5JYG";
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";

    // The first addresses of these words.
    private const string Shop = "yRd4FhXfVGHXpsuZXPNkMrfD9GVj46pnjt";
    private const string Plain = "yfd64jEpzzTLrHnR1wq3iiYXh68AiU8mcw";
    private const string Other = "yTGFWr27HBYsb8tkLbGdxLxuKbspamdbnG";
    private const string NoInteger = "-1 JSON integer out of range";
    private const string NoBool = "-3 JSON value of type number is not of expected type bool";

    private static readonly (string Method, string Parameters, string Reply)[] Facts =
    [
        ("getreceivedbyaddress", $"[\"{Shop}\"]", "1500.00000000"),
        ("getreceivedbyaddress", $"[\"{Shop}\",105]", "500.00000000"),
        ("getreceivedbyaddress", $"[\"{Shop}\",200]", "0.00000000"),
        ("getreceivedbyaddress", $"[\"{Shop}\",-5]", "1500.00000000"),
        ("getreceivedbyaddress", $"[\"{Other}\"]", "0.00000000"),
        ("getreceivedbyaddress", $"[\"{Other}\",0]", "2.00000000"),
        ("getreceivedbyaddress", $"{{\"address\":\"{Other}\",\"minconf\":0}}", "2.00000000"),
        ("getreceivedbyaddress", $"[\"{Stranger}\"]", "-4 Address not found in wallet"),
        ("getreceivedbyaddress", "[\"\"]", "-5 Invalid Dash address"),
        ("getreceivedbyaddress", $"[\"{Shop}\",1.5]", NoInteger),
        ("getreceivedbyaddress", $"[\"{Shop}\",2147483648]", NoInteger),
        ("getreceivedbyaddress", $"[\"{Shop}\",\"1\"]", "-3 JSON value of type string is not of expected type number"),
        ("getreceivedbyaddress", $"[\"{Shop}\",1,1]", NoBool),
        ("getreceivedbyaddress", $"[\"{Shop}\",1,false,0]", NoBool),
        ("getreceivedbylabel", "[\"shop\",0,true,true]", "1500.00000000"),
        ("getreceivedbylabel", "[\"\"]", "10.00000000"),
        ("getreceivedbylabel", "[\"a b ä😀\"]", "0.00000000"),
        ("getreceivedbylabel", "[\"a b ä😀\",0]", "2.00000000"),
        ("getreceivedbylabel", "[\"nobody\"]", "0.00000000"),
        ("getreceivedbylabel", "[\"*\"]", "-11 Invalid label name"),
        ("listreceivedbylabel", "[]",
            "[{\"amount\":10.00000000,\"confirmations\":1,\"label\":\"\"},{\"amount\":1500.00000000,\"confirmations\":103,\"label\":\"shop\"}]"),
        ("listreceivedbylabel", "[105]", "[{\"amount\":500.00000000,\"confirmations\":105,\"label\":\"shop\"}]"),
        ("listreceivedbylabel", "[0,false,true,null,1]", NoBool),
        ("listreceivedbylabel", "[1,2]", NoBool),
        ("listreceivedbyaddress", $"[0,false,true,null,\"{Stranger}\"]", "[]"),
        ("listreceivedbyaddress", "[0,false,true,null,\"x\"]", "-4 address_filter parameter was invalid"),
        ("listreceivedbyaddress", "[0,false,true,null,5]", "-3 JSON value of type number is not of expected type string"),
        ("listreceivedbyaddress", "[1,true,true,true,\"\",5]", NoBool),
        ("listreceivedbyaddress", "[1.5]", NoInteger),
        ("getbalance", "[]", "1498.99999325"),
        ("getbalance", "[\"*\",1]", "1000.00000000"),
        ("getbalance", "[null,103]", "1000.00000000"),
        ("getbalance", "[\"*\",-1]", "1498.99999325"),
        ("getbalance", "[\"*\",2147483647]", "0.00000000"),
        ("getbalance", "[\"*\",2147483648]", NoInteger),
        ("getbalance", "[\"x\"]", "-32 dummy first argument must be excluded or set to \"*\"."),
        ("getbalance", "[5]", "-3 JSON value of type number is not of expected type string"),
        ("getbalance", "[\"*\",0,true,true,true]", "-4 wallet does not have the \"avoid reuse\" feature enabled"),
        ("getbalance", "{\"avoid_reuse\":false,\"dummy\":\"*\"}", "1498.99999325"),
        ("getunconfirmedbalance", "[]", "0.00000000"),
        ("listtransactions", "[\"*\",0]", "[]"),
        ("listtransactions", "[\"*\",5,2147483647]", "[]"),
        ("listtransactions", "[\"nobody\"]", "[]"),
        ("listtransactions", "[\"*\",-1,-1]", "-8 Negative count"),
        ("listtransactions", "[\"*\",1,-1]", "-8 Negative from"),
        ("listtransactions", "[\"\"]", "-8 Label argument must be a valid label name or \"*\"."),
        ("listtransactions", "[\"*\",1.0]", NoInteger),
        ("listtransactions", "[\"*\",5,5,1]", NoBool),
        ("listtransactions", "{\"label\":\"shop\",\"dummy\":\"shop\"}", "-8 Unknown named parameter dummy"),
        ("listtransactions", "{\"x\":1}", "-8 Unknown named parameter x"),
        ("listtransactions", "{\"args\":[\"*\",1],\"count\":1}", "-8 Parameter count specified twice both as positional and named argument"),
        ("listsinceblock", "[\"0000000000000000000000000000000000000000000000000000000000000000\"]", "-5 Block not found"),
        ("listsinceblock", "[\"x\"]", "-8 blockhash must be of length 64 (not 1, for 'x')"),
        ("listsinceblock", "[null,0]", "-8 Invalid parameter"),
        ("listsinceblock", "[\"0000000000000000000000000000000000000000000000000000000000000000\",0]", "-5 Block not found"),
        ("listsinceblock", "[null,1,null,1]", NoBool),
        ("gettransaction", "[\"0000000000000000000000000000000000000000000000000000000000000000\"]", "-5 Invalid or non-wallet transaction id"),
        ("gettransaction", "[\"0000000000000000000000000000000000000000000000000000000000000000\",null,1]", NoBool),
        ("gettransaction", "[1]", "-3 JSON value of type number is not of expected type string"),
        ("abandontransaction", "[\"0000000000000000000000000000000000000000000000000000000000000000\"]", "-5 Invalid or non-wallet transaction id"),
        ("abandontransaction", "{\"tx\":\"00\"}", "-8 Unknown named parameter tx"),
    ];

    private AttachedWallets _attached = null!;

    private WalletFixture Wallets => _attached.Wallets;

    public async ValueTask InitializeAsync()
    {
        _attached = await AttachedWallets.OpenAsync(keypoolSize: 10);
        await Wallets.CallAsync("", "createwallet", "\"alice\",false,true");
        await Wallets.CallAsync("alice", "upgradetohd", $"\"{Words}\",\"\",\"\",false");
        Assert.Equal(Shop, (await Wallets.CallAsync("alice", "getnewaddress", "\"shop\"")).GetString());
        Assert.Equal(Plain, (await Wallets.CallAsync("alice", "getnewaddress")).GetString());
        Assert.Equal(Other, (await Wallets.CallAsync("alice", "getnewaddress", "\"a b ä😀\"")).GetString());
        await MineAsync(Shop, 3);
        await MineAsync(Stranger, 101);
        await PayAsync(Plain, 10);
        await MineAsync(Stranger, 1);
        await PayAsync(Stranger, 1);
        await PayAsync(Other, 2);
    }

    public ValueTask DisposeAsync() => _attached.DisposeAsync();

    [Fact]
    public async Task Sums_and_refusals_are_those_of_dashd()
    {
        List<string> different = [];
        foreach (var (method, parameters, expected) in Facts)
        {
            var reply = await AskAsync(method, parameters);
            if (reply != expected) different.Add($"{method} {parameters}\n  dashd: {expected}\n  ours:  {reply}");
        }

        Assert.True(different.Count == 0, string.Join('\n', different));
    }

    [Fact]
    public async Task Pages_of_payments_count_lines_from_the_latest_one()
    {
        Assert.Equal(
            ["generate 500", "generate 500", "generate 500", "receive 10", "send -10", "send -1", "receive 2", "send -2"],
            await LinesAsync("\"*\",2147483647"));
        Assert.Equal(["receive 2", "send -2"], await LinesAsync("\"*\",2"));
        Assert.Equal(["send -1", "receive 2"], await LinesAsync("\"*\",2,1"));
        Assert.Equal(["generate 500"], await LinesAsync("\"*\",2,7"));
        Assert.Equal(["receive 2"], await LinesAsync("\"a b ä😀\""));
        Assert.Equal(["generate 500", "generate 500", "generate 500"], await LinesAsync("\"shop\""));

        // dashd adds both in 32 bits, and shows the latest only.
        Assert.Equal(7, (await LinesAsync("\"*\",2147483647,1")).Count);
    }

    [Fact]
    public async Task A_payment_has_its_members_in_the_order_of_dashd()
    {
        const string InBlock = "confirmations instantlock instantlock_internal chainlock blockhash blockheight blockindex blocktime txid walletconflicts time timereceived";
        const string Waiting = "confirmations instantlock instantlock_internal chainlock trusted txid walletconflicts time timereceived";
        var lines = (await Wallets.CallAsync("alice", "listtransactions")).EnumerateArray().Reverse().ToArray();
        Assert.Equal($"address category amount label vout fee {Waiting} abandoned", Members(lines[0]));
        Assert.Equal($"address category amount label vout abandoned {Waiting}", Members(lines[1]));
        Assert.Equal($"address category amount vout fee {Waiting} abandoned", Members(lines[2]));
        Assert.Equal($"address category amount label vout fee {InBlock} abandoned", Members(lines[3]));
        Assert.Equal($"address category amount label vout abandoned {InBlock}", Members(lines[4]));
        Assert.Equal($"address category amount label vout abandoned {InBlock.Replace("chainlock ", "chainlock generated ", StringComparison.Ordinal)}", Members(lines[5]));
        var tx = lines[0];
        var whole = await Wallets.CallAsync("alice", "gettransaction", $"{tx.GetProperty("txid").GetRawText()},null,true");
        Assert.Equal(
            $"amount fee {Waiting} details hex decoded lastprocessedblock",
            Members(whole));
        Assert.Equal("txid version type size locktime vin vout", Members(whole.GetProperty("decoded")));
        Assert.Equal("address category amount label vout fee abandoned", Members(whole.GetProperty("details")[0]));
        Assert.Equal("address category amount label vout abandoned", Members(whole.GetProperty("details")[1]));
        Assert.Equal("transactions removed lastblock", Members(await Wallets.CallAsync("alice", "listsinceblock")));
        Assert.Equal("transactions lastblock", Members(await Wallets.CallAsync("alice", "listsinceblock", "null,1,null,false")));
        Assert.Equal(
            "address amount confirmations label txids", Members((await Wallets.CallAsync("alice", "listreceivedbyaddress")).EnumerateArray().First()));
    }

    private static string Members(JsonElement value) => string.Join(' ', value.EnumerateObject().Select(static member => member.Name));

    private async Task<IReadOnlyList<string>> LinesAsync(string parameters) =>
        [.. (await Wallets.CallAsync("alice", "listtransactions", parameters)).EnumerateArray()
            .Select(static line => $"{line.GetProperty("category").GetString()} {(int)line.GetProperty("amount").GetDecimal()}")];

    private async Task<string> AskAsync(string method, string parameters)
    {
        using var reply = JsonDocument.Parse(
            await Wallets.AskAsync("/wallet/alice", $$"""{"method":"{{method}}","params":{{parameters}},"id":0}"""));
        return reply.RootElement.GetProperty("error") is { ValueKind: JsonValueKind.Object } error
            ? $"{error.GetProperty("code")} {error.GetProperty("message").GetString()}"
            : reply.RootElement.GetProperty("result").GetRawText();
    }

    private async Task MineAsync(string address, int count)
    {
        await _attached.Node.AskAsync($$"""{"method":"generatetoaddress","params":[{{count}},"{{address}}"],"id":0}""");
    }

    // A rate that does not depend on what the node estimates.
    private async Task PayAsync(string address, int amount) =>
        await Wallets.CallAsync("alice", "sendtoaddress", $"\"{address}\",{amount},\"\",\"\",false,false,false,null,\"unset\",null,1");
}
