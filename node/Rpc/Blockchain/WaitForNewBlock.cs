using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class WaitForNewBlock
{
    private static readonly RpcArg<int> Timeout = TipWaiter.Timeout();

    public static readonly NodeMethod Method = new("hidden", "waitfornewblock", "Answers when the chain's last block is another one, or when time is up.")
    {
        Args = [Timeout],
        Results = TipWaiter.Results,
        Examples = [Example.Cli("1000"), Example.Rpc("1000")],
        Lane = RpcLane.Waiting,
        Handler = HandleAsync,
    };

    private static ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var start = call.View.Tip;
        return TipWaiter.WaitAsync(call, result, call.Get(Timeout), view => view.Tip != start, ct);
    }
}
