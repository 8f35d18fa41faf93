using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.RpcTests.Support;
using Dash.WalletServer.Rpc;

namespace Dash.RpcTests;

/// <summary>What wallet methods answer on a chain that lives: node and wallets in process, every result held to its declaration.</summary>
public sealed class WalletMethodsTests : IAsyncLifetime
{
    private AttachedWallets _attached = null!;

    /// <summary>Dash Core's first line of help of each method: names, order, which are texts, which may be left out.</summary>
    private const string Signatures =
        """
        abandontransaction "txid"
        abortrescan
        addmultisigaddress nrequired ["key",...] ( "label" )
        dumphdinfo
        dumpprivkey "address"
        dumpwallet "filename"
        importaddress "address" ( "label" rescan p2sh )
        importelectrumwallet "filename" ( index )
        importmulti "requests" ( "options" )
        importprivkey "privkey" ( "label" rescan )
        importprunedfunds "rawtransaction" "txoutproof"
        importpubkey "pubkey" ( "label" rescan )
        importwallet "filename"
        newkeypool
        removeprunedfunds "txid"
        setcoinjoinamount amount
        setcoinjoinrounds rounds
        sethdseed ( newkeypool "seed" )
        simulaterawtransaction ( ["rawtx",...] {"include_watchonly":bool,...} )
        upgradetohd ( "mnemonic" "mnemonicpassphrase" "walletpassphrase" rescan )
        upgradewallet ( version )
        wipewallettxes ( keep_confirmed )
        backupwallet "destination"
        createwallet "wallet_name" ( disable_private_keys blank "passphrase" avoid_reuse descriptors load_on_startup external_signer )
        encryptwallet "passphrase"
        fundrawtransaction "hexstring" ( options )
        getaddressesbylabel "label"
        getaddressinfo "address"
        getbalance ( "dummy" minconf addlocked include_watchonly avoid_reuse )
        getbalances
        getnewaddress ( "label" )
        getrawchangeaddress
        getreceivedbyaddress "address" ( minconf addlocked include_immature_coinbase )
        getreceivedbylabel "label" ( minconf addlocked include_immature_coinbase )
        gettransaction "txid" ( include_watchonly verbose )
        getunconfirmedbalance
        getwalletinfo
        importdescriptors "requests"
        keypoolrefill ( newsize )
        listaddressbalances ( minamount )
        listaddressgroupings
        listdescriptors ( private )
        listlabels ( "purpose" )
        listlockunspent
        listreceivedbyaddress ( minconf addlocked include_empty include_watchonly "address_filter" include_immature_coinbase )
        listreceivedbylabel ( minconf addlocked include_empty include_watchonly include_immature_coinbase )
        listsinceblock ( "blockhash" target_confirmations include_watchonly include_removed )
        listtransactions ( "label" count skip include_watchonly )
        listunspent ( minconf maxconf ["address",...] include_unsafe query_options )
        listwalletdir
        listwallets
        loadwallet "filename" ( load_on_startup )
        lockunspent unlock ( [{"txid":"hex","vout":n},...] persistent )
        rescanblockchain ( start_height stop_height )
        restorewallet "wallet_name" "backup_file" ( load_on_startup )
        send [{"address":amount,...},{"data":"hex"},...] ( conf_target "estimate_mode" fee_rate options )
        sendmany "" {"address":amount,...} ( minconf addlocked "comment" ["address",...] use_is use_cj conf_target "estimate_mode" fee_rate verbose )
        sendtoaddress "address" amount ( "comment" "comment_to" subtractfeefromamount use_is use_cj conf_target "estimate_mode" avoid_reuse fee_rate verbose )
        setlabel "address" "label"
        settxfee amount
        setwalletflag "flag" ( value )
        signmessage "address" "message"
        signrawtransactionwithwallet "hexstring" ( [{"txid":"hex","vout":n,"scriptPubKey":"hex","redeemScript":"hex","amount":amount},...] "sighashtype" )
        unloadwallet ( "wallet_name" load_on_startup )
        walletcreatefundedpsbt ( [{"txid":"hex","vout":n,"sequence":n,"size":n},...] ) [{"address":amount,...},{"data":"hex"},...] ( locktime options bip32derivs )
        walletlock
        walletpassphrase "passphrase" timeout ( mixingonly )
        walletpassphrasechange "oldpassphrase" "newpassphrase"
        walletprocesspsbt "psbt" ( sign "sighashtype" bip32derivs finalize )
        """;

