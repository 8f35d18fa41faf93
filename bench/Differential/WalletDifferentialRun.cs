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

    // Ours makes who guesses passphrases wait after some more than these; a right one ends that.
    private const int FreeGuesses = 10;
    private const string Words = "abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon abandon about";
    private const string OtherWords = "legal winner thank year wave sausage worth useful legal winner thank yellow";

    private static readonly string[] Names = ["main", "secret", "watch", "reuse"];

    // Whose help names keys as they come here: dashd's has some by other names, of other types, in another order, or not at all.
    private static readonly string[] OwnResults =
    [
        "getaddressinfo", "getbalances", "gettransaction", "getwalletinfo", "importdescriptors", "listaddressbalances", "listaddressgroupings",
        "listdescriptors", "listsinceblock", "listtransactions", "listunspent", "rescanblockchain",
    ];

    private readonly WalletScene _scene;
    private readonly WalletPair _pair;
    private readonly PaymentSteps _payments;
    private readonly WalletSteps _wallets;

    private WalletDifferentialRun(int seed, WalletPair pair)
    {
        _pair = pair;
        _scene = new WalletScene(seed, pair, StartTime);
        _payments = new PaymentSteps(_scene);
        _wallets = new WalletSteps(_scene);
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
        await CompareHelpAsync();
        foreach (var wallet in (string[])["poor", "poorlocked", "poorwatch", "blank"])
        {
            await AskWrongAsync(wallet);
        }

        foreach (var (text, count) in _pair.Differences)
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count} x {text}\n"));
        }

        foreach (var (what, count) in _scene.Done.OrderBy(static item => item.Key, StringComparer.Ordinal))
        {
            output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{count,7} {what}"));
        }

        output.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{_pair.OfferedAgain,7} offered again"));
        output.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"{_pair.Compared} answers compared in {watch.Elapsed.TotalSeconds:F0} s, {_pair.Differences.Count} kinds of differences, {_pair.ListedOnes} listed ones, {_pair.StaleOnes} that dashd mends by loading again, "
            + $"{_pair.ShuffledOnes} in dashd's random order of a mempool"));
        return _pair.Differences.Count == 0 ? 0 : 1;
    }

    private async Task PrepareAsync()
    {
        foreach (var (name, words) in (IEnumerable<(string, string)>)[("main", Words), ("secret", OtherWords), ("poor", "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong"),
            ("poorlocked", "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong")])
        {
            await _pair.TellAsync("", "createwallet", $"[\"{name}\",false,true,\"\",false,true,false]");
            await _pair.TellAsync(name, "upgradetohd", $"[\"{words}\",\"\",\"\",false]");
        }

        await _pair.TellAsync("", "createwallet", "[\"reuse\",false,true,\"\",true,true,false]");
        await _pair.TellAsync("reuse", "upgradetohd", "[\"letter advice cage absurd amount doctor acoustic avoid letter advice cage above\",\"\",\"\",false]");
        await _pair.TellAsync("secret", "encryptwallet", "[\"open\"]");
        await _pair.TellAsync("poorlocked", "encryptwallet", "[\"open\"]");
        await _pair.TellAsync("", "createwallet", "[\"poorwatch\",true,true,\"\",false,true,false]");
        await _pair.TellAsync("", "createwallet", "[\"blank\",false,true,\"\",false,true,false]");
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
            await _scene.MineAsync(_scene.Addresses[i % 4]);
        }

        await _payments.PayAsync("main");
    }

    private Task StepAsync() => _scene.Random.Next(200) switch
    {
        < 20 => NewAddressAsync(_scene.Pick("main", "secret", "reuse"), _scene.Pick("", "shop", "a \\u00e4 label", "main")),
        < 38 => _payments.PayAsync(_scene.Pick("main", "main", "reuse")),
        < 56 => _scene.MineAsync(_scene.Pick(_scene.Addresses)),
        < 62 => ReorganiseAsync(),
        < 78 => ChangeAsync(),
        < 84 => _payments.SignAsync(_scene.Pick(Names)),
        < 94 => _payments.FundAsync(_scene.Pick("main", "main", "watch", "reuse", "secret")),
        < 100 => LockAsync(),
        < 103 => _wallets.ReloadAsync(_scene.Pick(Names)),
        < 108 => _wallets.MakeAsync(),
        < 112 => _wallets.ImportAndScanAsync(_scene.Pick([.. _wallets.Made, "watch", "blank"])),
        < 115 => _wallets.Made.Count > 0 ? _wallets.LookAtAsync(_scene.Pick(_wallets.Made)) : ReadAsync(),
        < 117 => _wallets.CopyAsync(_scene.Pick([.. _wallets.Made, "watch"])),
        < 119 => _wallets.PruneAsync(_scene.Pick(Names)),
        < 120 => _wallets.WipeAsync(_scene.Pick("watch", "secret"), () => _payments.PayAsync("main")),
        < 123 => _payments.ContradictAsync("main"),
        < 124 => _scene.OneIn(3) ? _payments.ExpireAsync() : ReadAsync(),
        < 125 => _scene.OneIn(3) ? _scene.RestartAsync(["main", "secret", "watch", "reuse", "poor", "poorlocked", "poorwatch", "blank", .. _wallets.Made]) : ReadAsync(),
        _ => ReadAsync(),
    };

    private async Task NewAddressAsync(string wallet, string label)
    {
        _scene.Note("new address");
        await _scene.NewAddressAsync(wallet, label);
    }

    // Mostly as deep as the network would, sometimes far deeper.
    private async Task ReorganiseAsync()
    {
        if (_scene.Blocks.Count < FirstBlocks + 3)
        {
            return;
        }

        _scene.Note("reorganisation");
        var depth = _scene.OneIn(4) ? _scene.Random.Next(4, 31) : _scene.Random.Next(1, 4);
        depth = Math.Min(depth, _scene.Blocks.Count - FirstBlocks);
        await _scene.TakeBackAsync(depth);
        await _scene.LoadAgainAsync(Names);
        await CompareAllAsync();
        for (var i = 0; i <= depth; i++)
        {
            await _scene.MineAsync(_scene.Pick(_scene.Addresses));
        }
    }

    private async Task ChangeAsync()
    {
        _scene.Note("change");
        var wallet = _scene.Pick(Names);
        var (method, parameters) = _scene.Random.Next(12) switch
        {
            0 => ("setlabel", $"[\"{_scene.Pick(_scene.Pick(_scene.Addresses), WalletScene.Foreign)}\",\"{_scene.Pick("shop", "", "other", "*")}\"]"),
            1 => ("keypoolrefill", $"[{_scene.Random.Next(80, 200)}]"),
            2 => ("settxfee", $"[{_scene.Pick("0", "0.0001", "0.000001", "5", "0.001")}]"),
            3 => ("setwalletflag", $"[\"{_scene.Pick("avoid_reuse", "blank", "nonsense")}\",{_scene.Pick("true", "false")}]"),
            4 => ("abandontransaction", $"[\"{_scene.Pick(new string('0', 64), "00")}\"]"),
            5 => ("rescanblockchain", _scene.Pick("[]", "[0]", "[5,50]", "[50,5]", "[100000]", "[-1]")),
            6 => ("setcoinjoinrounds", $"[{_scene.Random.Next(0, 20)}]"),
            7 => ("setcoinjoinamount", $"[{_scene.Random.Next(0, 5)}]"),
            8 => ("removeprunedfunds", $"[\"{_scene.Pick(new string('0', 64), "00")}\"]"),
            9 => ("walletlock", "[]"),

            // For longer than a run takes: when a lease ends is the real clock's to say, and each daemon looks at its own.
            10 => ("walletpassphrase", _scene.Pick("[\"open\",100000]", "[\"shut\",100000]", "[\"\",1]", "[\"open\",-1]", "[\"open\",100000,true]")),
            _ => ("importdescriptors", _scene.Pick("[[]]", "[[{\"desc\":\"addr(x)\",\"timestamp\":\"now\"}]]", "[[{\"desc\":\"pkh(x)#00000000\",\"timestamp\":1}]]")),
        };
        if (await _pair.AskAsync(wallet, method, parameters) is not null && method == "setwalletflag")
        {
            await SettleReuseAsync(wallet);
        }
    }

    // What was spent from before it marks in dashd where it happens to look at blocks again, and its sums are of before until it
    // loads the wallet: so both look at all blocks, as its warning says, and load.
    private async Task SettleReuseAsync(string wallet)
    {
        await _pair.AskAsync(wallet, "rescanblockchain", "[]");
        await _scene.LoadAgainAsync(wallet);
    }

    private async Task LockAsync()
    {
        _scene.Note("coin lock");
        var wallet = _scene.Pick(Names);
        if (await _scene.AnyCoinAsync(wallet) is { } coin)
        {
            var what = $"[{{\"txid\":{coin.GetProperty("txid").GetRawText()},\"vout\":{_scene.Pick(coin.GetProperty("vout").GetRawText(), "77")}}}]";
            await _pair.AskAsync(wallet, "lockunspent", $"[{_scene.Pick("true", "false", "false")},{what},{_scene.Pick("true", "false")}]");
        }

        if (_scene.OneIn(3))
        {
            await _pair.AskAsync(wallet, "lockunspent", "[true]");
        }
    }

    private async Task ReadAsync()
    {
        _scene.Note("read");
        var (method, parameters) = _scene.Random.Next(24) switch
        {
            0 => ("getbalance", _scene.Pick("[]", "[\"*\",0]", "[\"*\",6,true]", "[\"x\"]", "[null,1,false,true,false]")),
            1 => ("getbalances", "[]"),
            2 => ("getunconfirmedbalance", "[]"),
            3 => ("listunspent", _scene.Pick("[]", "[0]", "[1,9999999,[],false]", $"[0,99,[\"{_scene.Pick(_scene.Addresses)}\"]]", "[0,9,[],true,{\"minimumAmount\":1,\"coinType\":3}]", "[0,9,[\"x\"]]")),
            4 => ("listtransactions", _scene.Pick("[]", "[\"*\",5,2]", "[\"shop\",100]", "[\"*\",-1]", "[\"*\",1,-1]", "[\"\"]", "[\"*\",1000]")),
            5 => ("listsinceblock", _scene.Pick("[]", $"[\"{_scene.Pick(_scene.Blocks)}\"]", $"[\"{_scene.Pick(_scene.Blocks)}\",3]", "[\"00\"]", $"[\"{_scene.Pick(_scene.Blocks)}\",0]")),
            6 => ("gettransaction", $"[\"{_scene.Pick(_scene.AnyTxid(), "00")}\",{_scene.Pick("true", "false", "null")},{_scene.Pick("true", "false")}]"),
            7 => ("getaddressinfo", $"[\"{_scene.Pick(_scene.Pick(_scene.Addresses), WalletScene.Foreign, "x", "")}\"]"),
            8 => ("listlabels", _scene.Pick("[]", "[\"send\"]", "[\"receive\"]", "[\"x\"]")),
            9 => ("getaddressesbylabel", _scene.Pick("[\"\"]", "[\"shop\"]", "[\"nobody\"]", "[\"*\"]")),
            10 => ("listreceivedbyaddress", _scene.Pick("[]", "[0,true,true]", "[6]", $"[0,false,true,null,\"{_scene.Pick(_scene.Addresses)}\"]", "[1,false,false,null,\"x\"]", "[0,false,true,null,null,true]")),
            11 => ("listreceivedbylabel", _scene.Pick("[]", "[0,false,true]", "[0,true,true,null,true]")),
            12 => ("getreceivedbyaddress", $"[\"{_scene.Pick(_scene.Pick(_scene.Addresses), WalletScene.Foreign)}\",{_scene.Pick("0", "1", "6")}]"),
            13 => ("getreceivedbylabel", $"[\"{_scene.Pick("shop", "", "nobody")}\",{_scene.Pick("0", "1")}]"),
            14 => ("listaddressgroupings", "[]"),
            15 => ("listaddressbalances", _scene.Pick("[]", "[1]", "[-1]")),
            16 => ("listlockunspent", "[]"),
            17 => ("getwalletinfo", "[]"),
            18 => ("listwallets", "[]"),
            19 => ("listwalletdir", "[]"),
            20 => ("walletcreatefundedpsbt", "[[],[{\"x\":1}]]"),
            21 => ("fundrawtransaction", _scene.Pick("[\"00\"]", "[\"\"]", "[\"02000000000000000000\"]")),
            22 => ("upgradewallet", "[]"),
            _ => ("abortrescan", "[]"),
        };
        await _pair.AskAsync(_scene.Pick(Names), method, _scene.OneIn(4) ? Named(method, parameters) : parameters);
    }

    // The same arguments by name; sometimes one that is unknown or given twice.
    private string Named(string method, string parameters)
    {
        using var given = JsonDocument.Parse(parameters);
        var names = WalletMethods.All.First(one => one.Name == method).Args.Select(static arg => arg.Names.Split('|')).ToArray();
        var members = given.RootElement.EnumerateArray()
            .Select((value, place) => (Value: value, Place: place))
            .Where(item => item.Place < names.Length && item.Value.ValueKind != JsonValueKind.Null)
            .Select(item => $"\"{_scene.Pick(names[item.Place])}\":{item.Value.GetRawText()}").ToList();
        if (_scene.OneIn(8))
        {
            members.Add(_scene.Pick("\"nonsense\":1", members.Count > 0 ? members[0] : "\"args\":[]", "\"args\":[1]"));
        }

        return "{" + string.Join(',', members) + "}";
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

    // Names and order of arguments and results; what is said about them is in words of our own.
    private async Task CompareHelpAsync()
    {
        foreach (var method in WalletMethods.All.Where(static method => !method.IsAddition))
        {
            _scene.Note("help");
            var hasOwnResults = OwnResults.Contains(method.Name);
            await _pair.CompareAsync("", "help", $"[\"{method.Name}\"]", help => HelpSkeleton.Of(help.GetString()!, !hasOwnResults)); // it is a text
        }
    }

    // On a wallet without coins it may spend, so that what is accepted is the same on both sides.
    private async Task AskWrongAsync(string wallet)
    {
        var address = (await _pair.TellAsync("poor", "getnewaddress", "[]")).GetString()!; // it is a text
        await _scene.MineAsync(address);
        var coins = await _pair.TryOneAsync(isOurs: false, "poor", "listtransactions", "[]");
        var guesses = 0;
        var calls = new WrongCalls(WrongInput.Right(address, coins is { } list && list.GetArrayLength() > 0 ? list[0].GetProperty("txid").GetString() : null));
        foreach (var method in WrongInput.Methods)
        {
            foreach (var call in calls.Of(method).Where(WrongInput.IsHarmless))
            {
                _scene.Note("wrong input");
                await _pair.AskAsync(wallet, call.Method, $"[{call.Parameters}]", comparesResults: false);
                switch (call.Method)
                {
                    case "walletpassphrase" or "walletpassphrasechange":
                        if (++guesses % FreeGuesses == 0)
                        {
                            await _pair.AskAsync(wallet, "walletpassphrase", "[\"open\",100000]", comparesResults: false);
                        }

                        await _pair.AskAsync(wallet, "walletlock", "[]", comparesResults: false);
                        break;
                    case "unloadwallet":
                        await _pair.AskAsync("", "loadwallet", $"[\"{wallet}\"]", comparesResults: false);
                        break;
                }
            }
        }
    }
}
