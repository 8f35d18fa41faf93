using System.Diagnostics;
using System.Globalization;
using System.Text.Json;
using Dash.Bench.Daemons;
using Dash.RpcTests.Support;
using Dash.WalletServer.Rpc;

namespace Dash.Bench.Differential;

/// <summary>
/// A long random run that tells the wallets of dash-node and those of dashd (environment variable DASHD) the same: calls right
/// and wrong on wallets of the same words and chains of the same blocks. What they answer must be the same JSON, apart from
/// what chance and the two directories make. The seed makes a run repeatable.
/// </summary>
internal sealed class WalletDifferentialRun
{
    private const long StartTime = 1_700_000_000;
    private const int FirstBlocks = 130;
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    private const string OtherWords = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    private static readonly string[] Names = ["main", "secret", "watch", "reuse"];

    // Right and slow, or writing files wherever somebody says, or gone afterwards.
    private static readonly string[] LastMethods = ["encryptwallet", "walletpassphrasechange", "walletpassphrase", "wipewallettxes", "unloadwallet"];

    private readonly Random _random;
    private readonly WalletPair _pair;
    private readonly List<string> _addresses = [];
    private readonly List<string> _txids = [];
    private readonly List<string> _blocks = [];
    private readonly Dictionary<string, int> _done = [];
    private long _time = StartTime;

    private WalletDifferentialRun(int seed, WalletPair pair)
    {
        _random = new Random(seed);
        _pair = pair;
    }

    /// <summary>Runs so many steps, then wrong input for every argument.</summary>
    /// <returns>The exit code: 0 when both always agreed.</returns>
    public static async Task<int> RunAsync(string stepsText, string seedText, TextWriter output)
    {
        if (!int.TryParse(stepsText, CultureInfo.InvariantCulture, out var steps)
            || !int.TryParse(seedText, CultureInfo.InvariantCulture, out var seed)
            || Programs.Dashd is not { } dashd)
        {
            output.WriteLine("DASHD=<path of dashd> … differential-wallets <steps> <seed>");
            return 2;
        }

        var root = Directory.CreateTempSubdirectory("dash-differential-").FullName;
        try
        {
            await using var pair = await WalletPair.StartAsync(root, dashd, StartTime);
            return await new WalletDifferentialRun(seed, pair).RunAsync(steps, output);
        }
        finally
        {
            Directory.Delete(root, recursive: true);
        }
    }