    // What Dash Core does not have.
    private static readonly string[] OwnMethods = ["acceptchain", "waitforwalletevent", "startwalletjob", "listwalletjobs", "abortwalletjob", "listhistory", "consolidatecoins", "listquarantine"];

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private NodeFixture Node => _attached.Node;

    private WalletFixture Wallets => _attached.Wallets;

    public async ValueTask InitializeAsync() =>
        _attached = await AttachedWallets.OpenAsync(keypoolSize: 20);

    public ValueTask DisposeAsync() => _attached.DisposeAsync();

    [Fact]
    public void Methods_take_what_those_of_dash_core_take()
    {
        var ours = WalletMethods.All.Where(method => !OwnMethods.Contains(method.Name)).Select(HelpText.Signature).Order(StringComparer.Ordinal);
        Assert.Equal(Signatures.Split('\n', StringSplitOptions.TrimEntries).Order(StringComparer.Ordinal), ours);
    }

    [Fact]
    public void Every_method_has_its_help()
    {
        Assert.All(WalletMethods.All, method =>
        {
            var help = HelpText.Render(method);
            Assert.StartsWith(HelpText.Signature(method) + "\n\n", help, StringComparison.Ordinal);
            Assert.Contains("\nResult", help, StringComparison.Ordinal);
            Assert.All(method.Args, arg => Assert.NotEmpty(arg.Description));
        });
    }

    [Fact]
    public void An_example_of_a_request_is_one_that_the_method_takes()
    {
        foreach (var method in WalletMethods.All)
        {
            var requests = HelpText.Render(method).Split('\n').Where(line => line.StartsWith("> curl", StringComparison.Ordinal));
            foreach (var request in requests.Select(line => line.Split('\'')[1]))
            {
                using var parsed = JsonDocument.Parse(request);
                Assert.True(method.Takes(parsed.RootElement.GetProperty("params").GetArrayLength()), request);
            }
        }
    }

    [Fact]
    public async Task What_is_mined_to_a_wallet_is_in_the_next_answer()
    {
        await CreateAsync("alice");
        var hashes = await MineAsync(await NewAddressAsync("alice", "mining"), 101);

        var balances = (await Wallets.CallAsync("alice", "getbalances"));
        var mine = balances.GetProperty("mine");
        Assert.Equal("500.00000000", mine.GetProperty("trusted").GetRawText());
        Assert.Equal("50000.00000000", mine.GetProperty("immature").GetRawText());
        Assert.Equal($$"""{"hash":"{{hashes[^1]}}","height":101}""", balances.GetProperty("lastprocessedblock").GetRawText());
        var lines = (await Wallets.CallAsync("alice", "listtransactions", "\"mining\",200")).EnumerateArray().ToList();
        Assert.Equal(101, lines.Count);
        Assert.Equal("generate", lines[0].GetProperty("category").GetString());
        Assert.All(lines.Skip(1), line => Assert.Equal("immature", line.GetProperty("category").GetString()));
        Assert.Equal("0.00000000", (await Wallets.CallAsync("alice", "gettransaction", $"\"{Txid(lines[1])}\"")).GetProperty("amount").GetRawText());
    }

    [Fact]
    public async Task A_payment_is_told_by_each_side_in_its_own_words()
    {
        await FundAsync("alice");
        await CreateAsync("bob");
        var shop = await NewAddressAsync("bob", "shop");

        var sent = await Wallets.CallAsync("alice", "sendtoaddress", $"\"{shop}\",1.5,\"coffee\",\"the shop\",false,false,false,null,\"unset\",null,null,true");

        Assert.Equal("Fallback fee", sent.GetProperty("fee_reason").GetString());
        var txid = Txid(sent);
        Assert.Contains(txid, await Node.AskAsync("""{"method":"getrawmempool","params":[]}"""), StringComparison.Ordinal);

        var paid = await Wallets.CallAsync("alice", "gettransaction", $"\"{txid}\",null,true");
        Assert.Equal("-1.50000000", paid.GetProperty("amount").GetRawText());
        Assert.Equal(("coffee", "the shop"), (paid.GetProperty("comment").GetString(), paid.GetProperty("to").GetString()));
        Assert.True(paid.GetProperty("trusted").GetBoolean());
        Assert.Equal(txid, Txid(paid.GetProperty("decoded")));
        Assert.Equal(["send"], paid.GetProperty("details").EnumerateArray().Select(Category));

        var received = await Wallets.CallAsync("bob", "gettransaction", $"\"{txid}\"");
        Assert.Equal("1.50000000", received.GetProperty("amount").GetRawText());
        Assert.False(received.GetProperty("trusted").GetBoolean());
        Assert.False(received.TryGetProperty("fee", out _));
        Assert.Equal("1.50000000", (await Wallets.CallAsync("bob", "getunconfirmedbalance")).GetRawText());
        Assert.Equal("1.50000000", (await Wallets.CallAsync("bob", "getreceivedbylabel", "\"shop\",0")).GetRawText());

        await MineAsync(shop, 1);
        Assert.Equal("1.50000000", (await Wallets.CallAsync("bob", "getbalance")).GetRawText());
        Assert.Equal(1, (await Wallets.CallAsync("bob", "gettransaction", $"\"{txid}\"")).GetProperty("confirmations").GetInt32());
    }

