using System.Text.Json;
using Dash.Node.Net.Addresses;
using Dash.Node.Net.Connecting;
using Dash.Node.Net.Peers;
using Dash.Node.Net.Wire;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

internal static class AddNode
{
    private static readonly RpcArg<string> Name = Arg.Str("node", "Address of the node, with or without a port.");
    private static readonly RpcArg<string> Command = Arg.Str(
        "command", "add: stay connected to it; remove: no longer, though a connection stays; onetry: connect once.");

    private static readonly RpcArg<bool?> UseV2 = Arg.OptionalBool(
        "v2transport", "Try the encrypted transport of BIP324; means nothing for remove.", hint: "set by -v2transport");

    public static readonly NodeMethod Method = new(
        "network", "addnode", "Keeps the list of nodes to which the node stays connected, or connects to one once.\n"
            + "Such peers are not parted from when they misbehave and need not have all blocks. At most 8 of the list are connected at a time; -maxconnections does not count them.")
    {
        Args = [Name, Command, UseV2],
        Results = [Result.None()],
        Examples = [Example.Cli("\"192.168.0.6:9999\" \"onetry\" true"), Example.Rpc("\"192.168.0.6:9999\", \"onetry\", true")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var command = call.Get(Command);
        if (command is not ("onetry" or "add" or "remove"))
        {
            throw new RpcError(RpcErrorCode.Misc, HelpText.Render(call.Method));
        }

        var name = call.Get(Name);
        var peers = call.Node.Peers;
        var speaksV2 = peers.Settings.Services.HasFlag(ServiceFlags.P2pV2);
        var useV2 = call.Get(UseV2) ?? speaksV2;
        if (useV2 && !speaksV2)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Error: v2transport requested but not enabled (see -v2transport)");
        }

        switch (command)
        {
            case "onetry":
                await peers.Opener.OpenAsync(new DialTarget(name, NetEndpoint.None), ConnectionType.Manual, useV2, ct);
                break;
            case "add" when !peers.Added.Add(new AddedPeer(name, useV2)):
                throw new RpcError(RpcErrorCode.NodeAlreadyAdded, "Error: Node already added");
            case "remove" when !peers.Added.Remove(name):
                throw new RpcError(
                    RpcErrorCode.NodeNotAdded, "Error: Node could not be removed. It has not been added previously.");
        }
    }
}
