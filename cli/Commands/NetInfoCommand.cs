using System.Globalization;
using System.Text;
using System.Text.Json;
using Dash.Cli.Connection;
using Dash.Cli.Output;
using Dash.Common.Hosting;

namespace Dash.Cli.Commands;

/// <summary>-netinfo: the peers on one page, from two calls in one request; the more the higher the level.</summary>
internal static class NetInfoCommand
{
    private const int MaxLevel = 4;
    private const int OldestServer = 200_000;
    private static readonly string[] Methods = ["getpeerinfo", "getnetworkinfo"];

    // Networks as results name them, and as the page does. The first and the last are no networks to connect in.
    private static readonly (string Name, string Short)[] Networks =
    [
        ("not_publicly_routable", "npr"), ("ipv4", "ipv4"), ("ipv6", "ipv6"), ("onion", "onion"), ("i2p", "i2p"), ("cjdns", "cjdns"), ("internal", "int"),
    ];

    private static readonly string[] Unreachable = [Networks[0].Name, Networks[^1].Name];

    /// <summary>What the words after the option say.</summary>
    /// <param name="server">The node.</param>
    /// <param name="chain">The network's name.</param>
    /// <param name="words">A level from 0 to 4, or "help".</param>
    /// <param name="time">For the ages of things.</param>
    /// <param name="ct">Gives up.</param>
    public static async Task<Outcome> RunAsync(RpcServer server, string chain, IReadOnlyList<string> words, TimeProvider time, CancellationToken ct)
    {
        if (words is ["help", ..])
        {
            return new(NetInfoHelp.Text, 0);
        }

        byte given = 0;
        if (words.Count > 0 && !byte.TryParse(words[0], NumberStyles.None, CultureInfo.InvariantCulture, out given))
        {
            throw new CliException($"invalid -netinfo argument: {words[0]}\nFor more information, run: dash-cli -netinfo help");
        }

        var level = Math.Min((int)given, MaxLevel);

        var replies = await server.CallBatchAsync(Methods, server.Wallet, ct).ConfigureAwait(false);
        if (replies.Select(reply => reply.At("error")).FirstOrDefault(error => !error.IsNull()) is { ValueKind: JsonValueKind.Object } error)
        {
            return Outcome.Error(error);
        }

        var network = replies[1].At("result");
        if (Number(network, "version") < OldestServer)
        {
            throw new CliException("-netinfo requires dashd server to be running v20.0 and up");
        }

        var peers = replies[0].At("result").EnumerateArray()
            .Where(peer => Networks.Any(known => known.Name == peer.At("network").Text()))
            .ToList();
        StringBuilder text = new();
        var shownChain = chain switch { "test" => " testnet", "devnet" => " devnet", "regtest" => " regtest", _ => "" };
        text.Append(
            $"{Product.Name} client {Product.VersionText}{shownChain} - server {network.At("protocolversion").Text()}{network.At("subversion").Text()}\n\n");
        if (level > 0 && peers.Count > 0)
        {
            NetInfoPeers.Append(text, peers, ShortNameOf, showsAddress: level is 2 or 4, showsVersion: level is 3 or 4, time.GetUtcNow().ToUnixTimeSeconds());
        }

        AppendCounts(text, peers, network);
        AppendLocal(text, network.At("localaddresses"));
        return new(text.ToString(), 0);
    }

    private static string ShortNameOf(string network) => Networks.First(known => known.Name == network).Short;

    private static long Number(JsonElement value, string name) =>
        value.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var result) ? result : 0;

    private static void AppendCounts(StringBuilder text, List<JsonElement> peers, JsonElement network)
    {
        text.Append("     ");
        List<string> columns = [];
        foreach (var name in network.At("networks").EnumerateArray().Where(n => n.At("reachable").Text() == "1").Select(n => n.At("name").Text()))
        {
            if (Networks.Any(known => known.Name == name))
            {
                text.Append(CultureInfo.InvariantCulture, $"{name,8}");
                columns.Add(name);
            }
        }

        foreach (var name in Unreachable.Where(name => peers.Any(peer => peer.At("network").Text() == name)))
        {
            text.Append(CultureInfo.InvariantCulture, $"{ShortNameOf(name),8}");
            columns.Add(name);
        }

        var blockRelay = peers.Count(peer => peer.At("connection_type").Text() == "block-relay-only");
        var manual = peers.Count(peer => peer.At("connection_type").Text() == "manual");
        text.Append("   total   block");
        text.Append(manual > 0 ? "  manual" : "");
        AppendRow("in", peers.Where(peer => peer.At("inbound").Text() == "1").ToList());
        AppendRow("out", peers.Where(peer => peer.At("inbound").Text() != "1").ToList());
        text.Append(CultureInfo.InvariantCulture, $"   {blockRelay,5}");
        if (manual > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $"   {manual,5}");
        }

        AppendRow("total", peers);

        void AppendRow(string name, List<JsonElement> counted)
        {
            text.Append(CultureInfo.InvariantCulture, $"\n{name,-5}");
            foreach (var column in columns)
            {
                text.Append(CultureInfo.InvariantCulture, $"{counted.Count(peer => peer.At("network").Text() == column),8}");
            }

            text.Append(CultureInfo.InvariantCulture, $"   {counted.Count,5}");
        }
    }

    private static void AppendLocal(StringBuilder text, JsonElement local)
    {
        text.Append("\n\nLocal addresses");
        var addresses = local.EnumerateArray().ToList();
        if (addresses.Count == 0)
        {
            text.Append(": n/a\n");
            return;
        }

        var width = addresses.Max(address => address.At("address").Text().Length) + 1;
        foreach (var address in addresses)
        {
            var name = address.At("address").Text().PadRight(width);
            text.Append($"\n{name}    port {address.At("port").Text(),6}    score {address.At("score").Text(),6}");
        }
    }
}
