using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetChainTxStats
{
    private const int SecondsInMonth = 30 * 24 * 60 * 60;

    private static readonly RpcArg<int?> Blocks = Arg.OptionalInt("nblocks", "How many blocks.", hint: "one month");
    private static readonly RpcArg<BlockHash?> Hash = Arg.OptionalBlockHash("blockhash", "The last of them.", hint: "chain tip");

    public static readonly NodeMethod Method = new("blockchain", "getchaintxstats", "How many transactions the chain has, and how fast they came lately.")
    {
        Args = [Blocks, Hash],
        Results =
        [
            Result.Obj(
                Result.Time("time", "Time of the last block."),
                Result.Num("txcount", "Transactions of the chain up to it."),
                Result.Hex("window_final_block_hash", "Its hash."),
                Result.Num("window_final_block_height", "Its height."),
                Result.Num("window_block_count", "Blocks that were looked at."),
                Result.Num("window_tx_count", "Transactions in them; if there are any blocks.", optional: true),
                Result.Num("window_interval", "Seconds they took; if there are any blocks.", optional: true),
                Result.Num("txrate", "Transactions a second; if they took any time.", optional: true)),
        ],
        Examples = [Example.Cli(), Example.Rpc("2016")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var last = call.View.Tip;
        if (call.Get(Hash) is { } hash)
        {
            last = call.FindBlock(hash);
            if (!call.View.Contains(last))
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, "Block is not in main chain");
            }
        }

        var count = call.Get(Blocks) ?? Math.Max(0, Math.Min(SecondsInMonth / call.Node.Network.TargetSpacing, last.Height - 1));
        if (count < 0 || (count > 0 && count >= last.Height))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid block count: should be between 0 and the block's height - 1");
        }

        var first = last.Ancestor(last.Height - count)!; // count is at most the height
        var seconds = last.MedianTimePast - first.MedianTimePast;
        var transactions = last.ChainTransactionCount - first.ChainTransactionCount;
        result.WriteStartObject();
        result.WriteNumber("time", last.Header.Time);
        result.WriteNumber("txcount", last.ChainTransactionCount);
        result.WriteHash("window_final_block_hash", last.Hash);
        result.WriteNumber("window_final_block_height", last.Height);
        result.WriteNumber("window_block_count", count);
        if (count > 0)
        {
            result.WriteNumber("window_tx_count", transactions);
            result.WriteNumber("window_interval", seconds);
            if (seconds > 0)
            {
                result.WriteReal("txrate", (double)transactions / seconds);
            }
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
