using System.Text.Json;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Bans;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class SetBan
{
    private static readonly RpcArg<string> Range = Arg.Str("subnet", "An address, or a range of them as address/bits or address/mask.");
    private static readonly RpcArg<string> Command = Arg.Str("command", "add: keep it out; remove: no longer.");
    private static readonly RpcArg<long> Time = Arg.Long("bantime", fallback: 0, "For how many seconds; 0 for -bantime, a day unless set.");
    private static readonly RpcArg<bool> IsAbsolute = Arg.Bool("absolute", fallback: false, "Whether bantime is a time instead, in seconds since 1970.");

    public static readonly NodeMethod Method = new(
        "network", "setban", "Keeps an address or a range of addresses out, or lets it in again. Peers that are there are disconnected.")
    {
        Args = [Range, Command, Time, IsAbsolute],
        Results = [Result.None()],
        Examples =
        [
            Example.Cli("\"192.168.0.6\" \"add\" 86400"),
            Example.Cli("\"192.168.0.0/24\" \"add\""),
            Example.Rpc("\"192.168.0.6\", \"add\", 86400"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var command = call.Has(Command) ? call.Get(Command) : "";
        if (command is not ("add" or "remove"))
        {
            throw new RpcError(RpcErrorCode.Misc, HelpText.Render(call.Method));
        }

        var peers = call.Node.Peers;
        var bans = peers.Surroundings.Bans;
        var range = Read(call);
        if (command == "remove")
        {
            if (!bans.Unban(range.Subnet))
            {
                throw new RpcError(
                    RpcErrorCode.InvalidIpOrSubnet, "Error: Unban failed. Requested address/subnet was not previously manually banned.");
            }

            result.WriteNullValue();
            return ValueTask.CompletedTask;
        }

        if (range.Single is { } single ? bans.IsBanned(single) : bans.IsBanned(range.Subnet))
        {
            throw new RpcError(RpcErrorCode.NodeAlreadyAdded, "Error: IP/Subnet already banned");
        }

        if (call.Get(IsAbsolute) && call.Get(Time) < call.Node.Clock.UnixSeconds)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Error: Absolute timestamp is in the past");
        }

        bans.Ban(range.Subnet, call.Get(Time), call.Get(IsAbsolute));
        peers.Disconnect(range.Subnet);
        result.WriteNullValue();
        return ValueTask.CompletedTask;
    }

    // A single address is banned already if it is in a banned range.
    private static (NetSubnet Subnet, NetAddress? Single) Read(NodeCall call)
    {
        var text = call.Get(Range);
        var takesCjdns = call.Node.Peers.Surroundings.Reach.Reachable.TakesCjdns;
        if (NetSubnet.TryParse(text, takesCjdns, out var subnet))
        {
            if (text.Contains('/', StringComparison.Ordinal))
            {
                return (subnet, null);
            }

            if (NetAddress.TryParse(text, out var address) && address.IsValid)
            {
                return (subnet, takesCjdns ? address.AsCjdns() : address);
            }
        }

        throw new RpcError(RpcErrorCode.InvalidIpOrSubnet, "Error: Invalid IP/Subnet");
    }
}
