using System.Text.Json;
using Dash.Node.Net.Addresses;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class AddPeerAddress
{
    private static readonly RpcArg<string> Address = Arg.Str("address", "The node's address.");
    private static readonly RpcArg<int> Port = Arg.Int("port", "Its port.");
    private static readonly RpcArg<bool> Tried = Arg.Bool("tried", fallback: false, "Whether it goes among those that were connected once.");

    public static readonly NodeMethod Method = new("hidden", "addpeeraddress", "Adds an address to those of other nodes, for tests.")
    {
        Args = [Address, Port, Tried],
        Results = [Result.Obj(Result.Bool("success", "Whether it was new."))],
        Examples = [Example.Cli("\"1.2.3.4\" 9999 true"), Example.Rpc("\"1.2.3.4\", 9999, true")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        const ulong Network = 1;
        var name = call.Get(Address);
        if (call.Get(Port) is < 0 or > ushort.MaxValue)
        {
            throw new RpcError(RpcErrorCode.Misc, "JSON integer out of range");
        }

        var surroundings = call.Node.Peers.Surroundings;
        var isAdded = false;
        if (NetAddress.TryParse(name, out var address))
        {
            NetEndpoint endpoint = new(surroundings.Reach.Reachable.TakesCjdns ? address.AsCjdns() : address, (ushort)call.Get(Port));

            // It is its own source, as if it had announced itself.
            isAdded = surroundings.Addresses.Add([new PeerAddress(endpoint, Network, (uint)call.Node.Clock.UnixSeconds)], endpoint.Address);
            if (isAdded && call.Get(Tried))
            {
                surroundings.Addresses.Good(endpoint);
            }
        }

        result.WriteStartObject();
        result.WriteBoolean("success", isAdded);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
