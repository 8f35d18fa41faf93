using System.Text.Json;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>Transactions that get inputs and change, PSBTs, and signatures, over a chain that lives.</summary>
public sealed class FundingTests : IAsyncLifetime
{
    private AttachedWallets _attached = null!;

    private NodeFixture Node => _attached.Node;

    private WalletFixture Wallets => _attached.Wallets;

    public async ValueTask InitializeAsync()
    {
        _attached = await AttachedWallets.OpenAsync(keypoolSize: 10);
        await Wallets.CallAsync("", "createwallet", "\"alice\"");
        var address = (await Wallets.CallAsync("alice", "getnewaddress")).GetString();
        await Node.AskAsync($$"""{"method":"generatetoaddress","params":[101,"{{address}}"]}""");
    }

    public ValueTask DisposeAsync() => _attached.DisposeAsync();

    [Fact]
    public async Task A_psbt_is_made_signed_and_finished()
    {
        var to = await NewAddressAsync();
        var made = await Wallets.CallAsync("alice", "walletcreatefundedpsbt", $$"""[],[{"{{to}}":1}]""");
        Assert.True(made.GetProperty("changepos").GetInt32() >= 0);

        var filled = await Wallets.CallAsync("alice", "walletprocesspsbt", $"\"{made.GetProperty("psbt").GetString()}\",false");
        Assert.False(filled.GetProperty("complete").GetBoolean());
        var signed = await Wallets.CallAsync("alice", "walletprocesspsbt", $"\"{filled.GetProperty("psbt").GetString()}\"");
        Assert.True(signed.GetProperty("complete").GetBoolean());

        // Signed by all and put together by nobody: a wallet that has no descriptor looks at nothing and leaves that to others.
        var unfinished = (await Wallets.CallAsync("alice", "walletprocesspsbt", $"\"{made.GetProperty("psbt").GetString()}\",true,\"ALL\",true,false")).GetProperty("psbt").GetString();
        await Wallets.CallAsync("", "createwallet", "\"nothing\",true,true");
        var left = await Wallets.CallAsync("nothing", "walletprocesspsbt", $"\"{unfinished}\"");
        Assert.False(left.GetProperty("complete").GetBoolean());
        Assert.Equal(unfinished, left.GetProperty("psbt").GetString());
        Assert.True((await Wallets.CallAsync("alice", "walletprocesspsbt", $"\"{unfinished}\"")).GetProperty("complete").GetBoolean());
        Assert.Equal("-22 TX decode failed invalid base64", await Wallets.RefusedAsync("alice", "walletprocesspsbt", "\"$\""));
    }

    [Fact]
    public async Task Send_pays_or_hands_the_transaction_back()
    {
        var to = await NewAddressAsync();
        var kept = await Wallets.CallAsync("alice", "send", $$"""{"{{to}}":1},null,"unset",1,{"add_to_wallet":false}""");
        Assert.True(kept.GetProperty("complete").GetBoolean());
        Assert.Equal("[]", await MempoolAsync());

        var simulated = await Wallets.CallAsync("alice", "simulaterawtransaction", $"[\"{kept.GetProperty("hex").GetString()}\"]");
        Assert.True(simulated.GetProperty("balance_change").GetDecimal() is < 0 and > -0.001m);

        var sent = await Wallets.CallAsync("alice", "send", $$"""[{"{{to}}":1}],null,"unset",1""");
        Assert.Contains(sent.GetProperty("txid").GetString()!, await MempoolAsync(), StringComparison.Ordinal);
        Assert.False(sent.TryGetProperty("hex", out _));
    }

    /// <summary>Alice sees her payment alone; the node sees what Bob has built on it.</summary>
    [Fact]
    public async Task Nothing_is_built_on_a_payment_on_which_others_have_built_as_much_as_the_mempool_takes()
    {
        await Wallets.CallAsync("", "createwallet", "\"bob\"");
        var to = (await Wallets.CallAsync("bob", "getnewaddress")).GetString();
        await Wallets.CallAsync("alice", "sendtoaddress", $"\"{to}\",100");
        var change = Assert.Single((await Wallets.CallAsync("alice", "listunspent", "0")).EnumerateArray());
        for (var i = 0; i < 24; i++)
        {
            var coin = Assert.Single((await Wallets.CallAsync("bob", "listunspent", "0,9999,[],true")).EnumerateArray());
            await Wallets.CallAsync("bob", "send", $$"""
                {"{{to}}":{{coin.GetProperty("amount").GetRawText()}}},null,"unset",1,{"inputs":[{{Input(coin)}}],"subtract_fee_from_outputs":[0]}
                """);
        }

        using var waiting = JsonDocument.Parse(await MempoolAsync());
        Assert.Equal(25, waiting.RootElement.GetArrayLength());
        Assert.Equal("-6 Insufficient funds.", await Wallets.RefusedAsync("alice", "sendtoaddress", $"\"{to}\",1"));
        Assert.Equal(
            "-4 Transaction has too long of a mempool chain",
            await Wallets.RefusedAsync("alice", "send", $$"""{"{{to}}":1},null,"unset",1,{"inputs":[{{Input(change)}}]}"""));

        static string Input(JsonElement coin) =>
            $$"""{"txid":"{{coin.GetProperty("txid").GetString()}}","vout":{{coin.GetProperty("vout").GetInt32()}}}""";
    }

