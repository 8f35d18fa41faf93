using System.Globalization;
using System.Text;
using System.Text.Json;

namespace Dash.Cli.Commands;

/// <summary>The table of peers of -netinfo: those that connected first, and among them the nearest first.</summary>
internal static class NetInfoPeers
{
    private const int AsmapWidth = 7;

    /// <summary>Appends the table.</summary>
    public static void Append(
        StringBuilder text, List<JsonElement> peers, Func<string, string> shortNameOf, bool showsAddress, bool showsVersion, long now)
    {
        var rows = peers
            .OrderBy(peer => IsOut(peer))
            .ThenBy(peer => Real(peer, "minping") ?? -1)
            .Select(peer => new Row(
                peer,
                shortNameOf(peer.At("network").Text()),
                Age: Number(peer, "conntime") is > 0 and var since ? Text((now - since) / 60) : "",
                Version: peer.At("version").Text() + peer.At("subver").Text()))
            .ToList();
        var processedWidth = Width(rows, 5, row => row.Peer.At("addr_processed").Text());
        var limitedWidth = Width(rows, 6, row => row.Peer.At("addr_rate_limited").Text());
        var ageWidth = Width(rows, 5, row => row.Age);
        var idWidth = Width(rows, 2, row => row.Peer.At("id").Text());
        var addressWidth = showsAddress ? rows.Max(row => row.Peer.At("addr").Text().Length) + 1 : 0;
        var hasSystems = rows.Any(row => Number(row.Peer, "mapped_as") != 0);

        text.Append("<->   type   net  v  mping   ping send recv  txn  blk  hb ");
        text.Append("addrp".PadLeft(processedWidth)).Append("addrl".PadLeft(limitedWidth)).Append("age".PadLeft(ageWidth)).Append(' ');
        text.Append(hasSystems ? " asmap " : "");
        text.Append("id".PadLeft(idWidth)).Append(' ').Append((showsAddress ? "address" : "").PadRight(addressWidth));
        text.Append(showsVersion ? "version\n" : "\n");
        foreach (var (peer, network, age, version) in rows)
        {
            var transport = peer.At("transport_protocol_type").Text() is ['v', var digit, ..] ? digit.ToString() : "";
            text.Append(
                $"{(IsOut(peer) ? "out" : "in"),3} {TypeOf(peer),6} {network,5} {transport,2}{Ping(peer, "minping"),7}{Ping(peer, "pingtime"),7}");
            text.Append($"{Since(peer, "lastsend", now, 1, ""),5}{Since(peer, "lastrecv", now, 1, ""),5}");
            text.Append($"{Since(peer, "last_transaction", now, 60, Is(peer, "relaytxes") ? "" : "*"),5}{Since(peer, "last_block", now, 60, ""),5}  ");
            text.Append(Is(peer, "bip152_hb_to") ? '.' : ' ').Append(Is(peer, "bip152_hb_from") ? '*' : ' ').Append(' ');
            text.Append(Count(peer, "addr_processed", Is(peer, "addr_relay_enabled") ? "" : ".").PadLeft(processedWidth));
            text.Append(Count(peer, "addr_rate_limited", "").PadLeft(limitedWidth));
            text.Append(age.PadLeft(ageWidth));
            text.Append((hasSystems ? Count(peer, "mapped_as", "") : "").PadLeft(hasSystems ? AsmapWidth : 0)).Append(' ');
            text.Append(peer.At("id").Text().PadLeft(idWidth)).Append(' ');
            text.Append((showsAddress ? peer.At("addr").Text() : "").PadRight(addressWidth));
            text.Append(showsVersion && version != "0" ? version : "").Append('\n');
        }

        text.Append("                        ms     ms  sec  sec  min  min                ").Append("min".PadLeft(ageWidth)).Append("\n\n");
    }

    private static int Width(List<Row> rows, int least, Func<Row, string> text) => Math.Max(least, rows.Max(row => text(row).Length));

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);

    private static bool Is(JsonElement peer, string name) => peer.At(name).Text() == "1";

    private static bool IsOut(JsonElement peer) => !Is(peer, "inbound");

    private static long Number(JsonElement peer, string name) =>
        peer.At(name) is { ValueKind: JsonValueKind.Number } number && number.TryGetInt64(out var value) ? value : 0;

    private static double? Real(JsonElement peer, string name) =>
        peer.At(name) is { ValueKind: JsonValueKind.Number } number ? number.GetDouble() : null;

    private static string Count(JsonElement peer, string name, string none) => Number(peer, name) is not 0 and var count ? Text(count) : none;

    private static string Since(JsonElement peer, string name, long now, int unit, string never) =>
        Number(peer, name) is not 0 and var time ? Text((now - time) / unit) : never;

    private static string Ping(JsonElement peer, string name)
    {
        if (Real(peer, name) is not { } seconds)
        {
            return "";
        }

        var ms = Math.Round(1000 * seconds, MidpointRounding.AwayFromZero);
        return ms > 999_999 ? "-" : Text((long)ms);
    }

    private static string TypeOf(JsonElement peer) => peer.At("connection_type").Text() switch
    {
        "outbound-full-relay" => "full",
        "block-relay-only" => "block",
        "addr-fetch" => "addr",
        "manual" => "manual",
        "feeler" => "feeler",
        _ => "",
    };

    private sealed record Row(JsonElement Peer, string Network, string Age, string Version);
}
