using System.Text.Json;
using Dash.Node.Net.Peers;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Network;

internal static class GetNetTotals
{
    public static readonly NodeMethod Method = new("network", "getnettotals", "How much was exchanged with peers, and what is left of the upload target.")
    {
        Results =
        [
            Result.Obj(
                Result.Num("totalbytesrecv", "Bytes received."),
                Result.Num("totalbytessent", "Bytes sent."),
                Result.Time("timemillis", "Time now, milliseconds since 1970."),
                Result.Obj("uploadtarget", "How much shall be sent at most.",
                    Result.Num("timeframe", "Seconds over which it is counted."),
                    Result.Num("target", "Bytes; 0 for no limit."),
                    Result.Bool("target_reached", "Whether that much was sent."),
                    Result.Bool("serve_historical_blocks", "Whether old blocks are still served."),
                    Result.Num("bytes_left_in_cycle", "Bytes left."),
                    Result.Num("time_left_in_cycle", "Seconds left."))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var peers = call.Node.Peers;
        var target = peers.Totals.Target;
        result.WriteStartObject();
        result.WriteNumber("totalbytesrecv", peers.Totals.Received);
        result.WriteNumber("totalbytessent", peers.Totals.Sent);
        result.WriteNumber("timemillis", call.Node.Clock.RealUtcNow.ToUnixTimeMilliseconds());
        result.WriteStartObject("uploadtarget");
        result.WriteNumber("timeframe", UploadTarget.CycleSeconds);
        result.WriteNumber("target", target.Limit);
        result.WriteBoolean("target_reached", target.IsReached(forHistoricalBlock: false));
        result.WriteBoolean("serve_historical_blocks", !target.IsReached(forHistoricalBlock: true));
        result.WriteNumber("bytes_left_in_cycle", target.BytesLeft);
        result.WriteNumber("time_left_in_cycle", target.SecondsLeft);
        result.WriteEndObject();
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
