using Dash.Rpc.Methods;

namespace Dash.Rpc.Control;

/// <summary>How long the daemon has been running.</summary>
internal static class Uptime
{
    public static RpcMethod<RpcCall> Create(ControlContext context) =>
        new("control", "uptime", "Tells how long the server has been running.")
        {
            Results = [Result.Num("", "Seconds since the start")],
            Examples = [Example.Cli(), Example.Rpc()],
            Lane = RpcLane.Control,
            Handler = (_, result, _) =>
            {
                result.WriteNumberValue(context.Clock.UnixSeconds - context.StartedAt);
                return ValueTask.CompletedTask;
            },
        };
}
