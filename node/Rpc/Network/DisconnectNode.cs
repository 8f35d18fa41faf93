using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class DisconnectNode
{
    private static readonly RpcArg<string?> Address = Arg.OptionalStr("address", "Address and port of the peer.", hint: "fallback to nodeid");
    private static readonly RpcArg<long?> Id = Arg.OptionalLong("nodeid", "The peer's number, as getpeerinfo shows it.", hint: "fallback to address");

    public static readonly NodeMethod Method = new(
        "network", "disconnectnode", "Parts from a peer at once.\nThe peer is named by either of the two arguments; for nodeid alone, address is empty or left out by name.")
    {
        Args = [Address, Id],
        Results = [Result.None()],
        Examples =
        [
            Example.Cli("\"192.168.0.6:9999\""), Example.Cli("\"\" 1"), Example.Rpc("\"192.168.0.6:9999\""), Example.Rpc("\"\", 1"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var isDone = (call.Has(Address), call.Has(Id)) switch
        {
            (true, false) => call.Node.Peers.Disconnect(call.Get(Address)!), // it is there
            (var hasAddress, true) when !hasAddress || (call.Raw(Address).ValueKind == JsonValueKind.String && call.Get(Address) is "") => call.Node.Peers.Disconnect(call.Get(Id) ?? -1),
            _ => throw new RpcError(RpcErrorCode.InvalidParams, "Only one of address and nodeid should be provided."),
        };
        return isDone ? ValueTask.CompletedTask : throw new RpcError(RpcErrorCode.NodeNotConnected, "Node not found in connected nodes");
    }
}
