using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class WaitForBlock
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");
    private static readonly RpcArg<int> Timeout = TipWaiter.Timeout();

    public static readonly NodeMethod Method = new("hidden", "waitforblock", "Answers when this block is the chain's last one, or when time is up.")
    {
        Args = [Hash, Timeout],
        Results = TipWaiter.Results,
        Examples =
        [
            Example.Cli("\"0000000000079f8ef3d2c688c244eb7a4570b24c9ed7b4a8c619eb02596f8862\" 1000"),
            Example.Rpc("\"0000000000079f8ef3d2c688c244eb7a4570b24c9ed7b4a8c619eb02596f8862\", 1000"),
        ],
        Lane = RpcLane.Waiting,
        Handler = HandleAsync,
    };

    private static ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var hash = call.Get(Hash);
        return TipWaiter.WaitAsync(call, result, call.Get(Timeout), view => view.Tip.Hash == hash, ct);
    }
}