    [Fact]
    public async Task Change_in_the_mempool_says_what_it_hangs_on()
    {
        await FundAsync("alice");
        await CreateAsync("bob");
        var address = await NewAddressAsync("bob");
        var first = await Wallets.CallAsync("alice", "gettransaction", (await Wallets.CallAsync("alice", "sendtoaddress", $"\"{address}\",1")).GetRawText());

        var change = (await Wallets.CallAsync("alice", "listunspent", "0,0")).EnumerateArray().Single();
        var gift = (await Wallets.CallAsync("bob", "listunspent", "0")).EnumerateArray().Single();

        Assert.Equal(Txid(first), Txid(change));
        Assert.Equal(1, change.GetProperty("ancestorcount").GetInt32());
        Assert.Equal(first.GetProperty("hex").GetString()!.Length / 2, change.GetProperty("ancestorsize").GetInt32());
        Assert.Equal(-first.GetProperty("fee").GetDecimal(), change.GetProperty("ancestorfees").GetInt64() / 100_000_000m);
        Assert.True(change.GetProperty("safe").GetBoolean());
        Assert.False(gift.GetProperty("safe").GetBoolean());
        Assert.Equal(1, gift.GetProperty("ancestorcount").GetInt32());
        Assert.Equal(change.GetProperty("ancestorfees").GetInt64(), gift.GetProperty("ancestorfees").GetInt64());
        Assert.Empty((await Wallets.CallAsync("bob", "listunspent", "0,99,[],false")).EnumerateArray());
    }

    // 102 --- 103 (stale)
    //    \
    //     ---- 103' --- 104'
    [Fact]
    public async Task Since_a_block_that_left_the_chain_means_since_the_fork_and_tells_what_left()
    {
        await FundAsync("alice");
        await CreateAsync("bob");
        var address = await NewAddressAsync("bob");
        var fork = await MineAsync(await NewAddressAsync("alice"), 1);
        var txid = (await Wallets.CallAsync("alice", "sendtoaddress", $"\"{address}\",2")).GetString()!;
        var stale = (await MineAsync(await NewAddressAsync("alice"), 1))[0];
        Assert.Empty((await Wallets.CallAsync("bob", "listsinceblock", $"\"{stale}\"")).GetProperty("transactions").EnumerateArray());

        await Node.AskAsync($$"""{"method":"invalidateblock","params":["{{stale}}"]}""");
        var waiting = await Wallets.CallAsync("bob", "listsinceblock", $"\"{stale}\"");
        Assert.Equal([txid], waiting.GetProperty("transactions").EnumerateArray().Select(Txid));
        Assert.Equal([txid], waiting.GetProperty("removed").EnumerateArray().Select(Txid));
        Assert.Equal(0, waiting.GetProperty("transactions")[0].GetProperty("confirmations").GetInt32());
        Assert.Equal(fork[0], waiting.GetProperty("lastblock").GetString());

        var again = await MineAsync(address, 2);
        var since = await Wallets.CallAsync("bob", "listsinceblock", $"\"{stale}\",1,null,false");
        Assert.Equal([txid], since.GetProperty("transactions").EnumerateArray().Select(Txid).Where(id => id == txid));
        Assert.False(since.TryGetProperty("removed", out _));
        Assert.Equal(again[1], since.GetProperty("lastblock").GetString());
    }

