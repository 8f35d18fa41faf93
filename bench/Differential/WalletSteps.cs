using System.Globalization;
using System.Text.Json;

namespace Dash.Bench.Differential;

/// <summary>Wallets that are made, filled with descriptors, copied, given up and taken back.</summary>
internal sealed class WalletSteps(WalletScene scene)
{
    private static readonly string[] Mnemonics =
    [
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about",
        "void come effort suffer camp survey warrior heavy shoot primary clutch crush open amazing screen patrol group space point ten exist slush involve unfold",
        "scheme spot photo card baby mountain device kick cradle pace", // ten words
        "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon", // a wrong checksum
        "x",
    ];

    private readonly List<string> _made = [];
    private readonly List<string> _copies = [];

    private WalletPair Pair => scene.Pair;

    /// <summary>Wallets that were made beside the first ones, and are loaded.</summary>
    public IReadOnlyList<string> Made => _made;

    /// <summary>A wallet without keys of its own, which gets some in one way or another.</summary>
    public async Task MakeAsync()
    {
        scene.Note("new wallet");
        var name = string.Create(CultureInfo.InvariantCulture, $"made{scene.Done["new wallet"]}");
        var isWatching = scene.OneIn(3);
        var passphrase = scene.Pick("", "", "open");
        var form = scene.Random.Next(3) switch
        {
            0 => $"[\"{name}\",{(isWatching ? "true" : "false")},true,\"{passphrase}\",{scene.Pick("true", "false")},true,{scene.Pick("true", "false")}]",
            1 => $"{{\"wallet_name\":\"{name}\",\"disable_private_keys\":{(isWatching ? "true" : "false")},\"blank\":true,\"passphrase\":\"{passphrase}\"}}",
            _ => $"{{\"args\":[\"{name}\"],\"blank\":true,\"disable_private_keys\":{(isWatching ? "true" : "false")},\"avoid_reuse\":true}}",
        };
        if (await Pair.AskAsync("", "createwallet", form) is null)
        {
            return;
        }

        _made.Add(name);
        if (scene.OneIn(2))
        {
            var words = scene.Pick(Mnemonics);
            await Pair.AskAsync(
                name, "upgradetohd", $"[\"{words}\",\"{scene.Pick("", "with salt")}\",\"{scene.Pick(passphrase, "", "wrong")}\",{scene.Pick("true", "false")}]");

            // dashd leaves a wallet open whose words it refused after it had taken the passphrase.
            await Pair.AskAsync(name, "walletlock", "[]");
        }
        else
        {
            await ImportAsync(name);
        }

        if (scene.OneIn(4))
        {
            await Pair.AskAsync(name, "encryptwallet", "[\"open\"]");
        }

        await LookAtAsync(name);
        await Pair.AskAsync(name, "rescanblockchain", "[]");
    }

    /// <summary>Descriptors of all kinds into a wallet, which then looks at all blocks: dashd takes unknown coinbases of it in when their block goes.</summary>
    public async Task ImportAndScanAsync(string wallet)
    {
        await ImportAsync(wallet);
        await LookAtAsync(wallet);
        await Pair.AskAsync(wallet, "rescanblockchain", "[]");
    }

    private async Task ImportAsync(string wallet)
    {
        scene.Note("import");
        var descriptor = await AnyDescriptorAsync();
        var isRanged = descriptor.Contains('*', StringComparison.Ordinal);
        List<string> members = [$"\"desc\":\"{descriptor}\""];
        members.Add("\"timestamp\":" + scene.Pick("\"now\"", "0", "1", "1700005000", "\"x\"", "-5", "\"now\"", "1.5"));
        if (isRanged != scene.OneIn(6))
        {
            members.Add("\"range\":" + scene.Pick("[0,20]", "5", "[0,12]", "[3,2]", "[-1,4]", "[0,2000000]", "\"x\"", "[0,15]", "[1]"));
            members.Add("\"active\":" + scene.Pick("true", "true", "false", "1"));
        }

        foreach (var (name, values) in (IEnumerable<(string, string[])>)[
            ("next_index", ["0", "3", "100", "-1"]), ("internal", ["true", "false"]), ("label", ["\"shop\"", "\"\"", "\"*\"", "5"]), ("odd", ["1"])])
        {
            if (scene.OneIn(4))
            {
                members.Add($"\"{name}\":{scene.Pick(values)}");
            }
        }

        var request = "{" + string.Join(',', members) + "}";
        await Pair.AskAsync(wallet, "walletpassphrase", "[\"open\",100000]");
        await Pair.AskAsync(wallet, "importdescriptors", scene.OneIn(5) ? $"[[{request},{{\"desc\":\"x\",\"timestamp\":\"now\"}}]]" : $"[[{request}]]");
    }

    /// <summary>What a wallet that pays nobody says of itself.</summary>
    public async Task LookAtAsync(string wallet)
    {
        foreach (var (method, parameters) in (IEnumerable<(string, string)>)[
            ("getwalletinfo", "[]"), ("listdescriptors", "[]"), ("listdescriptors", "[true]"), ("getnewaddress", "[\"own\"]"), ("getrawchangeaddress", "[]"),
            ("listdescriptors", "[false]"), ("getbalances", "[]"), ("listunspent", "[0]"), ("listtransactions", "[\"*\",1000]"), ("listlabels", "[]"),
            ("listreceivedbyaddress", "[0,true,true]"), ("listaddressgroupings", "[]"), ("getaddressinfo", $"[\"{scene.Pick(scene.Addresses)}\"]")])
        {
            var answer = await Pair.AskAsync(wallet, method, parameters);
            if (method is "getnewaddress" or "getrawchangeaddress" && answer is { } address)
            {
                await Pair.AskAsync(wallet, "getaddressinfo", $"[\"{address.GetString()}\"]");
            }
        }
    }

