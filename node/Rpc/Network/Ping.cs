using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class Ping
{
    public static readonly NodeMethod Method = new(
        "network", "ping", "Asks every peer for a sign of life. getpeerinfo shows how long it took, as pingtime, or how long it has been waited for, as pingwait.\n"
            + "The question is handled by the peer after all it got before, so the time says how busy it is, too.")
    {
        Results = [Result.None()],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        foreach (var peer in call.Node.Peers.Peers.All)
        {
            peer.Pings.IsRequested = true;
        }

        call.Node.Peers.Messages.Wake();
        return ValueTask.CompletedTask;
    }
}