    [Fact]
    public async Task A_block_deep_in_the_chain_is_named_with_a_node_and_an_older_one_without()
    {
        await FundAsync("alice");
        var hashes = await MineAsync(await NewAddressAsync("alice"), 150);

        var named = (await Wallets.CallAsync("alice", "listsinceblock", $"\"{hashes[149]}\",80")).GetProperty("lastblock").GetString();
        await Wallets.DetachAsync();
        var older = (await Wallets.CallAsync("alice", "listsinceblock", $"\"{hashes[149]}\",80")).GetProperty("lastblock").GetString();

        Assert.Equal(hashes[149 - 79], named);
        Assert.InRange(Array.IndexOf(hashes, older), 0, 149 - 79);
    }

    [Fact]
    public async Task Without_a_node_reads_answer_and_payments_are_refused()
    {
        await FundAsync("alice");
        var address = await NewAddressAsync("alice");
        var before = (await Wallets.CallAsync("alice", "getbalances")).GetRawText();

        await Wallets.DetachAsync();

        Assert.Equal(before, (await Wallets.CallAsync("alice", "getbalances")).GetRawText());
        Assert.NotEmpty((await Wallets.CallAsync("alice", "listtransactions")).EnumerateArray());
        Assert.StartsWith("-9 Not connected to a node", await Wallets.RefusedAsync("alice", "sendtoaddress", $"\"{address}\",1"), StringComparison.Ordinal);
        Assert.StartsWith("-9 ", await Wallets.RefusedAsync("alice", "rescanblockchain"), StringComparison.Ordinal);
        await NewAddressAsync("alice");
    }

    [Fact]
    public async Task A_new_wallet_without_a_node_stands_at_the_first_block()
    {
        await Wallets.DetachAsync();
        await CreateAsync("alice");

        var info = await Wallets.CallAsync("alice", "getwalletinfo");

        Assert.Equal(0, info.GetProperty("lastprocessedblock").GetProperty("height").GetInt32());
        Assert.Equal("000008ca1832a4baf228eb1553c03d3a2c8e02399550dd6ea8d65cec3ef23d2e", info.GetProperty("lastprocessedblock").GetProperty("hash").GetString());
        Assert.Equal("0.00000000", info.GetProperty("balance").GetRawText());
    }

