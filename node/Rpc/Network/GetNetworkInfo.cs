using System.Text.Json;
using Dash.Common.Hosting;
using Dash.Primitives.Encoding;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class GetNetworkInfo
{
    public static readonly NodeMethod Method = new("network", "getnetworkinfo", "Versions, and how the node takes part in the network. It does not speak to peers yet.")
    {
        Results =
        [
            Result.Obj(
                Result.Num("version", "The version of Dash Core whose interface is served."),
                Result.Str("buildversion", "The same as text."),
                Result.Str("subversion", "What peers would be told."),
                Result.Num("protocolversion", "Version of the peer-to-peer protocol whose rules hold."),
                Result.Hex("localservices", "Services offered to peers, as bits."),
                Result.Arr("localservicesnames", "The same as names.", Result.Str("", "A name.")),
                Result.Bool("localrelay", "Whether transactions of peers are taken."),
                Result.Num("timeoffset", "Seconds the peers' clocks are ahead."),
                Result.Bool("networkactive", "Whether peers are spoken to."),
                Result.Num("connections", "Peers."),
                Result.Num("connections_in", "Peers that connected to this node."),
                Result.Num("connections_out", "Peers that this node connected to."),
                Result.Arr("networks", "Networks that can be reached.", Result.Elision()),
                Result.Num("relayfee", "Least fee rate that is relayed, DASH per 1,000 bytes."),
                Result.Num("incrementalfee", "Least step of fee rates, DASH per 1,000 bytes."),
                Result.Arr("localaddresses", "Own addresses that peers know.", Result.Elision()),
                Result.Str("warnings", "Anything an operator should know.")),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteStartObject();
        result.WriteNumber("version", Product.Version);
        result.WriteString("buildversion", Product.VersionText);
        result.WriteString("subversion", $"/{Product.Name}:{Product.VersionText[1..]}/");
        result.WriteNumber("protocolversion", ProtocolVersion.Current);
        result.WriteString("localservices", "0000000000000000");
        result.WriteStrings("localservicesnames", []);
        result.WriteBoolean("localrelay", false);
        result.WriteNumber("timeoffset", 0);
        result.WriteBoolean("networkactive", false);
        result.WriteNumber("connections", 0);
        result.WriteNumber("connections_in", 0);
        result.WriteNumber("connections_out", 0);
        result.WriteStartArray("networks");
        result.WriteEndArray();
        result.WriteFeeRate("relayfee", call.Node.Policy.MinRelay);
        result.WriteFeeRate("incrementalfee", call.Node.Policy.IncrementalRelay);
        result.WriteStartArray("localaddresses");
        result.WriteEndArray();
        result.WriteString("warnings", "");
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