    /// <summary>Copies a wallet, or takes a copy back under another name.</summary>
    public async Task CopyAsync(string wallet)
    {
        scene.Note("copy");
        var name = string.Create(CultureInfo.InvariantCulture, $"copy{scene.Done["copy"]}");
        await Pair.AskAsync(wallet, "backupwallet", $"[\"{WalletPair.DirectoryMark}/{name}{scene.Pick("", ".dat", "/no/where")}\"]");
        var loadOnStart = scene.Pick("", ",true", ",false", ",null");
        if (await Pair.AskAsync(
            "", "restorewallet", $"[\"{scene.Pick("again" + name, wallet, "main")}\",\"{WalletPair.DirectoryMark}/{name}\"{loadOnStart}]") is { } restored)
        {
            var again = restored.GetProperty("name").GetString()!; // it is a text
            _copies.Add(again);
            await LookAtAsync(again);
            await Pair.AskAsync("", "unloadwallet", $"[\"{again}\",{scene.Pick("true", "false", "null")}]");
        }
    }

    /// <summary>Unloads a wallet and loads it again, in the ways there are.</summary>
    public async Task ReloadAsync(string wallet)
    {
        scene.Note("reload");
        if (scene.OneIn(2))
        {
            await Pair.AskAsync("", "unloadwallet", $"[\"{wallet}\",{scene.Pick("true", "false", "null")}]");
        }
        else
        {
            await Pair.AskAsync(wallet, "unloadwallet", scene.Pick("[]", $"[\"{wallet}\"]", "[\"other\"]", "[null,true]"));
        }

        await Pair.AskAsync("", "listwallets", "[]");
        await Pair.AskAsync("", "loadwallet", $"[\"{wallet}\",{scene.Pick("true", "false", "null")}]");
        await Pair.AskAsync("", "loadwallet", $"[\"{scene.Pick(wallet, "nowhere", "../x", "")}\"]");
    }

    /// <summary>A transaction is taken out and brought back by its proof.</summary>
    public async Task PruneAsync(string wallet)
    {
        scene.Note("pruned funds");
        var txid = scene.AnyTxid();
        if (await Pair.AskAsync(wallet, "gettransaction", $"[\"{txid}\"]") is not { } tx || !tx.TryGetProperty("blockhash", out var block))
        {
            return;
        }

        var proof = await Pair.AskAsync("", "gettxoutproof", $"[[\"{txid}\"],{block.GetRawText()}]");
        await Pair.AskAsync(wallet, "removeprunedfunds", $"[\"{txid}\"]");
        await Pair.AskAsync(wallet, "importprunedfunds", $"[{tx.GetProperty("hex").GetRawText()},\"{(scene.OneIn(4) ? "00" : proof)}\"]");
        await scene.LoadAgainAsync(wallet);
        await Pair.AskAsync(wallet, "rescanblockchain", "[]");
        await Pair.AskAsync(wallet, "getbalances", "[]");
    }

    /// <summary>What is in no block goes, and what is in the mempool comes back.</summary>
    /// <param name="wallet">The wallet.</param>
    /// <param name="payAsync">Puts a payment into the mempool, or nothing.</param>
    public async Task WipeAsync(string wallet, Func<Task> payAsync)
    {
        scene.Note("wipe");

        // One payment at most: of several, dashd learns in the random order of its mempool.
        await scene.MineAsync(scene.Pick(scene.Addresses));
        await payAsync();
        await Pair.AskAsync(wallet, "wipewallettxes", "[true]");
        await scene.LoadAgainAsync(wallet);
        await Pair.AskAsync(wallet, "rescanblockchain", "[]");
        await Pair.AskAsync(wallet, "listtransactions", "[\"*\",10000]");
    }

    // Kinds of descriptors, with keys private and public.
    private async Task<string> AnyDescriptorAsync()
    {
        List<string> keys = [];
        while (keys.Count < 3)
        {
            var info = await Pair.TryOneAsync(isOurs: false, "main", "getaddressinfo", $"[\"{scene.Pick(scene.Addresses.Take(6).ToList())}\"]");
            keys.Add(info is { } found && found.TryGetProperty("pubkey", out var key) ? key.GetString()! : "02" + new string('1', 64)); // it is a text
        }

        var isPrivate = scene.OneIn(2);
        var own = await Pair.TryOneAsync(isOurs: false, "main", "listdescriptors", isPrivate ? "[true]" : "[]");
        var root = own is { } list ? list.GetProperty("descriptors")[0].GetProperty("desc").GetString()! : "pkh(x)#"; // it is a text
        var ranged = root["pkh(".Length..root.IndexOf(')', StringComparison.Ordinal)];
        var text = scene.Random.Next(13) switch
        {
            0 => $"pkh({ranged})",
            1 => $"pkh({ranged[..^1]}{scene.Random.Next(5)})",
            2 => $"sh(multi(2,{keys[0]},{keys[1]}))",
            3 => $"sh(sortedmulti(1,{ranged},{keys[2]}))",
            4 => $"combo({keys[0]})",
            5 => $"pk({keys[1]})",
            6 => $"addr({scene.Pick(scene.Pick(scene.Addresses), WalletScene.Foreign)})",
            7 => $"raw(76a914{new string('2', 40)}88ac)",
            8 => $"multi(1,{keys[0]},{keys[1]})",
            9 => $"combo({ranged})",
            10 => $"pkh({ranged}')",
            11 => $"pkh({keys[0]}/1)",
            _ => $"wpkh({keys[0]})",
        };
        return scene.OneIn(12) ? text : await scene.WithChecksumAsync(text) is { } whole ? whole : text + "#xxxxxxxx";
    }
}
