using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class GetAddedNodeInfo
{
    private static readonly RpcArg<string?> Name = Arg.OptionalStr("node", "Only this one.", hint: "all nodes");

    public static readonly NodeMethod Method = new(
        "network", "getaddednodeinfo", "The nodes to which the node was told to stay connected, by addnode add or -addnode.")
    {
        Args = [Name],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Str("addednode", "The node, as it was given."),
                Result.Bool("connected", "Whether it is connected."),
                Result.Arr("addresses", "Only when connected.", Result.Obj("", "",
                    Result.Str("address", "Where it is connected."),
                    Result.Str("connected", "inbound or outbound."))))),
        ],
        Examples = [Example.Cli("\"192.168.0.201\""), Example.Rpc("\"192.168.0.201\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var added = call.Node.Peers.Added;
        var chosen = added.All.AsEnumerable();
        if (call.Get(Name) is { } name)
        {
            chosen = [.. chosen.Where(one => string.Equals(one.Name, name, StringComparison.Ordinal)).Take(1)];
            if (!chosen.Any())
            {
                throw new RpcError(RpcErrorCode.NodeNotAdded, "Error: Node has not been added.");
            }
        }

        result.WriteStartArray();
        foreach (var one in chosen)
        {
            var peer = added.Find(one);
            result.WriteStartObject();
            result.WriteString("addednode", one.Name);
            result.WriteBoolean("connected", peer is not null);
            result.WriteStartArray("addresses");
            if (peer is not null)
            {
                result.WriteStartObject();
                result.WriteString("address", peer.Address.ToString());
                result.WriteString("connected", peer.IsInbound ? "inbound" : "outbound");
                result.WriteEndObject();
            }

            result.WriteEndArray();
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
