using System.Text.Json;
using Dash.Cli.Connection;
using Dash.Cli.Output;

namespace Dash.Cli.Commands;

/// <summary>-addrinfo: how many addresses of peers the node knows, by network.</summary>
internal static class AddrInfoCommand
{
    private static readonly string[] Networks = ["ipv4", "ipv6", "onion", "i2p", "cjdns"];

    public static async Task<Outcome> RunAsync(RpcServer server, IReadOnlyList<string> words, CancellationToken ct)
    {
        if (words.Count > 0) throw new CliException("-addrinfo takes no arguments");
        var reply = await server.CallAsync("getnodeaddresses", "[0]", server.Wallet, ct).ConfigureAwait(false);
        if (!reply.At("error").IsNull()) return Outcome.Error(reply.At("error"));

        var addresses = reply.At("result").EnumerateArray().Select(node => node.At("network").Text()).ToList();
        var counts = Networks.Select(network => (Name: network, Count: addresses.Count(a => a == network))).ToList();
        var members = counts.Append((Name: "total", Count: counts.Sum(c => c.Count))).Select(c => $"\"{c.Name}\":{c.Count}");
        using var shown = JsonDocument.Parse($"{{\"addresses_known\":{{{string.Join(',', members)}}}}}");
        return Outcome.Result(shown.RootElement);
    }
}
