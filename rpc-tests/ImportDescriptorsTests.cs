using System.Text.Json;
using Dash.Primitives.Descriptors;
using Dash.RpcTests.Support;

namespace Dash.RpcTests;

/// <summary>Descriptors taken into wallets over a chain that lives.</summary>
public sealed class ImportDescriptorsTests : IAsyncLifetime
{
    // A private key of a test network, and what its public key is paid at.
    private const string Key = "cVpF924EspNh8KjYsfhgY96mmxvT6DgdWiTYMtMjuM74hJaU5psW";

    private AttachedWallets _attached = null!;

    private NodeFixture Node => _attached.Node;

    private WalletFixture Wallets => _attached.Wallets;

    public async ValueTask InitializeAsync() =>
        _attached = await AttachedWallets.OpenAsync(keypoolSize: 5);

    public ValueTask DisposeAsync() => _attached.DisposeAsync();

    [Fact]
    public async Task A_key_brings_what_it_was_paid_before()
    {
        await CreateAsync("source");
        await CreateAsync("taker", "null,true");
        var address = (await Wallets.CallAsync("source", "getnewaddress")).GetString()!;
        await MineAsync(address, 101);

        // The private form of the receiving chain, from the first index to the tenth.
        var listed = await Wallets.CallAsync("source", "listdescriptors", "true");
        var receiving = listed.GetProperty("descriptors").EnumerateArray()
            .Single(line => line.GetProperty("active").GetBoolean() && !line.GetProperty("internal").GetBoolean());
        var text = receiving.GetProperty("desc").GetString()!;
        var result = await ImportAsync("taker", $$"""{"desc":"{{text}}","timestamp":0,"range":[0,9],"active":true}""");

        Assert.True(result.GetProperty("success").GetBoolean());
        Assert.False(result.TryGetProperty("warnings", out _));
        Assert.Equal("500.00000000", (await Wallets.CallAsync("taker", "getbalance")).GetRawText());
        Assert.Equal(1, (await Wallets.CallAsync("taker", "listdescriptors")).GetProperty("descriptors")[0].GetProperty("next_index").GetInt32());
        Assert.NotEqual(address, (await Wallets.CallAsync("taker", "getnewaddress")).GetString());
        Assert.True((await Wallets.CallAsync("taker", "getaddressinfo", $"\"{address}\"")).GetProperty("ismine").GetBoolean());
    }

    [Fact]
    public async Task That_a_descriptor_cannot_be_active_is_said_of_one_that_was_taken_in_only()
    {
        await CreateAsync("source");
        await CreateAsync("taker", "null,true");
        var listed = await Wallets.CallAsync("source", "listdescriptors", "true");
        var text = listed.GetProperty("descriptors")[0].GetProperty("desc").GetString()!;
        var descriptor = WithChecksum(text[..text.IndexOf('#', StringComparison.Ordinal)].Replace("pkh(", "multi(1,", StringComparison.Ordinal));

        var taken = await ImportAsync("taker", $$"""{"desc":"{{descriptor}}","timestamp":"now","range":[0,9],"active":true}""");
        var refused = await ImportAsync("taker", $$"""{"desc":"{{descriptor}}","timestamp":"now","range":[0,4],"active":true}""");

        Assert.True(taken.GetProperty("success").GetBoolean());
        Assert.Equal("Unknown output type, cannot set descriptor to active.", Assert.Single(taken.GetProperty("warnings").EnumerateArray()).GetString());
        Assert.Equal("new range must include current range = [0,9]", refused.GetProperty("error").GetProperty("message").GetString());
        Assert.False(refused.TryGetProperty("warnings", out _));
    }