    private async Task<int> RunAsync(int steps, TextWriter output)
    {
        var watch = Stopwatch.StartNew();
        await PrepareAsync();
        for (var step = 0; step < steps; step++)
        {
            await StepAsync();
            if (step % 25 == 0)
            {
                await CompareAllAsync();
            }
        }

        await CompareAllAsync();
        await AskWrongAsync();
        foreach (var (text, count) in _pair.Differences)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} x {text}\n"));
        }

        foreach (var (what, count) in _done.OrderBy(static item => item.Key, StringComparer.Ordinal))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7} {what}"));
        }

        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_pair.Compared} answers compared in {watch.Elapsed.TotalSeconds:F0} s, {_pair.Differences.Count} kinds of differences"));
        return _pair.Differences.Count == 0 ? 0 : 1;
    }

    private async Task PrepareAsync()
    {
        foreach (var (name, words) in (IEnumerable<(string, string)>)[("main", Words), ("secret", OtherWords), ("poor", "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong")])
        {
            await _pair.TellAsync("", "createwallet", $"[\"{name}\",false,true,\"\",false,true,false]");
            await _pair.TellAsync(name, "upgradetohd", $"[\"{words}\",\"\",\"\",false]");
        }

        await _pair.TellAsync("", "createwallet", "[\"reuse\",false,true,\"\",true,true,false]");
        await _pair.TellAsync("reuse", "upgradetohd", "[\"letter advice cage absurd amount doctor acoustic avoid letter advice cage above\",\"\",\"\",false]");
        await _pair.TellAsync("secret", "encryptwallet", "[\"open\"]");
        await _pair.TellAsync("", "createwallet", "[\"watch\",true,true,\"\",false,true,false]");
        var public_ = (await _pair.TellAsync("main", "listdescriptors", "[]")).GetProperty("descriptors").EnumerateArray()
            .Where(static item => item.GetProperty("active").GetBoolean())
            .Select(static item => $"{{\"desc\":{item.GetProperty("desc").GetRawText()},\"timestamp\":\"now\",\"range\":[0,60],\"active\":true,\"internal\":{item.GetProperty("internal").GetRawText()}}}");
        await _pair.TellAsync("watch", "importdescriptors", $"[[{string.Join(',', public_)}]]");
        foreach (var name in (string[])["main", "main", "secret", "reuse"])
        {
            await NewAddressAsync(name, "");
        }

        for (var i = 0; i < FirstBlocks; i++)
        {
            await MineAsync(_addresses[i % 4]);
        }

        await PayAsync("main");
    }

    private Task StepAsync() => _random.Next(100) switch
    {
        < 12 => NewAddressAsync(Pick("main", "secret", "reuse"), Pick("", "shop", "a \\u00e4 label", "main")),
        < 22 => PayAsync(Pick("main", "main", "reuse")),
        < 32 => MineAsync(Any(_addresses)),
        < 36 => ReorganiseAsync(),
        < 44 => ChangeAsync(),
        < 47 => SignAsync(),
        < 50 => LockAsync(),
        < 52 => ReloadAsync(),
        _ => ReadAsync(),
    };

    private async Task NewAddressAsync(string wallet, string label)
    {
        Note("new address");
        if (await _pair.AskAsync(wallet, "getnewaddress", $"[\"{label}\"]") is { } address)
        {
            _addresses.Add(address.GetString()!); // it is a text
        }
    }

    // One of the two pays, the other one hears of it from the network.
    private async Task PayAsync(string wallet)
    {
        Note("payment");
        await AdvanceAsync(_random.Next(1, 100));
        var isOurs = _random.Next(2) == 0;
        var amount = string.Create(CultureInfo.InvariantCulture, $"{_random.Next(1, 400) / 100m}");
        var call = _random.Next(3) switch
        {
            0 => ("sendtoaddress", $"[\"{Any(_addresses)}\",{amount},\"\",\"\",{(_random.Next(4) == 0 ? "true" : "false")}]"),
            1 => ("sendmany", $"[\"\",{{\"{Any(_addresses)}\":{amount},\"{Foreign()}\":0.25}}]"),
            _ => ("send", $"[[{{\"{Any(_addresses)}\":{amount}}}],null,\"unset\",{_random.Next(1, 20)}]"),
        };
        if (await _pair.TryOneAsync(isOurs, wallet, call.Item1, call.Item2) is not { } sent)
        {
            return;
        }

        var txid = sent.ValueKind == JsonValueKind.String ? sent.GetString()! : sent.GetProperty("txid").GetString()!; // both are texts
        var hex = await _pair.TryOneAsync(isOurs, wallet, "gettransaction", $"[\"{txid}\"]");
        if (hex is { } found)
        {
            await _pair.TryOneAsync(!isOurs, "", "sendrawtransaction", $"[\"{found.GetProperty("hex").GetString()}\"]");
            _txids.Add(txid);
            await _pair.AskAsync(wallet, "gettransaction", $"[\"{txid}\"]");
        }
    }

    private async Task MineAsync(string address)
    {
        Note("block");
        await AdvanceAsync(_random.Next(60, 300));
        if (await _pair.TryOneAsync(isOurs: false, "", "generatetoaddress", $"[1,\"{address}\"]") is not { } hashes)
        {
            return;
        }

        var hash = hashes[0].GetString()!; // it is a text
        var block = await _pair.TryOneAsync(isOurs: false, "", "getblock", $"[\"{hash}\",0]");
        await _pair.TryOneAsync(isOurs: true, "", "submitblock", $"[\"{block}\"]");
        _blocks.Add(hash);
        await _pair.AskAsync("", "getbestblockhash", "[]");
    }

    private async Task ReorganiseAsync()
    {
        if (_blocks.Count < FirstBlocks + 3)
        {
            return;
        }

        Note("reorganisation");
        var depth = _random.Next(1, 4);
        var left = _blocks[^depth];
        await _pair.AskAsync("", "invalidateblock", $"[\"{left}\"]");
        _blocks.RemoveRange(_blocks.Count - depth, depth);
        await CompareAllAsync();
        for (var i = 0; i <= depth; i++)
        {
            await MineAsync(Any(_addresses));
        }
    }

    private async Task ChangeAsync()
    {
        Note("change");
        var wallet = Pick(Names);
        var (method, parameters) = _random.Next(12) switch
        {
            0 => ("setlabel", $"[\"{Pick(Any(_addresses), Foreign())}\",\"{Pick("shop", "", "other", "*")}\"]"),
            1 => ("keypoolrefill", $"[{_random.Next(8, 20)}]"),
            2 => ("settxfee", $"[{Pick("0", "0.0001", "0.000001", "5", "0.001")}]"),
            3 => ("setwalletflag", $"[\"{Pick("avoid_reuse", "blank", "nonsense")}\",{Pick("true", "false")}]"),
            4 => ("abandontransaction", $"[\"{AnyTxid()}\"]"),
            5 => ("rescanblockchain", Pick("[]", "[0]", "[5,50]", "[50,5]", "[100000]", "[-1]")),
            6 => ("setcoinjoinrounds", $"[{_random.Next(0, 20)}]"),
            7 => ("setcoinjoinamount", $"[{_random.Next(0, 5)}]"),
            8 => ("removeprunedfunds", $"[\"{Pick(AnyTxid(), "00")}\"]"),
            9 => ("walletlock", "[]"),
            10 => ("walletpassphrase", Pick("[\"open\",100]", "[\"shut\",100]", "[\"\",1]", "[\"open\",-1]", "[\"open\",5,true]")),
            _ => ("importdescriptors", Pick("[[]]", "[[{\"desc\":\"addr(x)\",\"timestamp\":\"now\"}]]", "[[{\"desc\":\"pkh(x)#00000000\",\"timestamp\":1}]]")),
        };
        await _pair.AskAsync(wallet, method, parameters);
    }

    private async Task SignAsync()
    {
        Note("signature");
        var wallet = Pick(Names);
        await _pair.AskAsync(wallet, "signmessage", $"[\"{Pick(Any(_addresses), Foreign(), "x")}\",\"{Pick("", "hello", "\\u00e4")}\"]");
        if (await _pair.TryOneAsync(isOurs: false, wallet, "listunspent", "[0]") is { ValueKind: JsonValueKind.Array } coins && coins.GetArrayLength() > 0)
        {
            var coin = coins[_random.Next(coins.GetArrayLength())];
            var input = $"{{\"txid\":{coin.GetProperty("txid").GetRawText()},\"vout\":{coin.GetProperty("vout").GetRawText()}}}";
            var output = $"{{\"{Any(_addresses)}\":0.01}}";
            if (await _pair.AskAsync("", "createrawtransaction", $"[[{input}],[{output}]]") is { } raw)
            {
                await _pair.AskAsync(wallet, "signrawtransactionwithwallet", $"[\"{raw}\",[],\"{Pick("ALL", "NONE|ANYONECANPAY", "X")}\"]");
                await _pair.AskAsync(wallet, "simulaterawtransaction", $"[[\"{raw}\"]]");
            }

            if (await _pair.AskAsync("", "createpsbt", $"[[{input}],[{output}]]") is { } psbt)
            {
                await _pair.AskAsync(wallet, "walletprocesspsbt", $"[\"{psbt}\",{Pick("true", "false")}]");
            }
        }
    }

    private async Task LockAsync()
    {
        Note("coin lock");
        var wallet = Pick(Names);
        if (await _pair.TryOneAsync(isOurs: false, wallet, "listunspent", "[0]") is { ValueKind: JsonValueKind.Array } coins && coins.GetArrayLength() > 0)
        {
            var coin = coins[_random.Next(coins.GetArrayLength())];
            var what = $"[{{\"txid\":{coin.GetProperty("txid").GetRawText()},\"vout\":{Pick(coin.GetProperty("vout").GetRawText(), "77")}}}]";
            await _pair.AskAsync(wallet, "lockunspent", $"[{Pick("true", "false", "false")},{what},{Pick("true", "false")}]");
        }

        if (_random.Next(3) == 0)
        {
            await _pair.AskAsync(wallet, "lockunspent", "[true]");
        }
    }

    private async Task ReloadAsync()
    {
        Note("reload");
        var wallet = Pick(Names);
        await _pair.AskAsync("", "unloadwallet", $"[\"{wallet}\"]");
        await _pair.AskAsync("", "loadwallet", $"[\"{wallet}\"]");
    }

    private async Task ReadAsync()
    {
        Note("read");
        var (method, parameters) = _random.Next(24) switch
        {
            0 => ("getbalance", Pick("[]", "[\"*\",0]", "[\"*\",6,true]", "[\"x\"]", "[null,1,false,true,false]")),
            1 => ("getbalances", "[]"),
            2 => ("getunconfirmedbalance", "[]"),
            3 => ("listunspent", Pick("[]", "[0]", "[1,9999999,[],false]", $"[0,99,[\"{Any(_addresses)}\"]]", "[0,9,[],true,{\"minimumAmount\":1,\"coinType\":3}]", "[0,9,[\"x\"]]")),
            4 => ("listtransactions", Pick("[]", "[\"*\",5,2]", "[\"shop\",100]", "[\"*\",-1]", "[\"*\",1,-1]", "[\"\"]", "[\"*\",1000]")),
            5 => ("listsinceblock", Pick("[]", $"[\"{Any(_blocks)}\"]", $"[\"{Any(_blocks)}\",3]", "[\"00\"]", $"[\"{Any(_blocks)}\",0]")),
            6 => ("gettransaction", $"[\"{Pick(AnyTxid(), "00")}\",{Pick("true", "false", "null")},{Pick("true", "false")}]"),
            7 => ("getaddressinfo", $"[\"{Pick(Any(_addresses), Foreign(), "x", "")}\"]"),
            8 => ("listlabels", Pick("[]", "[\"send\"]", "[\"receive\"]", "[\"x\"]")),
            9 => ("getaddressesbylabel", Pick("[\"\"]", "[\"shop\"]", "[\"nobody\"]", "[\"*\"]")),
            10 => ("listreceivedbyaddress", Pick("[]", "[0,true,true]", "[6]", $"[0,false,true,null,\"{Any(_addresses)}\"]", "[1,false,false,null,\"x\"]", "[0,false,true,null,null,true]")),
            11 => ("listreceivedbylabel", Pick("[]", "[0,false,true]", "[0,true,true,null,true]")),
            12 => ("getreceivedbyaddress", $"[\"{Pick(Any(_addresses), Foreign())}\",{Pick("0", "1", "6")}]"),
            13 => ("getreceivedbylabel", $"[\"{Pick("shop", "", "nobody")}\",{Pick("0", "1")}]"),
            14 => ("listaddressgroupings", "[]"),
            15 => ("listaddressbalances", Pick("[]", "[1]", "[-1]")),
            16 => ("listlockunspent", "[]"),
            17 => ("getwalletinfo", "[]"),
            18 => ("listwallets", "[]"),
            19 => ("listwalletdir", "[]"),
            20 => ("walletcreatefundedpsbt", "[[],[{\"x\":1}]]"),
            21 => ("fundrawtransaction", Pick("[\"00\"]", "[\"\"]", "[\"02000000000000000000\"]")),
            22 => ("upgradewallet", "[]"),
            _ => ("abortrescan", "[]"),
        };
        await _pair.AskAsync(Pick(Names), method, parameters);
    }

    private async Task CompareAllAsync()
    {
        foreach (var wallet in Names)
        {
            foreach (var (method, parameters) in (IEnumerable<(string, string)>)[
                ("getbalances", "[]"), ("getwalletinfo", "[]"), ("listunspent", "[0]"), ("listtransactions", "[\"*\",10000]"), ("listsinceblock", "[]"),
                ("listreceivedbyaddress", "[0,true,true]"), ("listaddressgroupings", "[]"), ("listlockunspent", "[]"), ("listlabels", "[]")])
            {
                await _pair.AskAsync(wallet, method, parameters);
            }
        }
    }

    // On a wallet without coins it may spend, so that what is accepted is the same on both sides.
    private async Task AskWrongAsync()
    {
        var address = (await _pair.TellAsync("poor", "getnewaddress", "[]")).GetString()!; // it is a text
        await MineAsync(address);
        var coins = await _pair.TryOneAsync(isOurs: false, "poor", "listtransactions", "[]");
        var right = new Dictionary<string, string>
        {
            ["address"] = $"\"{address}\"",
            ["txid"] = coins is { } list && list.GetArrayLength() > 0 ? list[0].GetProperty("txid").GetRawText() : "\"00\"",
            ["outputs"] = $"[{{\"{address}\":0.5}}]",
            ["amounts"] = $"{{\"{address}\":0.5}}",
            ["dummy"] = "\"\"",
            ["vout"] = "0",
            ["hexstring"] = "\"0200000000010065cd1d000000001976a9140000000000000000000000000000000000000000" + "88ac00000000\"",
            ["estimate_mode"] = "\"unset\"",
            ["conf_target"] = "null",
            ["fee_rate"] = "null",
            ["sighashtype"] = "\"ALL\"",
            ["blockhash"] = "null",
        };
        var calls = new WrongCalls(right);
        foreach (var method in WalletMethods.All.Where(static method => !method.IsAddition)
            .OrderBy(static method => Array.IndexOf(LastMethods, method.Name)).ThenBy(static method => method.Name, StringComparer.Ordinal))
        {
            foreach (var call in calls.Of(method).Where(static call =>
                call is not { Method: "keypoolrefill", Parameters: "21000001" } && !(call.Method == "backupwallet" && call.Parameters.StartsWith('"'))))
            {
                Note("wrong input");
                await _pair.AskAsync("poor", call.Method, $"[{call.Parameters}]", comparesResults: false);
                if (call.Method == "unloadwallet")
                {
                    await _pair.AskAsync("", "loadwallet", "[\"poor\"]", comparesResults: false);
                }
            }
        }
    }

    // Both have stored what they heard at the time before.
    private async Task AdvanceAsync(int seconds)
    {
        await _pair.TellAsync("", "syncwithvalidationinterfacequeue", "[]");
        _time += seconds;
        await _pair.TellAsync("", "setmocktime", string.Create(CultureInfo.InvariantCulture, $"[{_time}]"));
    }

    private static string Foreign() => "yNDp7n3JHJnG4yLJbD8pSr8YKuhrFERCTG";

    private string AnyTxid() => _txids.Count > 0 ? Any(_txids) : new string('0', 64);

    private string Any(List<string> texts) => texts[_random.Next(texts.Count)];

    private string Pick(params string[] texts) => texts[_random.Next(texts.Length)];

    private void Note(string what) => _done[what] = _done.GetValueOrDefault(what) + 1;
}
