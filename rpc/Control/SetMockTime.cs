using Dash.Common.Time;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>Sets the wall clock of the daemon and of those attached to it.</summary>
internal static class SetMockTime
{
    private static readonly RpcArg<long> Timestamp = Arg.Long(
        "timestamp", "The time in seconds since 1970 (UTC).\n0 goes back to the system's time.");

    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new("hidden", "setmocktime", "Sets the time (-regtest only).")
        {
            Args = [Timestamp],
            Results = [Result.None()],
            Handler = (call, _, ct) => HandleAsync(context, call, ct),
        };

    private static async ValueTask HandleAsync(ControlContext context, RpcCall call, CancellationToken ct)
    {
        if (!context.HasMockTime)
        {
            throw new RpcError(RpcErrorCode.Misc, "setmocktime is for regression testing (-regtest mode) only");
        }

        var time = call.Get(Timestamp);
        if (time < 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Mocktime cannot be negative: {time}.");
        }

        if (time > Clock.LastMockTime)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Mocktime must be at most {Clock.LastMockTime}: {time}.");
        }

        context.Clock.SetMockTime(time);
        await context.AnnounceMockTime(time, ct);
    }
}
