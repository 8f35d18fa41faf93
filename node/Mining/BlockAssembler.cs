using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Node.Mempool;
using Dash.Primitives.Blocks;
using Dash.Primitives.Hashing;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mining;

/// <summary>Builds blocks on top of the tip. Validation loop only.</summary>
internal sealed class BlockAssembler(Chainstate chainstate, TxMempool mempool, MiningOptions options, Clock clock)
{
    private const int SizeMargin = 1000;

    /// <summary>Bytes of the last block that was put together; null before the first. Any thread.</summary>
    public long? LastSize { get; private set; }

    /// <summary>Its transactions, without the coinbase. Any thread.</summary>
    public int? LastCount { get; private set; }

    /// <summary>A block that pays <paramref name="payTo"/>, checked but for its proof of work.</summary>
    /// <param name="payTo">Who gets the reward.</param>
    /// <param name="fromMempool">Whether to fill it with transactions that wait.</param>
    /// <exception cref="InvalidOperationException">
    /// What was built is not valid: a bug, and the reason says which rule.
    /// </exception>
    public BlockTemplate Create(Script payTo, bool fromMempool = true)
    {
        var tip = chainstate.View.Tip;
        var height = tip.Height + 1;
        var commitments = chainstate.SpecialTransactions.NullCommitmentsAfter(tip).ToArray();
        var selection = NewSelection(tip);
        var chosen = selection.Choose(
            height, tip.MedianTimePast, commitments.Sum(static transaction => transaction.Size), fromMempool);
        LogFees(chosen);
        Transaction[] transactions = [.. commitments, .. chosen.Select(static entry => entry.Transaction)];
        var fees = chosen.Aggregate(Amount.Zero, static (sum, entry) => sum + entry.Fee);

        var coinbase = CreateCoinbase(tip, payTo, fees, transactions, out var masternodePayments);
        var block = new Block(CreateHeader(tip), [coinbase, .. transactions]);
        if (chainstate.TestBlock(block, isProposal: true) is { IsInvalid: true } failure)
        {
            throw new InvalidOperationException($"TestBlockValidity failed: {failure}");
        }

        LastSize = selection.Size;
        LastCount = transactions.Length;
        return new BlockTemplate(
            block,
            height,
            [-fees, .. commitments.Select(static _ => Amount.Zero), .. chosen.Select(static entry => entry.Fee)],
            [
                SigOps.CountLegacy(coinbase),
                .. commitments.Select(static _ => 0),
                .. chosen.Select(static entry => entry.SigOps),
            ],
            selection.Size,
            masternodePayments);
    }

    /// <summary>A header with the time as late as it is, and the target that belongs to it.</summary>
    public BlockHeader Refresh(BlockHeader header, BlockNode tip)
    {
        var time = (uint)Math.Max(tip.MedianTimePast + 1, clock.UnixSeconds);
        var later = time > header.Time ? header with { Time = time } : header;
        return chainstate.Network.AllowMinDifficulty
            ? later with { Bits = Difficulty.NextBits(tip, later.Time, chainstate.Network) }
            : later;
    }

    /// <summary>A header for the block after <paramref name="tip"/>, without merkle root.</summary>
    private BlockHeader CreateHeader(BlockNode tip)
    {
        var network = chainstate.Network;
        var time = (uint)Math.Max(tip.MedianTimePast + 1, clock.UnixSeconds);
        var version = options.BlockVersion ?? chainstate.Deployments.ComputeBlockVersion(tip);
        return new BlockHeader(
            version, tip.Hash, Uint256.Zero, time, Difficulty.NextBits(tip, time, network), Nonce: 0);
    }

    private void LogFees(IReadOnlyList<MempoolEntry> chosen)
    {
        if (options.FeeLog is not { } log)
        {
            return;
        }

        foreach (var entry in chosen)
        {
            var (rate, txid) = (FeeRate.Of(entry.ModifiedFee, entry.VirtualSize), entry.Txid);
            Log.Chosen(log, rate, txid);
        }
    }

    private TransactionSelection NewSelection(BlockNode tip)
    {
        var isDip1 = tip.Height + 1 >= chainstate.Network.Heights.Dip0001;
        var maxSize = Math.Clamp(options.MaxBlockSize, SizeMargin, Limits.BlockSize(isDip1) - SizeMargin);
        return new TransactionSelection(mempool.Graph, maxSize, Limits.BlockSigOps(isDip1), options.MinFeeRate);
    }

    private Transaction CreateCoinbase(
        BlockNode tip, Script payTo, Amount fees, Transaction[] others, out IReadOnlyList<TxOut> masternodePayments)
    {
        var network = chainstate.Network;
        var height = tip.Height + 1;
        var subsidy = Subsidy.ForBlock(tip, network);
        masternodePayments = MasternodePayments.Of(chainstate.Evo.ListAt(tip), height, subsidy, fees, network).Outputs;
        var reward = masternodePayments.Aggregate(subsidy + fees, static (left, output) => left - output.Value);
        TxOut[] outputs = [new TxOut(reward, payTo), .. masternodePayments];
        if (height < network.Heights.Dip0003)
        {
            var script = new ScriptBuilder().Number(height).Op(Opcode.Op0).Build();
            return new Transaction([new TxIn(OutPoint.Null, script)], [.. outputs]);
        }

        // The payload tells the height, so the script need not.
        var payload = chainstate.SpecialTransactions.CoinbasePayloadAfter(tip, others, chainstate.Coins);
        return new Transaction(
            Transaction.SpecialVersion,
            TransactionType.CoinbaseSpecial,
            [new TxIn(OutPoint.Null, new ScriptBuilder().Op(Opcode.Return).Build())],
            [.. outputs],
            0,
            payload.ToBytes());
    }
}
