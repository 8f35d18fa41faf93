using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>Lets scheduled work happen earlier.</summary>
internal static class MockScheduler
{
    private const long Longest = 3600;

    private static readonly RpcArg<long> DeltaTime =
        Arg.Long("delta_time", "By how many seconds scheduled work comes nearer.");

    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new("hidden", "mockscheduler", "Brings scheduled work nearer (-regtest only).")
        {
            Args = [DeltaTime],
            Results = [Result.None()],
            Handler = (call, _, ct) => HandleAsync(context, call, ct),
        };

    private static async ValueTask HandleAsync(ControlContext context, RpcCall call, CancellationToken ct)
    {
        if (!context.HasMockTime)
        {
            throw new RpcError(RpcErrorCode.Misc, "mockscheduler is for regression testing (-regtest mode) only");
        }

        var seconds = call.Get(DeltaTime);
        if (seconds is <= 0 or > Longest)
        {
            throw new RpcError(RpcErrorCode.Misc, "delta_time must be between 1 and 3600 seconds (1 hr)");
        }

        await context.AdvanceScheduler(TimeSpan.FromSeconds(seconds), ct);
    }
}
