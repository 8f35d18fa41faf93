using Dash.Node.Mempool.Fees;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

/// <summary>The argument of the methods that estimate fees.</summary>
internal static class FeeTarget
{
    /// <summary>In how many blocks.</summary>
    public static RpcArg<int> Arg() => Dash.Rpc.Methods.Arg.Int("conf_target", "In how many blocks it should be confirmed, 1 to 1008.");

    /// <summary>The target of a call.</summary>
    /// <exception cref="RpcError">Code -8: it is not tracked; -32603: a node that takes no transactions learns nothing.</exception>
    public static int Read(NodeCall call, RpcArg<int> arg)
    {
        if (call.Node.Peers.Settings.IsBlocksOnly)
        {
            throw new RpcError(RpcErrorCode.InternalError, "Fee estimation disabled");
        }

        var target = call.Get(arg);
        var highest = call.Node.Mempool.Fees.HighestTarget(FeeHorizon.Long);
        return target >= 1 && target <= highest
            ? target
            : throw new RpcError(RpcErrorCode.InvalidParameter, $"Invalid conf_target, must be between 1 and {highest}");
    }
}
