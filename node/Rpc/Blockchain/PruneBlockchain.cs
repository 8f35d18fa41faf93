using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class PruneBlockchain
{
    // No block is so high, and no block is so old: larger numbers are times.
    private const int FirstTime = 1_000_000_000;

    // Times of blocks are in order only about so far.
    private const int TimeWindow = 2 * 60 * 60;

    private static readonly RpcArg<int> Height = Arg.Int("height",
        "Up to which block. A number above a billion is a time in seconds since 1970: blocks at least two hours older go.");

    public static readonly NodeMethod Method = new("blockchain", "pruneblockchain",
        "Deletes block files, as far as they hold only blocks up to a height. The last 288 blocks stay. Needs -prune.")
    {
        Args = [Height],
        Results = [Result.Num("", "Height of the last block that is gone.")],
        Examples = [Example.Cli("1000"), Example.Rpc("1000")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (call.Node.Chainstate.Pruning.Target is null)
        {
            throw new RpcError(RpcErrorCode.Misc, "Cannot prune blocks because node is not in prune mode.");
        }

        var given = call.Get(Height);
        if (given < 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Negative block height.");
        }

        var last = await call.Node.Validation.PostAsync((chainstate, _) => Prune(chainstate, given), ct);
        result.WriteNumberValue(last);
    }

    private static int Prune(Chainstate chainstate, int height)
    {
        var view = chainstate.View;
        if (height > FirstTime)
        {
            height = FirstAtLeast(view, height - TimeWindow)?.Height
                ?? throw new RpcError(RpcErrorCode.InvalidParameter, "Could not find block with at least the specified timestamp.");
        }

        if (view.Height < chainstate.Network.PruneAfterHeight)
        {
            throw new RpcError(RpcErrorCode.Misc, "Blockchain is too short for pruning.");
        }

        if (height > view.Height)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Blockchain is shorter than the attempted prune height.");
        }

        chainstate.PruneManually(Math.Min(height, view.Height - ChainPruning.MinBlocksToKeep));
        return BlockArchive.FirstStored(view.Tip).Height - 1;
    }

    // The latest time so far only grows, so the first block that reaches one is found by halving.
    private static BlockNode? FirstAtLeast(ChainView view, long time)
    {
        var (low, high) = (0, view.Height + 1);
        while (low < high)
        {
            var middle = low + ((high - low) / 2);
            (low, high) = view.At(middle)!.MaxTime < time ? (middle + 1, high) : (low, middle); // heights of the chain
        }

        return view.At(low);
    }
}
