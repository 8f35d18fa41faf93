using Dash.Node.Consensus;
using Dash.Node.Storage;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;

namespace Dash.Node.Rpc.Blockchain;

/// <summary>What a block's transactions pay and take, in duffs and bytes.</summary>
internal sealed class BlockStatistics
{
    // An outpoint, a height and a flag: what an entry of the set of coins takes beside the output.
    private const int CoinOverhead = 36 + 4 + 1;

    private readonly List<long> _fees = [];
    private readonly List<long> _sizes = [];
    private readonly List<(long Rate, long Size)> _rates = [];

    private BlockStatistics()
    {
    }

    /// <summary>Sums over all transactions but the coinbase.</summary>
    public long TotalFee => _fees.Sum();

    /// <summary>Bytes of all transactions but the coinbase.</summary>
    public long TotalSize => _sizes.Sum();

    /// <summary>What all transactions but the coinbase pay out.</summary>
    public long TotalOut { get; private set; }

    /// <summary>Inputs, without the coinbase's.</summary>
    public long Inputs { get; private set; }

    /// <summary>Outputs.</summary>
    public long Outputs { get; private set; }

    /// <summary>Outputs that can be spent.</summary>
    public long SpendableOutputs { get; private set; }

    /// <summary>Bytes by which the coins grow.</summary>
    public long CoinBytes { get; private set; }

    /// <summary>Bytes by which the coins grow, without outputs that can't be spent.</summary>
    public long SpendableCoinBytes { get; private set; }

    /// <summary>Fees.</summary>
    public Spread Fees => Spread.Of(_fees);

    /// <summary>Fee rates, duffs per byte.</summary>
    public Spread Rates => Spread.Of([.. _rates.Select(static item => item.Rate)]);

    /// <summary>Sizes.</summary>
    public Spread Sizes => Spread.Of(_sizes);

    /// <summary>Counts a block.</summary>
    /// <param name="block">The block.</param>
    /// <param name="undo">What its transactions spent.</param>
    /// <param name="isGenesis">Whether it is the first block, whose output is no coin.</param>
    public static BlockStatistics Of(Block block, BlockUndo undo, bool isGenesis)
    {
        var statistics = new BlockStatistics();
        for (var i = 0; i < block.Transactions.Count; i++)
        {
            statistics.Add(block.Transactions[i], i == 0 ? null : undo.Spent[i - 1], isGenesis);
        }

        return statistics;
    }

    /// <summary>The rates below which a tenth, a quarter, a half, three quarters and nine tenths of the bytes pay.</summary>
    public long[] RatePercentiles()
    {
        double total = TotalSize;
        double[] marks = [total / 10, total / 4, total / 2, total * 3 / 4, total * 9 / 10];
        var result = new long[marks.Length];
        var next = 0;
        var passed = 0L;
        foreach (var (rate, size) in _rates.Order())
        {
            passed += size;
            for (; next < marks.Length && passed >= marks[next]; next++)
            {
                result[next] = rate;
            }
        }

        for (; next < marks.Length && _rates.Count > 0; next++)
        {
            result[next] = _rates.Max().Rate;
        }

        return result;
    }

    private void Add(Transaction transaction, IReadOnlyList<Coin>? spent, bool isGenesis)
    {
        Outputs += transaction.Outputs.Length;
        var paid = 0L;
        foreach (var output in transaction.Outputs)
        {
            paid += output.Value.Duffs;
            CoinBytes += output.Size + CoinOverhead;
            if (!isGenesis && !output.ScriptPubKey.IsUnspendable)
            {
                SpendableOutputs++;
                SpendableCoinBytes += output.Size + CoinOverhead;
            }
        }

        if (spent is null)
        {
            return;
        }

        Inputs += transaction.Inputs.Length;
        TotalOut += paid;
        var taken = spent.Sum(static coin => coin.Output.Value.Duffs);
        var bytes = spent.Sum(static coin => (long)coin.Output.Size + CoinOverhead);
        CoinBytes -= bytes;
        SpendableCoinBytes -= bytes;
        var fee = transaction.Type == TransactionType.AssetUnlock
            && AssetUnlock.TryParse(transaction.ExtraPayload.Span, out var unlock) ? unlock.Fee.Duffs : taken - paid;
        _fees.Add(fee);
        _sizes.Add(transaction.Size);
        _rates.Add((fee / transaction.Size, transaction.Size));
    }

    /// <summary>Least, greatest, middle and average of some numbers; zero without any.</summary>
    internal readonly record struct Spread(long Min, long Max, long Median)
    {
        public static Spread Of(IReadOnlyCollection<long> values)
        {
            if (values.Count == 0)
            {
                return default;
            }

            long[] sorted = [.. values.Order()];
            var middle = sorted.Length / 2;
            return new Spread(
                sorted[0], sorted[^1], sorted.Length % 2 == 0 ? (sorted[middle - 1] + sorted[middle]) / 2 : sorted[middle]);
        }
    }
}
