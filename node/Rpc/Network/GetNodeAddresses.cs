using System.Text.Json;
using Dash.Node.Net.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class GetNodeAddresses
{
    private static readonly RpcArg<int> Count = Arg.Int("count", fallback: 1, "At most so many; 0 for all.");
    private static readonly RpcArg<string?> Network = Arg.OptionalStr(
        "network", "Only of this network: ipv4, ipv6, onion, i2p or cjdns.", hint: "all networks");

    public static readonly NodeMethod Method = new(
        "network", "getnodeaddresses", "Some addresses of other nodes, at random, without those that are old or failed.\n"
            + "More may be known. They can serve to find peers.")
    {
        Args = [Count, Network],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Time("time", "When the node was last seen."),
                Result.Num("services", "What it offers, as bits."),
                Result.Str("address", "Its address."),
                Result.Num("port", "Its port."),
                Result.Str("network", "Its network (ipv4, ipv6, onion, i2p, cjdns)."))),
        ],
        Examples =
        [
            Example.Cli("8"),
            Example.Cli("4 \"i2p\""),
            Example.Cli("-named network=onion count=12"),
            Example.Rpc("8"),
            Example.Rpc("4, \"i2p\""),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var count = call.Get(Count);
        if (count < 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Address count out of range");
        }

        NetworkKind? network = call.Get(Network) is { } name ? NetworkNames.Parse(name) : null;
        if (network == NetworkKind.Unroutable)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Network not recognized: {call.Get(Network)}");
        }

        result.WriteStartArray();
        foreach (var peer in call.Node.Peers.AnswerCache.Draw(count, percent: 0, network))
        {
            result.WriteStartObject();
            result.WriteNumber("time", peer.Time);
            result.WriteNumber("services", peer.Services);
            result.WriteString("address", peer.Endpoint.Address.ToString());
            result.WriteNumber("port", peer.Endpoint.Port);
            result.WriteString("network", NetworkNames.Of(peer.Endpoint.Address.Class));
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
