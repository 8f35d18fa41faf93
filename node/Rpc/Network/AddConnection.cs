using System.Text.Json;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class AddConnection
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "The node's address and port.");
    private static readonly RpcArg<string> Type = Arg.Str("connection_type", "outbound-full-relay, block-relay-only, addr-fetch or feeler.");
    private static readonly RpcArg<bool> UseV2 = Arg.Bool("v2transport", "Whether the encrypted transport of BIP324 is tried.");

    public static readonly NodeMethod Method = new("hidden", "addconnection", "Connects to a node as if it had been picked, for tests.")
    {
        Args = [Address, Type, UseV2],
        Results =
        [
            Result.Obj(
                Result.Str("address", "The node."),
                Result.Str("connection_type", "The kind of connection.")),
        ],
        Examples =
        [
            Example.Cli("\"192.168.0.6:9999\" \"outbound-full-relay\" true"),
            Example.Rpc("\"192.168.0.6:9999\", \"outbound-full-relay\", true"),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (call.Node.Network.Name != "regtest")
        {
            throw new RpcError(RpcErrorCode.Misc, "addconnection is for regression testing (-regtest mode) only.");
        }

        var node = call.Get(Address);
        var name = call.Get(Type).Trim(' ', '\t', '\n', '\r', '\f', '\v');
        ConnectionType type = name switch
        {
            "outbound-full-relay" => ConnectionType.OutboundFullRelay,
            "block-relay-only" => ConnectionType.BlockRelay,
            "addr-fetch" => ConnectionType.AddrFetch,
            "feeler" => ConnectionType.Feeler,
            _ => throw new RpcError(RpcErrorCode.InvalidParameter, HelpText.Render(call.Method)),
        };
        var peers = call.Node.Peers;
        if (call.Get(UseV2) && !peers.Settings.Services.HasFlag(ServiceFlags.P2pV2))
        {
            throw new RpcError(
                RpcErrorCode.InvalidParameter, "Error: Adding v2transport connections requires -v2transport init flag to be set.");
        }

        var all = peers.Peers.All;
        var most = type switch
        {
            ConnectionType.OutboundFullRelay => peers.Counts.MaxFullRelay,
            ConnectionType.BlockRelay => peers.Counts.MaxBlockRelay,
            _ => int.MaxValue,
        };
        var outgoing = all.Count(peer => !peer.IsInbound && peer.Type != ConnectionType.Manual);
        if (all.Count(peer => peer.Type == type) >= most || outgoing >= Math.Min(peers.Counts.MaxOutbound, peers.Counts.Max))
        {
            throw new RpcError(RpcErrorCode.NodeCapacityReached, "Error: Already at capacity for specified connection type.");
        }

        await peers.Opener.OpenAsync(new DialTarget(node, NetEndpoint.None), type, call.Get(UseV2), ct);
        result.WriteStartObject();
        result.WriteString("address", node);
        result.WriteString("connection_type", name);
        result.WriteEndObject();
    }
}