    [Fact]
    public async Task A_raw_transaction_gets_its_coins_set_aside_and_is_signed()
    {
        var to = await NewAddressAsync();
        using var raw = JsonDocument.Parse(await Node.AskAsync($$"""{"method":"createrawtransaction","params":[[],{"{{to}}":2}]}"""));
        var hex = raw.RootElement.GetProperty("result").GetString();

        var funded = await Wallets.CallAsync("alice", "fundrawtransaction", $$"""
            "{{hex}}",{"lockUnspents":true,"subtractFeeFromOutputs":[0]}
            """);

        Assert.Single((await Wallets.CallAsync("alice", "listlockunspent")).EnumerateArray());
        var signed = await Wallets.CallAsync("alice", "signrawtransactionwithwallet", $"\"{funded.GetProperty("hex").GetString()}\"");
        Assert.True(signed.GetProperty("complete").GetBoolean());
        Assert.Equal("-4 Insufficient funds.", await Wallets.RefusedAsync("alice", "fundrawtransaction", $"\"{hex}\""));
    }

    [Theory]
    [InlineData("""{"changePosition":3}""", "-8 changePosition out of bounds")]
    [InlineData("""{"changeAddress":"x"}""", "-5 Change address must be a valid Dash address")]
    [InlineData("""{"subtractFeeFromOutputs":[0,0]}""", "-8 Invalid parameter, duplicated position: 0")]
    [InlineData("""{"subtractFeeFromOutputs":[1]}""", "-8 Invalid parameter, position too large: 1")]
    [InlineData("""{"feeRate":1,"fee_rate":1}""", "-8 Cannot specify both fee_rate (duff/B) and feeRate (DASH/kB)")]
    [InlineData("""{"foo":1}""", "-3 Unexpected key foo")]
    [InlineData("""{"add_inputs":1}""", "-3 JSON value of type number for field add_inputs is not of expected type bool")]
    [InlineData("""{"solving_data":{"pubkeys":["zz"]}}""", "-5 'zz' is not hex")]
    [InlineData("""{"add_inputs":false}""", "-4 Insufficient funds.")]
    public async Task Options_that_do_not_fit_are_named(string options, string error)
    {
        using var raw = JsonDocument.Parse(await Node.AskAsync(
            $$"""{"method":"createrawtransaction","params":[[],{"{{await NewAddressAsync()}}":2}]}"""));
        var hex = raw.RootElement.GetProperty("result").GetString();
        if (options.Contains("\"add_inputs\":false", StringComparison.Ordinal))
        {
            // Nothing was chosen, so everything may be.
            await Wallets.CallAsync("alice", "fundrawtransaction", $"\"{hex}\",{options}");
            return;
        }

        Assert.Equal(error, await Wallets.RefusedAsync("alice", "fundrawtransaction", $"\"{hex}\",{options}"));
    }

    [Fact]
    public async Task A_wiped_wallet_gets_its_blocks_back_by_a_rescan()
    {
        var before = (await Wallets.CallAsync("alice", "getbalances")).GetRawText();
        await Wallets.CallAsync("alice", "wipewallettxes");
        Assert.Equal("0.00000000", (await Wallets.CallAsync("alice", "getbalance")).GetRawText());
        await Wallets.CallAsync("alice", "rescanblockchain");
        Assert.Equal(before, (await Wallets.CallAsync("alice", "getbalances")).GetRawText());
    }

    [Fact]
    public async Task A_blank_wallet_gets_keys_from_words()
    {
        await Wallets.CallAsync("", "createwallet", "\"blank\",null,true");
        const string words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
        Assert.StartsWith("-1 ", await Wallets.RefusedAsync("blank", "upgradetohd", "\"no words\""), StringComparison.Ordinal);
        await Wallets.CallAsync("blank", "upgradetohd", $"\"{words}\"");
        var described = await Wallets.CallAsync("blank", "listdescriptors", "true");
        Assert.All(described.GetProperty("descriptors").EnumerateArray(), line => Assert.Equal(words, line.GetProperty("mnemonic").GetString()));
        Assert.Equal(
            "-4 Cannot upgrade a wallet to HD if it is already upgraded to HD", await Wallets.RefusedAsync("blank", "upgradetohd"));
        Assert.Equal("-4 Only legacy wallets are supported by this command", await Wallets.RefusedAsync("blank", "newkeypool"));
    }

    private async Task<string> NewAddressAsync() => (await Wallets.CallAsync("alice", "getnewaddress")).GetString()!;

    private async Task<string> MempoolAsync()
    {
        using var reply = JsonDocument.Parse(await Node.AskAsync("""{"method":"getrawmempool","params":[]}"""));
        return reply.RootElement.GetProperty("result").GetRawText();
    }
}
