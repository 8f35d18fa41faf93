using System.Globalization;
using System.Text.Json;

namespace Dash.Bench.Differential;

/// <summary>Payments, what is made of chosen coins, and what becomes of payments.</summary>
internal sealed class PaymentSteps(WalletScene scene)
{
    private const int TwoWeeksAndAnHour = (14 * 24 * 3600) + 3600;

    private static readonly string[] All = ["main", "reuse", "secret", "watch"];

    private WalletPair Pair => scene.Pair;

    /// <summary>One of the two pays, the other one hears of it from the network.</summary>
    public async Task PayAsync(string wallet)
    {
        scene.Note("payment");
        await scene.AdvanceAsync(scene.Random.Next(1, 100));
        var isOurs = scene.OneIn(2);
        var amount = scene.AnyAmount(1, 400);
        var to = scene.Pick(scene.Addresses);
        var (method, parameters) = scene.Random.Next(5) switch
        {
            0 => ("sendtoaddress", $"[\"{to}\",{amount},\"\",\"\",{(scene.OneIn(4) ? "true" : "false")}]"),
            1 => ("sendmany", $"[\"\",{{\"{to}\":{amount},\"{WalletScene.Foreign}\":0.25}}]"),
            2 => ("sendtoaddress", $"{{\"address\":\"{to}\",\"amount\":{amount},\"fee_rate\":{scene.Random.Next(1, 20)},\"verbose\":true}}"),
            3 => ("sendmany", $"[\"\",{{\"{to}\":\"{amount}\",\"{WalletScene.Foreign}\":0.25}},1,false,\"\",[\"{to}\"]]"),
            _ => ("send", $"[[{{\"{to}\":{amount}}}],null,\"unset\",{scene.Random.Next(1, 20)}]"),
        };
        if (await Pair.TryOneAsync(isOurs, wallet, method, parameters) is not { } sent)
        {
            return;
        }

        var txid = sent.ValueKind == JsonValueKind.String ? sent.GetString()! : sent.GetProperty("txid").GetString()!; // both are texts
        if (await Pair.TryOneAsync(isOurs, wallet, "gettransaction", $"[\"{txid}\"]") is { } found)
        {
            await Pair.TryOneAsync(!isOurs, "", "sendrawtransaction", $"[\"{found.GetProperty("hex").GetString()}\"]");
            scene.Txids.Add(txid);
            await Pair.EvenOutAsync();
            await Pair.AskAsync(wallet, "gettransaction", $"[\"{txid}\"]");
        }
    }

    /// <summary>The same transaction made of the same coin on both, in all the ways there are, and not sent.</summary>
    public async Task FundAsync(string wallet)
    {
        scene.Note("funding");
        if (await scene.AnyCoinAsync(wallet, "1") is not { } coin)
        {
            return;
        }

        var input = WalletScene.InputOf(coin, scene.Pick("", "", ",\"sequence\":5", ",\"sequence\":4294967295", ",\"sequence\":-1", ",\"size\":300", ",\"size\":3"));
        var value = coin.GetProperty("amount").GetDecimal();
        var part = Math.Round(value * scene.Random.Next(1, 100) / 100m, 8).ToString(CultureInfo.InvariantCulture);
        var to = scene.Pick(scene.Addresses);
        var outputs = scene.OneIn(3) ? $"[{{\"{to}\":{part}}},{{\"data\":\"00ff\"}}]" : $"[{{\"{to}\":{part}}}]";
        var change = scene.Pick(scene.Addresses);
        var rate = scene.Pick("1", "3.5", "20", "0", "0.5", "\"7\"", "1000000");
        var position = scene.Pick("", ",\"{0}\":0", ",\"{0}\":1", ",\"{0}\":7");
        var subtract = scene.Pick("", "", ",\"{0}\":[0]", ",\"{0}\":[0,0]", ",\"{0}\":[9]", ",\"{0}\":[-1]");
        switch (scene.Random.Next(3))
        {
            case 0:
                await Pair.AskAsync(wallet, "send",
                    $"[{outputs},null,\"unset\",null,{{\"inputs\":[{input}],\"add_to_wallet\":false,\"change_address\":\"{change}\",\"fee_rate\":{rate}"
                    + Named(position, "change_position") + Named(subtract, "subtract_fee_from_outputs")
                    + scene.Pick("", ",\"psbt\":true", ",\"locktime\":100", ",\"include_watching\":true") + "}]");
                break;
            case 1:
                await CreateFundedAsync(
                    wallet, $"[[{input}],{outputs},{scene.Pick("0", "7", "-1")},{{\"changeAddress\":\"{change}\",\"fee_rate\":{rate}"
                    + Named(position, "changePosition") + Named(subtract, "subtractFeeFromOutputs") + $"}},{scene.Pick("true", "false")}]");
                break;
            default:
                if (await Pair.AskAsync("", "createrawtransaction", $"[[{WalletScene.InputOf(coin)}],{outputs},{scene.Pick("0", "77")}]") is { } raw)
                {
                    await Pair.AskAsync(wallet, "fundrawtransaction",
                        $"[\"{raw}\",{{\"changeAddress\":\"{change}\",\"fee_rate\":{rate},\"add_inputs\":false" + Named(position, "changePosition")
                        + Named(subtract, "subtractFeeFromOutputs") + scene.Pick("", ",\"feeRate\":0.0001", ",\"conf_target\":3", ",\"x\":1") + "}]");
                }

                break;
        }

        static string Named(string form, string name) => form.Replace("{0}", name, StringComparison.Ordinal);
    }