    [Fact]
    public async Task Money_of_addresses_spent_from_is_told_apart_where_the_wallet_keeps_track()
    {
        await FundAsync("alice");
        await Wallets.CallAsync("", "createwallet", "\"careful\",false,false,null,true");
        var used = await NewAddressAsync("careful");
        await Wallets.CallAsync("alice", "sendtoaddress", $"\"{used}\",5");
        await MineAsync(await NewAddressAsync("alice"), 1);
        await Wallets.CallAsync("careful", "sendtoaddress", $"\"{await NewAddressAsync("alice")}\",1");
        await Wallets.CallAsync("alice", "sendtoaddress", $"\"{used}\",3");
        await MineAsync(await NewAddressAsync("alice"), 1);

        var mine = (await Wallets.CallAsync("careful", "getbalances")).GetProperty("mine");

        Assert.Equal("3.00000000", mine.GetProperty("used").GetRawText());
        Assert.Equal(mine.GetProperty("trusted").GetRawText(), (await Wallets.CallAsync("careful", "getbalance")).GetRawText());
        Assert.Contains((await Wallets.CallAsync("careful", "listunspent")).EnumerateArray(), coin => coin.GetProperty("reused").GetBoolean());
        Assert.StartsWith("-8 Wallet flag is already set to true: avoid_reuse", await Wallets.RefusedAsync("careful", "setwalletflag", "\"avoid_reuse\""), StringComparison.Ordinal);
        Assert.Equal("-8 Wallet flag is immutable: descriptor_wallet", await Wallets.RefusedAsync("careful", "setwalletflag", "\"descriptor_wallet\""));
        Assert.Equal("-8 Unknown wallet flag: nonsense", await Wallets.RefusedAsync("careful", "setwalletflag", "\"nonsense\""));
        Assert.False((await Wallets.CallAsync("careful", "setwalletflag", "\"avoid_reuse\",false")).GetProperty("flag_state").GetBoolean());
        Assert.False((await Wallets.CallAsync("careful", "getwalletinfo")).GetProperty("avoid_reuse").GetBoolean());
        Assert.StartsWith("You need to rescan", (await Wallets.CallAsync("careful", "setwalletflag", "\"avoid_reuse\"")).GetProperty("warnings").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_backup_comes_back_with_keys_labels_and_history_and_goes_on_to_the_tip()
    {
        await FundAsync("alice");
        var shop = await NewAddressAsync("alice", "shop");
        var copy = Path.Combine(_attached.Directory, "copy.dat");
        await Wallets.CallAsync("alice", "backupwallet", Json(copy));
        await MineAsync(shop, 1);
        await Wallets.CallAsync("alice", "unloadwallet");

        await Wallets.CallAsync("", "restorewallet", $"\"back\",{Json(copy)}");

        Assert.Equal(1, (await Wallets.CallAsync("back", "listtransactions", "\"shop\"")).GetArrayLength());
        Assert.StartsWith("-36 Failed to create database path", await Wallets.RefusedAsync("", "restorewallet", $"\"back\",{Json(copy)}"), StringComparison.Ordinal);
        Assert.Equal("-8 Backup file does not exist", await Wallets.RefusedAsync("", "restorewallet", "\"other\",\"nowhere\""));
    }

    [Fact]
    public async Task An_encrypted_wallet_pays_while_it_is_unlocked_and_says_until_when()
    {
        await FundAsync("alice");
        await Wallets.CallAsync("", "createwallet", "\"safe\",false,false,\"secret\"");
        var address = await NewAddressAsync("safe");
        await Wallets.CallAsync("alice", "sendtoaddress", $"\"{address}\",5");
        await MineAsync(await NewAddressAsync("alice"), 1);
        Assert.Equal(0, (await Wallets.CallAsync("safe", "getwalletinfo")).GetProperty("unlocked_until").GetInt64());
        Assert.StartsWith("-13 ", await Wallets.RefusedAsync("safe", "sendtoaddress", $"\"{address}\",1"), StringComparison.Ordinal);

        await Wallets.CallAsync("safe", "walletpassphrase", "\"secret\",600");

        Assert.InRange((await Wallets.CallAsync("safe", "getwalletinfo")).GetProperty("unlocked_until").GetInt64(), AttachedWallets.Start + 500, AttachedWallets.Start + 600);
        await Wallets.CallAsync("safe", "sendtoaddress", $"\"{await NewAddressAsync("alice")}\",1");
        await Wallets.CallAsync("safe", "walletlock");
        Assert.StartsWith("-13 ", await Wallets.RefusedAsync("safe", "listdescriptors", "true"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Fees_come_out_of_what_the_named_recipients_get()
    {
        await FundAsync("alice");
        await CreateAsync("bob");
        var bearer = await NewAddressAsync("bob", "bearer");
        var other = await NewAddressAsync("bob", "other");

        var txid = (await Wallets.CallAsync("alice", "sendmany", $"\"\",{{\"{bearer}\":1,\"{other}\":2}},null,null,\"both\",[\"{bearer}\"],false,false,null,null,2")).GetString();

        var fee = -(await Wallets.CallAsync("alice", "gettransaction", $"\"{txid}\"")).GetProperty("fee").GetDecimal();
        Assert.True(fee > 0);
        Assert.Equal(1 - fee, (await Wallets.CallAsync("bob", "getreceivedbylabel", "\"bearer\",0")).GetDecimal());
        Assert.Equal(2m, (await Wallets.CallAsync("bob", "getreceivedbylabel", "\"other\",0")).GetDecimal());
    }

    private static string Txid(JsonElement value) => value.GetProperty("txid").GetString()!;

    private static string Category(JsonElement value) => value.GetProperty("category").GetString()!;

    private static string Json(string text) => JsonSerializer.Serialize(text);

    private Task<JsonElement> CreateAsync(string wallet) => Wallets.CallAsync("", "createwallet", $"\"{wallet}\"");

    private async Task<string> NewAddressAsync(string wallet, string label = "") =>
        (await Wallets.CallAsync(wallet, "getnewaddress", $"\"{label}\"")).GetString()!;

    // A wallet with one mature coinbase of 500 DASH and a hundred to come.
    private async Task FundAsync(string wallet)
    {
        await CreateAsync(wallet);
        await MineAsync(await NewAddressAsync(wallet), 101);
    }

    private async Task<string[]> MineAsync(string address, int blocks)
    {
        using var reply = JsonDocument.Parse(await Node.AskAsync($$"""{"method":"generatetoaddress","params":[{{blocks}},"{{address}}"]}"""));
        return [.. reply.RootElement.GetProperty("result").EnumerateArray().Select(hash => hash.GetString()!)];
    }
}