    [Fact]
    public async Task A_key_of_all_forms_is_found_in_each_of_them()
    {
        await CreateAsync("taker");
        var descriptor = WithChecksum($"combo({Key})");
        var result = await ImportAsync("taker", $$"""{"desc":"{{descriptor}}","timestamp":"now","label":"coinbase"}""");
        Assert.True(result.GetProperty("success").GetBoolean());

        var described = await Wallets.CallAsync("taker", "listdescriptors", "true");
        Assert.Contains(described.GetProperty("descriptors").EnumerateArray(), line => line.GetProperty("desc").GetString() == descriptor);
        var labelled = await Wallets.CallAsync("taker", "getaddressesbylabel", "\"coinbase\"");
        var address = Assert.Single(labelled.EnumerateObject()).Name;
        await MineAsync(address, 1);
        Assert.Equal("500.00000000", (await Wallets.CallAsync("taker", "getbalances")).GetProperty("mine").GetProperty("immature").GetRawText());

        // The form that is labelled is the hash of a script: it is described, and its coins can be spent.
        var info = await Wallets.CallAsync("taker", "getaddressinfo", $"\"{address}\"");
        Assert.StartsWith("sh(pkh([", info.GetProperty("desc").GetString(), StringComparison.Ordinal);
        Assert.Equal("pubkeyhash", info.GetProperty("script").GetString());
        Assert.Equal(info.GetProperty("pubkey").GetString(), info.GetProperty("embedded").GetProperty("pubkey").GetString());
        await MineAsync("yVg3NBUHNEhgDceqwVUjsZHreC5PBHnUo9", 100);
        var coin = Assert.Single((await Wallets.CallAsync("taker", "listunspent")).EnumerateArray());
        Assert.Equal(info.GetProperty("hex").GetString(), coin.GetProperty("redeemScript").GetString());
        await Wallets.CallAsync("taker", "sendtoaddress", "\"yVg3NBUHNEhgDceqwVUjsZHreC5PBHnUo9\",499");
        await MineAsync("yVg3NBUHNEhgDceqwVUjsZHreC5PBHnUo9", 1);
        Assert.StartsWith("0.999", (await Wallets.CallAsync("taker", "getbalance")).GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_script_that_pays_a_bare_key_does_not_name_the_key()
    {
        await CreateAsync("taker", "true,true");
        const string publicKey = "03f028892bad7ed57d2fb57bf33081d5cfcf6f9ed3d3d7f159c2e2fff579dc341a";
        await ImportAsync("taker", $$"""{"desc":"{{WithChecksum($"sh(pk({publicKey}))")}}","timestamp":"now","label":"x"}""");
        var address = Assert.Single((await Wallets.CallAsync("taker", "getaddressesbylabel", "\"x\"")).EnumerateObject()).Name;

        var info = await Wallets.CallAsync("taker", "getaddressinfo", $"\"{address}\"");
        Assert.Equal("pubkey", info.GetProperty("script").GetString());
        Assert.False(info.TryGetProperty("pubkey", out _));
        Assert.False(info.GetProperty("embedded").TryGetProperty("pubkey", out _));
    }

    /// <summary>The wallet knows the script; what is said of it beside is for who gives keys (<c>signrawtransactionwithkey</c>).</summary>
    [Theory]
    [InlineData("")]
    [InlineData(",\"redeemScript\":\"51\"")]
    [InlineData(",\"redeemScript\":\"zz\"")]
    [InlineData(",\"redeemScript\":7")]
    public async Task A_script_of_the_wallets_is_signed_for_offline_whatever_is_said_of_it(string redeemScript)
    {
        await CreateAsync("taker");
        var descriptor = WithChecksum($"sh(multi(1,{Key},03f028892bad7ed57d2fb57bf33081d5cfcf6f9ed3d3d7f159c2e2fff579dc341a))");
        await ImportAsync("taker", $$"""{"desc":"{{descriptor}}","timestamp":"now","label":"x"}""");
        var address = Assert.Single((await Wallets.CallAsync("taker", "getaddressesbylabel", "\"x\"")).EnumerateObject()).Name;
        var script = (await Wallets.CallAsync("taker", "getaddressinfo", $"\"{address}\"")).GetProperty("scriptPubKey").GetString();
        var txid = new string('2', 64);
        var hex = $"0200000001{txid}0000000000ffffffff01c0878b3b000000001976a914669e43b7897fce01f372369a37e0782b5d6f40e888ac00000000";

        var signed = await Wallets.CallAsync(
            "taker", "signrawtransactionwithwallet",
            $$"""
            "{{hex}}",[{"txid":"{{txid}}","vout":0,"scriptPubKey":"{{script}}","amount":10{{redeemScript}}}]
            """);

        Assert.True(signed.GetProperty("complete").GetBoolean(), signed.GetRawText());
    }

    [Fact]
    public async Task Labels_come_in_the_order_of_their_bytes()
    {
        await CreateAsync("taker");
        string[] sorted = ["", "Z", "a", "\u00e4", "\ud7ff", "\ue000", "\uff21", "\U0001f600", "\U0001f600a"];
        foreach (var label in sorted.Reverse())
        {
            await Wallets.CallAsync("taker", "getnewaddress", JsonSerializer.Serialize(label));
        }

        Assert.Equal(sorted, (await Wallets.CallAsync("taker", "listlabels")).EnumerateArray().Select(static label => label.GetString()));
        Assert.Equal(
            sorted,
            (await Wallets.CallAsync("taker", "listreceivedbylabel", "0,false,true")).EnumerateArray().Select(static line => line.GetProperty("label").GetString()));
    }

    [Fact]
    public async Task What_is_wrong_is_said_in_the_order_in_which_it_is_looked_for()
    {
        Assert.StartsWith("-3 ", await Wallets.RefusedAsync("none", "importmulti", "[],7"), StringComparison.Ordinal);
        Assert.StartsWith("-18 ", await Wallets.RefusedAsync("none", "importmulti", "[]"), StringComparison.Ordinal);
        Assert.StartsWith("-18 ", await Wallets.RefusedAsync("none", "signrawtransactionwithwallet", "null"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_wallet_without_descriptors_signs_nothing_and_finds_nothing_wrong()
    {
        await CreateAsync("empty", "true,true");
        const string hex = "02000000000100e1f505000000001976a914669e43b7897fce01f372369a37e0782b5d6f40e888ac00000000";
        Assert.Equal($$"""{"hex":"{{hex}}","complete":false}""", (await Wallets.CallAsync("empty", "signrawtransactionwithwallet", $"\"{hex}\"")).GetRawText());
    }

    [Fact]
    public async Task An_encrypted_wallet_keeps_an_imported_key_over_a_restart()
    {
        await CreateAsync("taker", "null,null,\"secret\"");
        var descriptor = WithChecksum($"pkh({Key})");
        Assert.StartsWith("-13 ", await Wallets.RefusedAsync("taker", "importdescriptors", $$"""[{"desc":"{{descriptor}}","timestamp":"now"}]"""), StringComparison.Ordinal);
        await Wallets.CallAsync("taker", "walletpassphrase", "\"secret\",100");
        await ImportAsync("taker", $$"""{"desc":"{{descriptor}}","timestamp":"now"}""");

        await Wallets.CallAsync("taker", "unloadwallet");
        await Wallets.CallAsync("taker", "loadwallet", "\"taker\"");

        Assert.StartsWith("-13 ", await Wallets.RefusedAsync("taker", "listdescriptors", "true"), StringComparison.Ordinal);
        await Wallets.CallAsync("taker", "walletpassphrase", "\"secret\",100");
        var described = await Wallets.CallAsync("taker", "listdescriptors", "true");
        Assert.Contains(described.GetProperty("descriptors").EnumerateArray(), line => line.GetProperty("desc").GetString() == descriptor);
    }

    [Theory]
    [InlineData("""{"timestamp":"now"}""", "-8 Descriptor not found.")]
    [InlineData("""{"desc":"pkh(KEY)","timestamp":"now"}""", "-5 Missing checksum")]
    [InlineData("""{"desc":"PKH","range":1,"timestamp":"now"}""", "-8 Range should not be specified for an un-ranged descriptor")]
    [InlineData("""{"desc":"PKH","active":true,"timestamp":"now"}""", "-8 Active descriptors must be ranged")]
    [InlineData("""{"desc":"PKH","internal":true,"label":"x","timestamp":"now"}""", "-8 Internal addresses should not have a label")]
    [InlineData("""{"desc":"RANGED","range":[0,5],"label":"x","timestamp":"now"}""", "-8 Ranged descriptors should not have a label")]
    [InlineData("""{"desc":"RANGED","range":[0,5],"next_index":6,"timestamp":"now"}""", "-8 next_index is out of range")]
    [InlineData("""{"desc":"RANGED","range":[-1,5],"timestamp":"now"}""", "-8 Range should be greater or equal than 0")]
    [InlineData("""{"desc":"RANGED","range":null,"timestamp":"now"}""", "-8 Range must be specified as end or as [begin,end]")]
    [InlineData("""{"desc":"PUBLIC","timestamp":"now"}""", "-4 Cannot import descriptor without private keys to a wallet with private keys enabled")]
    public async Task What_cannot_be_taken_in_says_why_and_leaves_the_wallet_as_it_was(string request, string error)
    {
        await CreateAsync("taker");
        var before = (await Wallets.CallAsync("taker", "listdescriptors")).GetRawText();
        var result = await ImportAsync("taker", Fill(request));

        Assert.False(result.GetProperty("success").GetBoolean());
        var refusal = result.GetProperty("error");
        Assert.Equal(error, $"{refusal.GetProperty("code")} {refusal.GetProperty("message").GetString()}");
        Assert.Equal(before, (await Wallets.CallAsync("taker", "listdescriptors")).GetRawText());
    }

    [Theory]
    [InlineData("""{"desc":"PKH"}""", "-3 Missing required timestamp field for key")]
    [InlineData("""{"desc":"PKH","timestamp":"then"}""", "-3 Expected number or \"now\" timestamp value for key. got type string")]
    [InlineData("""{"desc":7,"timestamp":"now"}""", "-3 JSON value of type number is not of expected type string")]
    public async Task What_cannot_be_read_fails_the_whole_call(string request, string error)
    {
        await CreateAsync("taker");
        Assert.Equal(error, await Wallets.RefusedAsync("taker", "importdescriptors", $"[{Fill(request)}]"));
    }

    private static string Fill(string request) => request
        .Replace("PKH", WithChecksum($"pkh({Key})"), StringComparison.Ordinal)
        .Replace("KEY", Key, StringComparison.Ordinal)
        .Replace("PUBLIC", WithChecksum("pkh(02a1633cafcc01ebfb6d78e39f687a1f0995c62fc95f51ead10a02ee0be551b5dc)"), StringComparison.Ordinal)
        .Replace(
            "RANGED",
            WithChecksum("pkh(tprv8ZgxMBicQKsPd7Uf69XL1XwhmjHopUGep8GuEiJDZmbQz6o58LninorQAfcKZWARbtRtfnLcJ5MQ2AtHcQJCCRUcMRvmDUjyEmNUWwx8UbK/0/*)"),
            StringComparison.Ordinal);

    private static string WithChecksum(string descriptor) => DescriptorChecksum.Add(descriptor);

    private async Task<JsonElement> ImportAsync(string wallet, string request) =>
        Assert.Single((await Wallets.CallAsync(wallet, "importdescriptors", $"[{request}]")).EnumerateArray());

    private Task<JsonElement> CreateAsync(string wallet, string more = "null") =>
        Wallets.CallAsync("", "createwallet", $"\"{wallet}\",{more}");

    private Task<string> MineAsync(string address, int blocks) =>
        Node.AskAsync($$"""{"method":"generatetoaddress","params":[{{blocks}},"{{address}}"]}""");
}
