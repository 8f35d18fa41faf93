using System.Globalization;
using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Rpc;

namespace Dash.RpcTests.Support;

/// <summary>Answers one call: an error's code and nothing, or 0 and the result. Parameters are a JSON array.</summary>
internal delegate Task<(int Code, JsonElement? Result)> AskWallet(string wallet, string method, string parameters);

/// <summary>
/// All that <see cref="WrongCalls"/> makes, asked of a wallet that has keys and no coin to spend, always in the same order: what is
/// accepted on the way changes what comes after it alike wherever it is asked.
/// </summary>
internal static class WrongInput
{
    /// <summary>The wallet's name.</summary>
    public const string Wallet = "poor";

    private const string Words = "zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo zoo wrong";

    // Right and slow, or gone afterwards.
    private static readonly string[] Last = ["encryptwallet", "walletpassphrasechange", "walletpassphrase", "wipewallettxes", "unloadwallet"];

    /// <summary>Those methods that dashd has too, in the order in which they are asked.</summary>
    public static IEnumerable<RpcMethod> Methods => WalletMethods.All.Where(static method => !method.IsAddition)
        .OrderBy(static method => Array.IndexOf(Last, method.Name)).ThenBy(static method => method.Name, StringComparer.Ordinal);

    /// <summary>What is right for arguments of these names.</summary>
    public static Dictionary<string, string> Right(string address, string? txid) => new()
    {
        ["address"] = $"\"{address}\"",
        ["txid"] = $"\"{txid ?? "00"}\"",
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
        ["timeout"] = "100000", // a lease that outlasts the run
    };

    /// <summary>Is it neither right and long, nor writes it a file wherever somebody says?</summary>
    public static bool IsHarmless(WrongCall call) =>
        call is not { Method: "keypoolrefill", Parameters: "21000001" } && !(call.Method == "backupwallet" && call.Parameters.StartsWith('"'));

    // This wallet reads it before it looks for coins, dashd after that: see docs/wallet.md.
    private static bool IsListed(WrongCall call) =>
        call.Method == "send" && call.Parameters.Contains("\"add_to_wallet\":null", StringComparison.Ordinal);

    /// <summary>Asks all of it.</summary>
    /// <param name="askAsync">A daemon without wallets on a chain of the first block only; <c>generatetoaddress</c> is asked of its node.</param>
    /// <returns>A line for each argument: the codes in their order, with how often in a row.</returns>
    public static async Task<IReadOnlyList<string>> CodesAsync(AskWallet askAsync)
    {
        await askAsync("", "createwallet", $"[\"{Wallet}\",false,true,\"\",false,true,false]");
        await askAsync(Wallet, "upgradetohd", $"[\"{Words}\",\"\",\"\",false]");
        var (_, named) = await askAsync(Wallet, "getnewaddress", "[]");
        var address = named!.Value.GetString()!; // it was just made
        await askAsync("", "generatetoaddress", $"[1,\"{address}\"]");
        var (_, history) = await askAsync(Wallet, "listtransactions", "[]");
        var calls = new WrongCalls(Right(address, history!.Value[0].GetProperty("txid").GetString())); // as was this
        List<string> lines = [];
        foreach (var method in Methods)
        {
            foreach (var group in calls.Of(method).Where(static call => IsHarmless(call) && !IsListed(call)).GroupBy(static call => call.Place))
            {
                List<int> codes = [];
                foreach (var call in group)
                {
                    codes.Add((await askAsync(Wallet, method.Name, $"[{call.Parameters}]")).Code);
                    await StepBackAsync(askAsync, method.Name);
                }

                lines.Add($"{method.Name} {(group.Key.Length == 0 ? "(number)" : group.Key)}: {Short(codes)}");
            }
        }

        return lines;
    }

    /// <summary>After calls of these methods the wallet is as before: locked, loaded.</summary>
    public static async Task StepBackAsync(AskWallet askAsync, string method)
    {
        switch (method)
        {
            case "walletpassphrase":
                await askAsync(Wallet, "walletlock", "[]");
                break;
            case "unloadwallet":
                await askAsync("", "loadwallet", $"[\"{Wallet}\"]");
                break;
        }
    }

    private static string Short(List<int> codes)
    {
        List<string> runs = [];
        for (var from = 0; from < codes.Count;)
        {
            var count = codes.Skip(from).TakeWhile(code => code == codes[from]).Count();
            runs.Add(string.Create(CultureInfo.InvariantCulture, $"{codes[from]}{(count > 1 ? "*" + count.ToString(CultureInfo.InvariantCulture) : "")}"));
            from += count;
        }

        return string.Join(' ', runs);
    }
}
