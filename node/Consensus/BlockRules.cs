using Dash.Primitives.Blocks;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>What a block must satisfy before the coins it spends are looked at.</summary>
internal static class BlockRules
{
    /// <summary>
    /// What can be said of a block alone: proof of work, merkle root, size, shape of its transactions.
    /// </summary>
    /// <param name="block">The block.</param>
    /// <param name="network">The network's parameters.</param>
    /// <param name="checkProofOfWork">
    /// False for a proposal that is not mined yet; its merkle root isn't set either.
    /// </param>
    public static ValidationState Check(Block block, ChainParams network, bool checkProofOfWork = true)
    {
        if (HeaderRules.Check(block.Header, block.Header.Hash, network, checkProofOfWork) is { IsInvalid: true } header)
        {
            return header;
        }

        if (checkProofOfWork && CheckMerkleRoot(block) is { IsInvalid: true } root)
        {
            return root;
        }

        if (CheckSize(block, Limits.BlockSizeAfterDip1) is { IsInvalid: true } size)
        {
            return size;
        }

        if (!block.Transactions[0].IsCoinBase)
        {
            return ValidationState.Consensus("bad-cb-missing", "first tx is not coinbase");
        }

        if (block.Transactions.Skip(1).Any(static transaction => transaction.IsCoinBase))
        {
            return ValidationState.Consensus("bad-cb-multiple", "more than one coinbase");
        }

        var sigOps = 0;
        foreach (var transaction in block.Transactions)
        {
            if (TransactionRules.Check(transaction) is { IsInvalid: true } failure)
            {
                return OfTransaction(transaction, failure);
            }

            sigOps += SigOps.CountLegacy(transaction);
        }

        return CheckSigOps(sigOps, isDip1Active: true);
    }

    /// <summary>What depends on the headers before it.</summary>
    public static ValidationState CheckAfter(Block block, BlockNode previous, ChainParams network)
    {
        var height = previous.Height + 1;
        var isDip1Active = height >= network.Heights.Dip0001;
        if (CheckSize(block, Limits.BlockSize(isDip1Active)) is { IsInvalid: true } size)
        {
            return size;
        }

        // BIP113: lock times are compared with the median of the blocks before.
        var time = height >= network.Heights.Csv ? previous.MedianTimePast : block.Header.Time;
        var sigOps = 0;
        foreach (var transaction in block.Transactions)
        {
            if (!TransactionRules.IsFinal(transaction, height, time))
            {
                return ValidationState.Consensus("bad-txns-nonfinal", "non-final transaction");
            }

            if (TransactionRules.CheckAtHeight(transaction, height, network) is { IsInvalid: true } failure)
            {
                return OfTransaction(transaction, failure);
            }

            sigOps += SigOps.CountLegacy(transaction);
        }

        if (CheckSigOps(sigOps, isDip1Active) is { IsInvalid: true } many)
        {
            return many;
        }

        var coinbase = block.Transactions[0];
        if (height >= network.Heights.Dip0003)
        {
            return coinbase.Type == TransactionType.CoinbaseSpecial
                ? ValidationState.Valid
                : ValidationState.Consensus("bad-cb-type", "coinbase is not a CbTx");
        }

        // BIP34, until the CbTx holds the height.
        return height < network.Heights.Bip34
            || coinbase.Inputs[0].ScriptSig.Span.StartsWith(new ScriptBuilder().Number(height).Build().Span)
                ? ValidationState.Valid
                : ValidationState.Consensus("bad-cb-height", "block height mismatch in coinbase");
    }

    /// <summary>A transaction's failure as its block's.</summary>
    public static ValidationState OfTransaction(Transaction transaction, ValidationState failure) =>
        ValidationState.Consensus(
            failure.RejectReason, $"Transaction check failed (tx hash {transaction.Txid}) {failure.DebugMessage}");

    /// <summary>The header is that of the transactions.</summary>
    public static ValidationState CheckMerkleRoot(Block block)
    {
        if (block.ComputeMerkleRoot(out var isMutated) != block.Header.MerkleRoot)
        {
            return ValidationState.Invalid(InvalidKind.Mutated, "bad-txnmrklroot", "hashMerkleRoot mismatch");
        }

        // CVE-2012-2459: a tail of transactions repeated leaves the root as it was.
        return isMutated
            ? ValidationState.Invalid(InvalidKind.Mutated, "bad-txns-duplicate", "duplicate transaction")
            : ValidationState.Valid;
    }

    private static ValidationState CheckSize(Block block, int limit) =>
        block.Transactions.Count == 0 || block.Transactions.Count > limit || block.Size > limit
            ? ValidationState.Consensus("bad-blk-length", "size limits failed")
            : ValidationState.Valid;

    private static ValidationState CheckSigOps(int count, bool isDip1Active) =>
        count > Limits.BlockSigOps(isDip1Active)
            ? ValidationState.Consensus("bad-blk-sigops", "out-of-bounds SigOpCount")
            : ValidationState.Valid;
}