    // What the watch-only wallet makes, the one with the keys signs, and anyone finishes.
    private async Task CreateFundedAsync(string wallet, string parameters)
    {
        if (await Pair.AskAsync(wallet, "walletcreatefundedpsbt", parameters) is not { } made)
        {
            return;
        }

        var psbt = made.GetProperty("psbt").GetString();
        await Pair.AskAsync("", "decodepsbt", $"[\"{psbt}\"]");
        await Pair.AskAsync("", "analyzepsbt", $"[\"{psbt}\"]");
        var sighash = scene.Pick("ALL", "ALL", "NONE", "SINGLE|ANYONECANPAY", "ALL|", "x");
        foreach (var signer in (string[])[wallet, "main"])
        {
            if (await Pair.AskAsync(
                signer, "walletprocesspsbt", $"[\"{psbt}\",{scene.Pick("true", "true", "false")},\"{sighash}\",{scene.Pick("true", "false")},{scene.Pick("true", "false")}]") is { } done)
            {
                psbt = done.GetProperty("psbt").GetString();
            }
        }

        await Pair.AskAsync("", "finalizepsbt", $"[\"{psbt}\"]");
    }

    /// <summary>A coin is signed for by itself.</summary>
    public async Task SignAsync(string wallet)
    {
        scene.Note("signature");
        var address = scene.Pick(scene.Pick(scene.Addresses), WalletScene.Foreign, "x");
        await Pair.AskAsync(wallet, "signmessage", $"[\"{address}\",\"{scene.Pick("", "hello", "\\u00e4")}\"]");
        if (await scene.AnyCoinAsync(wallet) is not { } coin)
        {
            return;
        }

        var input = WalletScene.InputOf(coin);
        var output = $"{{\"{scene.Pick(scene.Addresses)}\":0.01}}";
        if (await Pair.AskAsync("", "createrawtransaction", $"[[{input}],[{output}]]") is { } raw)
        {
            var before = scene.Pick("[]", $"[{WalletScene.InputOf(coin, $",\"scriptPubKey\":{coin.GetProperty("scriptPubKey").GetRawText()},\"amount\":1")}]", "[{}]");
            await Pair.AskAsync(wallet, "signrawtransactionwithwallet", $"[\"{raw}\",{before},\"{scene.Pick("ALL", "NONE|ANYONECANPAY", "X")}\"]");
            await Pair.AskAsync(wallet, "simulaterawtransaction", $"[[\"{raw}\"{scene.Pick("", $",\"{raw}\"")}]]");
        }

        if (await Pair.AskAsync("", "createpsbt", $"[[{input}],[{output}]]") is { } psbt)
        {
            await Pair.AskAsync(wallet, "walletprocesspsbt", $"[\"{psbt}\",{scene.Pick("true", "false")}]");
        }
    }

    /// <summary>A payment that waits is contradicted by a block; then nobody wants it any more.</summary>
    public async Task ContradictAsync(string wallet)
    {
        scene.Note("conflict");
        await PayAsync(wallet);
        var txid = scene.AnyTxid();
        if (await Pair.TryOneAsync(isOurs: false, wallet, "gettransaction", $"[\"{txid}\",null,true]") is not { } tx
            || tx.GetProperty("confirmations").GetInt32() != 0
            || !tx.GetProperty("decoded").GetProperty("vin")[0].TryGetProperty("txid", out var spent))
        {
            return;
        }

        var input = $"{{\"txid\":{spent.GetRawText()},\"vout\":{tx.GetProperty("decoded").GetProperty("vin")[0].GetProperty("vout").GetRawText()}}}";
        var other = await Pair.TryOneAsync(isOurs: false, "", "createrawtransaction", $"[[{input}],[{{\"{scene.Pick(scene.Addresses)}\":0.02}}]]");
        var signed = await Pair.TryOneAsync(isOurs: false, wallet, "signrawtransactionwithwallet", $"[\"{other}\"]");
        if (signed is not { } made || !made.GetProperty("complete").GetBoolean())
        {
            return;
        }

        await scene.MineAsync(scene.Pick(scene.Addresses), made.GetProperty("hex").GetRawText());
        await Pair.AskAsync(wallet, "gettransaction", $"[\"{txid}\"]");
        await Pair.AskAsync(wallet, "abandontransaction", $"[\"{txid}\"]");
        if (scene.OneIn(2))
        {
            await scene.TakeBackAsync(1);
            await Pair.AskAsync(wallet, "gettransaction", $"[\"{txid}\"]");
            await scene.MineAsync(scene.Pick(scene.Addresses));
            await scene.MineAsync(scene.Pick(scene.Addresses));
        }

        await scene.LoadAgainAsync(All);
    }

    /// <summary>What waits longer than the mempool keeps it is gone there, and is given up.</summary>
    public async Task ExpireAsync()
    {
        scene.Note("expiry");
        await PayAsync("main");
        await scene.AdvanceAsync(TwoWeeksAndAnHour);
        await PayAsync("main");
        await scene.MineAsync(scene.Pick(scene.Addresses));
        await Pair.AskAsync("", "getrawmempool", "[]");
        foreach (var wallet in All)
        {
            foreach (var txid in scene.Txids.TakeLast(12))
            {
                await Pair.AskAsync(wallet, "gettransaction", $"[\"{txid}\"]");
                await Pair.AskAsync(wallet, "abandontransaction", $"[\"{txid}\"]");
            }
        }

        await scene.LoadAgainAsync(All);
    }
}
