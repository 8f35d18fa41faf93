using System.Formats.Tar;
using System.IO.Compression;
using Dash.Node.Mempool;
using Dash.Node.Mempool.Fees;
using Dash.Primitives.Encoding;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Tests.Mempool;

public sealed class FeeEstimatorTests
{
    private const int High = 20_000;
    private const int Low = 2_000;
    private int _made;

    [Fact]
    public void Nothing_is_known_at_first()
    {
        FeeEstimator estimator = new();

        Assert.Equal(new SmartFeeEstimate(FeeRate.Zero, 0, "None"), estimator.EstimateSmart(6, isConservative: true));
        Assert.Equal(-1, estimator.EstimateRaw(6, 0.95, FeeHorizon.Medium).Rate);
        Assert.Equal(12, estimator.HighestTarget(FeeHorizon.Short));
        Assert.Equal(48, estimator.HighestTarget(FeeHorizon.Medium));
        Assert.Equal(1008, estimator.HighestTarget(FeeHorizon.Long));
        Assert.Equal(RawFeeEstimate.None, estimator.EstimateRaw(49, 0.95, FeeHorizon.Medium));
        Assert.Equal(RawFeeEstimate.None, estimator.EstimateRaw(0, 0.95, FeeHorizon.Medium));
    }

    /// <summary>High rates are in the next block, low ones in the tenth: who can wait need not pay more.</summary>
    [Fact]
    public void What_was_confirmed_in_time_is_recommended()
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks: 300, waits: 10);

        Assert.Equal(High, Smart(estimator, 2));
        Assert.Equal(High, Smart(estimator, 8));
        Assert.Equal(Low, Smart(estimator, 20));
        Assert.Equal(new SmartFeeEstimate(new FeeRate(High), 2, "Half Target 60% Threshold"), estimator.EstimateSmart(1, isConservative: false)); // nobody can promise the next block
        Assert.Equal(FeeRate.Zero, estimator.EstimateSmart(1009, isConservative: false).Rate);

        // Half of the blocks that were seen is the furthest it speaks of.
        Assert.Equal(149, estimator.EstimateSmart(1000, isConservative: true).Target);
    }

    /// <summary>The market has fallen: what is cheap is in the next block now. Who looks back pays what was needed before.</summary>
    [Fact]
    public void A_conservative_estimate_follows_a_falling_market_later()
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks: 300, waits: 20, fallsAt: 210);

        Assert.Equal(
            new SmartFeeEstimate(new FeeRate(High), 6, "Conservative Double Target longer horizon"),
            estimator.EstimateSmart(6, isConservative: true));
        Assert.Equal(new SmartFeeEstimate(new FeeRate(Low), 6, "Half Target 60% Threshold"), estimator.EstimateSmart(6, isConservative: false));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(40)]
    [InlineData(300)]
    public void Both_estimates_asked_for_at_once_are_those_asked_for_singly(int blocks)
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks, waits: 20, fallsAt: 210);

        foreach (var target in new[] { -1, 0, 1, 2, 6, 12, 13, 48, 49, 149, 1008, 1009 })
        {
            Assert.Equal(
                (estimator.EstimateSmart(target, isConservative: true), estimator.EstimateSmart(target, isConservative: false)),
                estimator.EstimateBoth(target));
        }
    }

    /// <summary>
    /// Seven of ten cheap ones in the next block are enough for half the target and not for the target itself, nine are not
    /// for twice the target.
    /// </summary>
    [Theory]
    [InlineData(7, "Target 85% Threshold")]
    [InlineData(9, "Double Target 95% Threshold")]
    public void The_reason_is_the_most_demanding_of_the_estimates(int soon, string reason)
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks: 300, waits: 14, soon: soon);

        Assert.Equal(new SmartFeeEstimate(new FeeRate(High), 6, reason), estimator.EstimateSmart(6, isConservative: false));
    }

    [Fact]
    public void What_left_without_a_block_after_the_target_counts_as_a_failure()
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks: 300, waits: 10, isDropped: static i => i % 2 == 0);

        var late = estimator.EstimateRaw(8, 0.85, FeeHorizon.Medium);
        Assert.Equal(High, late.Rate, precision: 6);
        Assert.True(late.Pass.Start < High && late.Pass.End >= High, late.ToString());
        Assert.True(late.Fail.Exists && late.Fail.End >= Low && late.Fail.LeftMempool > 0, late.ToString());
        Assert.Equal((0.9952, 2u), (late.Decay, late.Scale));

        // Those that left before the target say nothing about it.
        var early = estimator.EstimateRaw(20, 0.85, FeeHorizon.Medium);
        Assert.Equal(Low, early.Rate, precision: 6);
        Assert.Equal(0, early.Pass.LeftMempool);
    }

    [Fact]
    public void What_waits_for_too_long_counts_as_a_failure()
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks: 300, waits: 10);
        var height = 301;
        for (var i = 0; i < 40; i++)
        {
            List<MempoolEntry> fast = [.. Enumerable.Range(0, 10).Select(_ => Entry(High, height - 1))];
            fast.ForEach(estimator.Add);
            for (var slow = 0; slow < 100; slow++)
            {
                estimator.Add(Entry(Low, height - 1));
            }

            estimator.ProcessBlock(height++, fast);
        }

        Assert.Equal(High, Smart(estimator, 20));
        Assert.True(estimator.EstimateRaw(20, 0.85, FeeHorizon.Medium).Fail.InMempool > 0);
    }

    [Fact]
    public void Only_what_came_at_the_tip_teaches()
    {
        FeeEstimator estimator = new();
        for (var height = 1; height <= 300; height++)
        {
            List<MempoolEntry> late = [.. Enumerable.Range(0, 10).Select(_ => Entry(High, height - 2))];
            late.ForEach(estimator.Add);
            estimator.ProcessBlock(height, late);
        }

        Assert.Equal(0, Smart(estimator, 6));
    }

    [Fact]
    public void A_block_that_is_not_above_the_best_teaches_nothing()
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks: 300, waits: 10);
        var before = estimator.EstimateRaw(20, 0.85, FeeHorizon.Medium);

        estimator.ProcessBlock(300, []);
        estimator.ProcessBlock(7, []);

        Assert.Equal(before, estimator.EstimateRaw(20, 0.85, FeeHorizon.Medium));
    }

    [Fact]
    public void What_was_learned_is_known_after_a_restart()
    {
        FeeEstimator before = new();
        Learn(before, blocks: 300, waits: 10);
        var kept = before.Finish();

        FeeEstimator after = new();
        after.Restore(kept);

        foreach (var target in new[] { 2, 8, 20, 100 })
        {
            Assert.Equal(before.EstimateSmart(target, isConservative: true), after.EstimateSmart(target, isConservative: true));
        }

        Assert.Equal(kept, after.Finish());

        // What came from a file fades like what was seen. Five numbers before it say which blocks it is of.
        const int Averages = 20;
        foreach (var estimator in new[] { before, after })
        {
            Enumerable.Range(301, 20).ToList().ForEach(height => estimator.ProcessBlock(height, []));
        }

        Assert.NotEqual(kept[Averages..], before.Finish()[Averages..]);
        Assert.Equal(before.Finish()[Averages..], after.Finish()[Averages..]);
    }

    /// <summary>Nothing was confirmed yet: what was dropped is all there is to fade.</summary>
    [Fact]
    public void What_was_dropped_fades_with_each_block()
    {
        FeeEstimator estimator = new();
        Enumerable.Range(1, 3).ToList().ForEach(height => estimator.ProcessBlock(height, []));
        List<MempoolEntry> late = [.. Enumerable.Range(0, 10).Select(_ => Entry(Low, 3))];
        late.ForEach(estimator.Add);
        Enumerable.Range(4, 10).ToList().ForEach(height => estimator.ProcessBlock(height, []));
        late.ForEach(entry => estimator.Remove(entry.Txid));
        Assert.Equal(10, estimator.EstimateRaw(2, 0.85, FeeHorizon.Medium).Fail.LeftMempool);

        estimator.ProcessBlock(14, []);

        var faded = estimator.EstimateRaw(2, 0.85, FeeHorizon.Medium);
        Assert.Equal(10 * faded.Decay, faded.Fail.LeftMempool);
    }

    [Fact]
    public void A_file_of_dashd_is_read_and_written_as_it_was()
    {
        using MemoryStream archive = new(File.ReadAllBytes(SharedVectors.Require("dashd-regtest/datadir.tar.gz")));
        using GZipStream unpacked = new(archive, CompressionMode.Decompress);
        using TarReader entries = new(unpacked);
        while (entries.GetNextEntry() is { } entry)
        {
            if (Path.GetFileName(entry.Name) != "fee_estimates.dat")
            {
                continue;
            }

            using MemoryStream content = new();
            entry.DataStream!.CopyTo(content); // a file has data
            FeeEstimator estimator = new();
            estimator.Restore(content.ToArray());
            Assert.Equal(content.ToArray(), estimator.Finish());
            return;
        }

        Assert.Fail("There is no such file.");
    }

    [Fact]
    public void A_file_that_makes_no_sense_changes_nothing()
    {
        FeeEstimator estimator = new();
        Learn(estimator, blocks: 100, waits: 10);
        var kept = estimator.Finish();
        FeeEstimator restored = new();
        restored.Restore(kept);

        Assert.Throws<EncodingException>(() => restored.Restore(kept.AsSpan(0, kept.Length / 2)));
        Assert.Throws<EncodingException>(() => restored.Restore([]));
        byte[] later = [.. BitConverter.GetBytes(int.MaxValue), .. kept.AsSpan(4)];
        Assert.Contains("up-version", Assert.Throws<EncodingException>(() => restored.Restore(later)).Message, StringComparison.Ordinal);
        Assert.Equal(kept, restored.Finish());

        // Spoilt anywhere it is refused as documented, or taken.
        Random random = new(1);
        for (var i = 0; i < 300; i++)
        {
            byte[] spoilt = [.. kept];
            spoilt[i < 100 ? random.Next(60) : random.Next(spoilt.Length)] ^= (byte)(1 << random.Next(8));
            try
            {
                FeeEstimator taken = new();
                taken.Restore(spoilt);
                _ = taken.EstimateSmart(20, isConservative: true);
            }
            catch (EncodingException)
            {
                // Refused.
            }
        }
    }

    private static long Smart(FeeEstimator estimator, int target) => estimator.EstimateSmart(target, isConservative: false).Rate.DuffsPerKb;

    // Ten of each rate come before each block: the high ones are in it, the low ones but for a few in a later one, or are
    // dropped then. When the market falls, all that waits is confirmed, and from then on there are low ones alone.
    private void Learn(
        FeeEstimator estimator, int blocks, int waits, Func<int, bool>? isDropped = null, int soon = 0, int fallsAt = int.MaxValue)
    {
        Queue<List<MempoolEntry>> slow = [];
        for (var height = 1; height <= blocks; height++)
        {
            List<MempoolEntry> fast = [.. Enumerable.Range(0, height < fallsAt ? 10 : 0).Select(_ => Entry(High, height - 1))];
            List<MempoolEntry> cheap = [.. Enumerable.Range(0, 10).Select(_ => Entry(Low, height - 1))];
            fast.ForEach(estimator.Add);
            cheap.ForEach(estimator.Add);
            fast.AddRange(cheap.Take(soon));
            slow.Enqueue([.. cheap.Skip(soon)]);
            if (height >= fallsAt)
            {
                fast.AddRange(slow.SelectMany(static waiting => waiting));
                slow.Clear();
            }

            var due = slow.Count == waits ? slow.Dequeue() : [];
            foreach (var (_, entry) in due.Index().Where(each => isDropped?.Invoke(each.Index) == true))
            {
                estimator.Remove(entry.Txid);
            }

            estimator.ProcessBlock(height, [.. fast, .. due.Where((_, i) => isDropped?.Invoke(i) != true)]);
        }
    }

    private MempoolEntry Entry(int rate, int height)
    {
        const int size = 1000; // so that the fee is the rate
        OutPoint spent = new(new Txid(Hashes.Sha256(BitConverter.GetBytes(_made++))), 0);
        Transaction transaction = new([new TxIn(spent, Script.Empty)], [new TxOut(Amount.OneDash, Script.Empty)]);
        return new MempoolEntry(transaction, new Amount(rate), Time: 0, height, SigOps: 0, size, SpendsCoinBase: false, Amount.Zero);
    }
}
