using System.Text.Json;
using Dash.Primitives.Encoding;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class SendMsgToPeer
{
    private const int MaxTypeLength = 12;

    private static readonly RpcArg<int> PeerId = Arg.Int("peer_id", "The peer's number.");
    private static readonly RpcArg<string> Type = Arg.Str("msg_type", "The message's name, at most 12 characters.");
    private static readonly RpcArg<string> Message = Arg.HexText("msg", "Its contents in hex, without the header.");

    public static readonly NodeMethod Method = new("hidden", "sendmsgtopeer", "Sends a message of any contents to a peer, for tests.")
    {
        Args = [PeerId, Type, Message],
        Results = [Result.None()],
        Examples = [Example.Cli("0 \"addr\" \"ffffff\""), Example.Rpc("0, \"addr\", \"ffffff\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var id = call.Get(PeerId);
        var type = call.Get(Type);
        if (type.Length > MaxTypeLength)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Error: msg_type too long, max length is {MaxTypeLength}");
        }

        if (!Hex.TryDecode(call.Get(Message), out var payload))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Error parsing input for msg");
        }

        if (call.Node.Peers.Peers.Find(id) is not { IsDisconnected: false } peer)
        {
            throw new RpcError(RpcErrorCode.Misc, "Error: Could not send message to peer");
        }

        peer.Send(type, payload);
        result.WriteNullValue();
        return ValueTask.CompletedTask;
    }
}
