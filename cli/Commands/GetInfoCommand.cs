using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Cli.Connection;
using Dash.Cli.Output;

namespace Dash.Cli.Commands;

/// <summary>-getinfo: one page about node and wallet, from four calls in one request.</summary>
internal static class GetInfoCommand
{
    private static readonly string[] Methods = ["getnetworkinfo", "getblockchaininfo", "getwalletinfo", "getbalances"];

    public static async Task<Outcome> RunAsync(
        RpcServer server, Colors colors, IReadOnlyList<string> words, CancellationToken ct)
    {
        if (words.Count > 0) throw new CliException("-getinfo takes no arguments");
        var replies = await server.CallBatchAsync(Methods, server.Wallet, ct).ConfigureAwait(false);
        // Without a wallet the last two may fail.
        if (replies.Take(2).Select(reply => reply.At("error")).FirstOrDefault(error => !error.IsNull()) is { ValueKind: JsonValueKind.Object } error)
            return Outcome.Error(error);
        var balances = server.Wallet is null ? await BalancesAsync(server, ct).ConfigureAwait(false) : [];

        var text = new StringBuilder();
        AppendChain(text, replies[1].At("result"), colors);
        AppendNetwork(text, replies[0].At("result"), colors);
        AppendWallet(text, replies[2].At("result"), replies[3].At("result"), colors);
        AppendBalances(text, balances, colors);
        var warnings = replies[0].At("result").At("warnings").Text();
        text.Append($"{colors.Yellow}Warnings:{colors.Reset} {(warnings.Length == 0 ? "(none)" : warnings)}");
        return new(text.ToString(), 0);
    }

    private static void AppendChain(StringBuilder text, JsonElement chain, Colors colors)
    {
        text.Append($"{colors.Blue}Chain: {chain.At("chain").Text()}{colors.Reset}\n");
        text.Append($"Blocks: {chain.At("blocks").Text()}\n");
        text.Append($"Headers: {chain.At("headers").Text()}\n");
        var progress = chain.At("verificationprogress") is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : 0;
        var bar = progress < 0.99 ? Bar(progress) + " " : "";
        text.Append(CultureInfo.InvariantCulture, $"Verification progress: {bar}{progress * 100:F4}%\n");
        text.Append($"Difficulty: {chain.At("difficulty").Text()}\n\n");
    }

    private static void AppendNetwork(StringBuilder text, JsonElement network, Colors colors)
    {
        text.Append(
            $"{colors.Green}Network: in {network.At("connections_in").Text()}, out {network.At("connections_out").Text()}, " +
            $"total {network.At("connections").Text()}, mn_in {network.At("connections_mn_in").Text()}, " +
            $"mn_out {network.At("connections_mn_out").Text()}, mn_total {network.At("connections_mn").Text()}{colors.Reset}\n");
        text.Append($"Version: {network.At("version").Text()}\n");
        text.Append($"Time offset (s): {network.At("timeoffset").Text()}\n");
        text.Append($"Proxies: {Proxies(network.At("networks"))}\n");
        text.Append($"Min tx relay fee rate (DASH/kB): {network.At("relayfee").Text()}\n\n");
    }

    private static void AppendWallet(StringBuilder text, JsonElement wallet, JsonElement balances, Colors colors)
    {
        if (!wallet.IsNull())
        {
            var name = wallet.At("walletname").Text();
            text.Append($"{colors.Magenta}Wallet: {Shown(name)}{colors.Reset}\n");
            text.Append($"{colors.Cyan}CoinJoin balance:{colors.Reset} {wallet.At("coinjoin_balance").Text()}\n");
            text.Append($"Keypool size: {wallet.At("keypoolsize").Text()}\n");
            if (!wallet.At("unlocked_until").IsNull()) text.Append($"Unlocked until: {wallet.At("unlocked_until").Text()}\n");
            text.Append($"Transaction fee rate (-paytxfee) (DASH/kB): {wallet.At("paytxfee").Text()}\n\n");
        }

        if (!balances.IsNull())
            text.Append($"{colors.Cyan}Balance:{colors.Reset} {balances.At("mine").At("trusted").Text()}\n\n");
    }

    private static void AppendBalances(StringBuilder text, List<(string Wallet, string Balance)> balances, Colors colors)
    {
        if (balances.Count == 0) return;
        text.Append($"{colors.Cyan}Balances{colors.Reset}\n");
        var width = Math.Max(10, balances.Max(b => b.Balance.Length));
        foreach (var (wallet, balance) in balances) text.Append($"{balance.PadLeft(width)} {Shown(wallet)}\n");
        text.Append('\n');
    }

    /// <summary>The balance of each wallet when several are loaded.</summary>
    private static async Task<List<(string Wallet, string Balance)>> BalancesAsync(RpcServer server, CancellationToken ct)
    {
        var loaded = await server.CallAsync("listwallets", "[]", null, ct).ConfigureAwait(false);
        if (!loaded.At("error").IsNull() || loaded.At("result").GetArrayLength() <= 1) return [];
        List<(string Wallet, string Balance)> balances = [];
        foreach (var wallet in loaded.At("result").EnumerateArray().Select(name => name.Text()))
        {
            var reply = await server.CallAsync("getbalances", "[]", wallet, ct).ConfigureAwait(false);
            balances.Add((wallet, reply.At("result").At("mine").At("trusted").Text()));
        }

        return balances;
    }

    /// <summary>"proxy (network, network), proxy (network)", or "n/a".</summary>
    private static string Proxies(JsonElement networks)
    {
        if (networks.ValueKind != JsonValueKind.Array) return "n/a";
        var proxies = networks.EnumerateArray()
            .Where(network => network.At("proxy").Text().Length > 0)
            .GroupBy(network => network.At("proxy").Text(), network => network.At("name").Text())
            .Select(proxy => $"{proxy.Key} ({string.Join(", ", proxy)})")
            .ToList();
        return proxies.Count == 0 ? "n/a" : string.Join(", ", proxies);
    }

    /// <summary>Twenty marks, a full one for each 5 % begun.</summary>
    private static string Bar(double progress)
    {
        const double Step = 0.05;
        if (progress is < 0 or > 1) return "";
        var text = new StringBuilder();
        for (var i = 0; i < progress / Step; i++) text.Append('▒');
        for (var i = 0; i < (1 - progress) / Step; i++) text.Append('░');
        return text.ToString();
    }

    private static string Shown(string wallet) => wallet.Length == 0 ? "\"\"" : wallet;
}
