using Dash.Rpc.Methods;

namespace Dash.Rpc.Control;

/// <summary>The methods every daemon serves.</summary>
public static class ControlMethods
{
    /// <summary>All of them; add them with <c>table.Add(…, call => new RpcCall(call))</c>.</summary>
    public static IReadOnlyList<RpcMethod<RpcCall>> All(ControlContext context) =>
    [
        Help.Create(context),
        Stop.Create(context),
        Uptime.Create(context),
        GetRpcInfo.Create(context),
        GetMemoryInfo.Create(),
        Debug.Create(context),
        Logging.Create(context),
        Echo.Create("echo"),
        Echo.Create("echojson"),
        SetMockTime.Create(context),
        MockScheduler.Create(context),
    ];
}
