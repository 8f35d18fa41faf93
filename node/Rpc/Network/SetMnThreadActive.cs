using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Network;

/// <summary>
/// A hook of tests that take masternodes down: those that run may not call others meanwhile. This node has no connections of that
/// kind, like a dashd that is no masternode, watches no quorums and does not mix, so there is nothing to hold back.
/// </summary>
internal static class SetMnThreadActive
{
    private static readonly RpcArg<bool> State = Arg.Bool("state", "true to let them be made, false to hold them back.");

    public static readonly NodeMethod Method = new(
        "hidden", "setmnthreadactive", "Lets connections to masternodes be made by themselves or holds them back, for tests. This node makes none.")
    {
        Args = [State],
        Results = [Result.Bool("", "What was asked for.")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (call.Node.Network.Name != "regtest")
        {
            throw new RpcError(RpcErrorCode.Misc, "setmnthreadactive is for regression testing (-regtest mode) only.");
        }

        result.WriteBooleanValue(call.Get(State));
        return ValueTask.CompletedTask;
    }
}
