using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockStats
{
    private static readonly RpcArg<JsonElement> Which = Arg.Any("hash_or_height", ArgKind.Num, "The block's hash, or its height in the active chain.")
        with { TypeText = "string or numeric" };

    private static readonly RpcArg<IReadOnlyList<string>?> Stats = Arg.OptionalArray("stats", "Which members the answer has.",
        Arg.Str("height", "A member's name."), hint: "all values") with { OneLine = "stats" };

    public static readonly NodeMethod Method = new("blockchain", "getblockstats",
        "Sums and averages over a block's transactions. Amounts are in duffs. Needs the block's undo data.")
    {
        Args = [Which, Stats],
        Results =
        [
            Result.Obj(
                Result.Num("avgfee", "Average fee.", optional: true),
                Result.Num("avgfeerate", "Average fee rate, duffs per byte.", optional: true),
                Result.Num("avgtxsize", "Average size of a transaction.", optional: true),
                Result.Hex("blockhash", "The block's hash.", optional: true),
                Result.ArrFixed("feerate_percentiles", "Fee rates below which part of the bytes pay, duffs per byte.",
                    Result.Num("10th_percentile_feerate", "A tenth of them."),
                    Result.Num("25th_percentile_feerate", "A quarter of them."),
                    Result.Num("50th_percentile_feerate", "Half of them."),
                    Result.Num("75th_percentile_feerate", "Three quarters of them."),
                    Result.Num("90th_percentile_feerate", "Nine tenths of them.")).Optional(),
                Result.Num("height", "The block's height.", optional: true),
                Result.Num("ins", "Inputs, without the coinbase's.", optional: true),
                Result.Num("maxfee", "Highest fee.", optional: true),
                Result.Num("maxfeerate", "Highest fee rate, duffs per byte.", optional: true),
                Result.Num("maxtxsize", "Size of the largest transaction.", optional: true),
                Result.Num("medianfee", "The fee in the middle.", optional: true),
                Result.Num("mediantime", "Median of the block's time and the ten before it.", optional: true),
                Result.Num("mediantxsize", "The size in the middle.", optional: true),
                Result.Num("minfee", "Lowest fee.", optional: true),
                Result.Num("minfeerate", "Lowest fee rate, duffs per byte.", optional: true),
                Result.Num("mintxsize", "Size of the smallest transaction.", optional: true),
                Result.Num("outs", "Outputs.", optional: true),
                Result.Num("subsidy", "New coins.", optional: true),
                Result.Num("time", "The block's time.", optional: true),
                Result.Num("total_out", "All that is paid, without the coinbase.", optional: true),
                Result.Num("total_size", "Bytes of all transactions, without the coinbase.", optional: true),
                Result.Num("totalfee", "All fees.", optional: true),
                Result.Num("txs", "Transactions, with the coinbase.", optional: true),
                Result.Num("utxo_increase", "By how many outputs the unspent ones grew.", optional: true),
                Result.Num("utxo_size_inc", "By how many bytes they grew.", optional: true),
                Result.Num("utxo_increase_actual", "By how many outputs they grew, without those that can't be spent.", optional: true),
                Result.Num("utxo_size_inc_actual", "By how many bytes they grew, without those that can't be spent.", optional: true)),
        ],
        Examples =
        [
            Example.Cli("'\"00000000c937983704a73af28acdec37b049d214adbda81d7e2a3dd146f6ed09\"' '[\"minfeerate\",\"avgfeerate\"]'"),
            Example.Cli("1000 '[\"minfeerate\",\"avgfeerate\"]'"),
            Example.Rpc("1000, [\"minfeerate\",\"avgfeerate\"]"),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var node = FindHashOrHeight(call, call.Raw(Which));
        var wanted = call.Get(Stats) ?? [];
        var block = call.ReadBlock(node);
        var members = Members(call, node, block);
        result.WriteStartObject();
        if (wanted.Count == 0)
        {
            foreach (var (name, value) in members)
            {
                Write(result, name, value);
            }
        }

        foreach (var name in wanted.Distinct().Order(StringComparer.Ordinal))
        {
            var found = members.FirstOrDefault(member => member.Name == name);
            Write(result, name, found.Value
                ?? throw new RpcError(RpcErrorCode.InvalidParameter, $"Invalid selected statistic '{name}'"));
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    /// <summary>A block by its hash, or by its height in the active chain.</summary>
    internal static BlockNode FindHashOrHeight(NodeCall call, JsonElement value)
    {
        if (value.ValueKind == JsonValueKind.Number)
        {
            var height = value.AsInt();
            if (height < 0)
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, $"Target block height {height} is negative");
            }

            return call.View.At(height) ?? throw new RpcError(
                RpcErrorCode.InvalidParameter, $"Target block height {height} after current tip {call.View.Height}");
        }

        return call.FindBlock(new BlockHash(value.AsHash("hash_or_height")));
    }

    private static List<(string Name, object? Value)> Members(NodeCall call, BlockNode node, Block block)
    {
        var undo = node.Height == 0 ? new BlockUndo([]) : call.ReadUndo(node);
        var stats = BlockStatistics.Of(block, undo, isGenesis: node.Height == 0);
        var paying = block.Transactions.Count - 1;
        return
        [
            ("avgfee", paying > 0 ? stats.TotalFee / paying : 0),
            ("avgfeerate", stats.TotalSize > 0 ? stats.TotalFee / stats.TotalSize : 0),
            ("avgtxsize", paying > 0 ? stats.TotalSize / paying : 0),
            ("blockhash", node.Hash.ToString()),
            ("feerate_percentiles", stats.RatePercentiles()),
            ("height", (long)node.Height),
            ("ins", stats.Inputs),
            ("maxfee", stats.Fees.Max),
            ("maxfeerate", stats.Rates.Max),
            ("maxtxsize", stats.Sizes.Max),
            ("medianfee", stats.Fees.Median),
            ("mediantime", node.MedianTimePast),
            ("mediantxsize", stats.Sizes.Median),
            ("minfee", stats.Fees.Min),
            ("minfeerate", stats.Rates.Min),
            ("mintxsize", stats.Sizes.Min),
            ("outs", stats.Outputs),
            ("subsidy", Subsidy.ForBlock(node.Previous, call.Node.Network).Duffs),
            ("time", (long)node.Header.Time),
            ("total_out", stats.TotalOut),
            ("total_size", stats.TotalSize),
            ("totalfee", stats.TotalFee),
            ("txs", (long)block.Transactions.Count),
            ("utxo_increase", stats.Outputs - stats.Inputs),
            ("utxo_size_inc", stats.CoinBytes),
            ("utxo_increase_actual", stats.SpendableOutputs - stats.Inputs),
            ("utxo_size_inc_actual", stats.SpendableCoinBytes),
        ];
    }

    private static void Write(Utf8JsonWriter result, string name, object? value)
    {
        switch (value)
        {
            case string text:
                result.WriteString(name, text);
                break;
            case long[] numbers:
                result.WriteStartArray(name);
                foreach (var number in numbers)
                {
                    result.WriteNumberValue(number);
                }

                result.WriteEndArray();
                break;
            default:
                result.WriteNumber(name, (long)value!); // every other member is one
                break;
        }
    }
}
