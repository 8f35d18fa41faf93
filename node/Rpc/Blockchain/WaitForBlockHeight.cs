using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class WaitForBlockHeight
{
    private static readonly RpcArg<int> Height = Arg.Int("height", "The height.");
    private static readonly RpcArg<int> Timeout = TipWaiter.Timeout();

    public static readonly NodeMethod Method = new("hidden", "waitforblockheight", "Answers when the chain is at least so high, or when time is up.")
    {
        Args = [Height, Timeout],
        Results = TipWaiter.Results,
        Examples = [Example.Cli("100 1000"), Example.Rpc("100, 1000")],
        Lane = RpcLane.Waiting,
        Handler = HandleAsync,
    };

    private static ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var height = call.Get(Height);
        return TipWaiter.WaitAsync(call, result, call.Get(Timeout), view => view.Height >= height, ct);
    }
}
