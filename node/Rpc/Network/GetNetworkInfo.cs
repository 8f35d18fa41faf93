using System.Text.Json;
using Dash.Common.Hosting;
using Dash.Node.Net;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class GetNetworkInfo
{
    public static readonly NodeMethod Method = new("network", "getnetworkinfo", "Versions, and how the node takes part in the network.")
    {
        Results =
        [
            Result.Obj(
                Result.Num("version", "The version of Dash Core whose interface is served."),
                Result.Str("buildversion", "The same as text."),
                Result.Str("subversion", "What peers are told."),
                Result.Num("protocolversion", "Version of the peer-to-peer protocol."),
                Result.Hex("localservices", "Services offered to peers, as bits."),
                Result.Arr("localservicesnames", "The same as names.", Result.Str("SERVICE_NAME", "A name.")),
                Result.Bool("localrelay", "Whether transactions of peers are taken."),
                Result.Num("timeoffset", "Seconds the peers' clocks are ahead."),
                Result.Num("connections", "Peers."),
                Result.Num("connections_in", "Peers that connected to this node."),
                Result.Num("connections_out", "Peers that this node connected to."),
                Result.Num("connections_mn", "Peers that proved to be masternodes."),
                Result.Num("connections_mn_in", "Those of them that connected to this node."),
                Result.Num("connections_mn_out", "Those of them that this node connected to."),
                Result.Bool("networkactive", "Whether peers are spoken to."),
                Result.Str("socketevents", "How the system tells of sockets."),
                Result.Arr("networks", "The networks of peers.", Result.Obj("", "",
                    Result.Str("name", "The network (ipv4, ipv6, onion, i2p, cjdns)."),
                    Result.Bool("limited", "Whether -onlynet leaves it out."),
                    Result.Bool("reachable", "Whether it can be reached."),
                    Result.Str("proxy", "The proxy through which, host and port; or empty."),
                    Result.Bool("proxy_randomize_credentials", "Whether the proxy is given new credentials for each connection."))),
                Result.Num("relayfee", "Least fee rate that is relayed, DASH per 1,000 bytes."),
                Result.Num("incrementalfee", "Least step of fee rates, DASH per 1,000 bytes."),
                Result.Arr("localaddresses", "Own addresses that peers are told.", Result.Obj("", "",
                    Result.Str("address", "An address."),
                    Result.Num("port", "Its port."),
                    Result.Num("score", "How sure it is."))),
                Result.Str("warnings", "Anything an operator should know.")),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var network = call.Node.Peers;
        var peers = network.Peers.All;
        result.WriteStartObject();
        result.WriteNumber("version", Product.Version);
        result.WriteString("buildversion", Product.VersionText);
        result.WriteString("subversion", network.Settings.Subversion);
        result.WriteNumber("protocolversion", NetLimits.ProtocolVersion);
        result.WriteString("localservices", ServiceNames.ToHex(network.Settings.Services));
        result.WriteStrings("localservicesnames", ServiceNames.Of(network.Settings.Services));
        result.WriteBoolean("localrelay", !network.Settings.IsBlocksOnly);
        result.WriteNumber("timeoffset", network.PeerClock.Offset);
        result.WriteBoolean("networkactive", network.Admission.IsActive);
        result.WriteNumber("connections", peers.Length);
        result.WriteNumber("connections_in", peers.Count(static peer => peer.IsInbound));
        result.WriteNumber("connections_out", peers.Count(static peer => !peer.IsInbound));
        result.WriteNumber("connections_mn", 0);
        result.WriteNumber("connections_mn_in", 0);
        result.WriteNumber("connections_mn_out", 0);
        result.WriteString("socketevents", "epoll");
        WriteNetworks(result, network.Surroundings.Reach);
        result.WriteFeeRate("relayfee", call.Node.Policy.MinRelay);
        result.WriteFeeRate("incrementalfee", call.Node.Policy.IncrementalRelay);
        WriteLocalAddresses(result, network.Surroundings.Local);
        result.WriteString("warnings", call.Node.Chainstate.TipReport.Warning);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void WriteNetworks(Utf8JsonWriter result, ReachConfiguration reach)
    {
        result.WriteStartArray("networks");
        foreach (var network in NetworkNames.Reachable)
        {
            var isReachable = reach.Reachable.Contains(network);
            var proxy = reach.Proxies.Find(network);
            result.WriteStartObject();
            result.WriteString("name", NetworkNames.Of(network));
            result.WriteBoolean("limited", !isReachable);
            result.WriteBoolean("reachable", isReachable);
            result.WriteString("proxy", proxy?.ToString() ?? "");
            result.WriteBoolean("proxy_randomize_credentials", proxy is { RandomizesCredentials: true });
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static void WriteLocalAddresses(Utf8JsonWriter result, LocalAddresses local)
    {
        result.WriteStartArray("localaddresses");
        foreach (var address in local.All)
        {
            result.WriteStartObject();
            result.WriteString("address", address.Endpoint.Address.ToString());
            result.WriteNumber("port", address.Endpoint.Port);
            result.WriteNumber("score", address.Score);
            result.WriteEndObject();
        }

        result.WriteEndArray();
    }
}
