using Dash.Node.Consensus;
using Dash.Node.Quorums;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>
/// Checks what blocks say about masternodes, quorums and the credit pool, as far as it follows from the chain without
/// the masternode list; docs/consensus.md names the rest. Belongs to the validation loop.
/// </summary>
internal sealed class SpecialTransactions(
    ChainParams network, BlockIndex index, PayloadHistory history, CommitmentRules commitments)
{
    /// <summary>All special transactions of the block after <paramref name="previous"/>.</summary>
    public ValidationState CheckBlock(Block block, BlockNode previous)
    {
        var height = previous.Height + 1;
        CbTx? cbTx = null;
        var coinbase = block.Transactions[0];
        if (coinbase.Type == TransactionType.CoinbaseSpecial
            && CoinbaseRules.CheckPayload(coinbase, height, network, out cbTx) is { IsInvalid: true } payload)
        {
            return payload.RejectReason == "bad-cbtx-payload" ? payload : OfTransaction(coinbase, payload);
        }

        if (height >= network.Heights.Dip0003 && cbTx is null)
        {
            return ValidationState.Consensus("bad-cbtx-version");
        }

        foreach (var transaction in block.Transactions.Skip(cbTx is null ? 0 : 1))
        {
            if (CheckOne(transaction, previous) is { IsInvalid: true } failure)
            {
                return OfTransaction(transaction, failure);
            }
        }

        var parent = history.CoinbasePayloadOf(previous);
        if (cbTx is not null && height >= network.Heights.V20)
        {
            var balance = CoinbaseRules.CreditPoolAfter(
                block.Transactions, parent, height, Subsidy.ForBlock(previous, network), network);
            if (cbTx.CreditPoolBalance != balance)
            {
                return ValidationState.Consensus("bad-cbtx-assetlocked-amount");
            }
        }

        if (commitments.CheckBlock(block, previous, IsMinedBefore(previous)) is { IsInvalid: true } commitment)
        {
            return commitment;
        }

        return cbTx is null ? ValidationState.Valid
            : CheckRoots(block, cbTx, parent) is { IsInvalid: true } roots ? roots
            : CoinbaseRules.CheckChainLock(cbTx, parent);
    }

    /// <summary>One transaction in a block after <paramref name="previous"/>.</summary>
    public ValidationState CheckOne(Transaction transaction, BlockNode previous)
    {
        if (!transaction.HasExtraPayload)
        {
            return ValidationState.Valid;
        }

        if (previous.Height + 1 < network.Heights.Dip0003)
        {
            return ValidationState.Invalid(InvalidKind.BadSpecial, "bad-tx-type");
        }

        return transaction.Type switch
        {
            TransactionType.CoinbaseSpecial => ValidationState.Consensus("bad-cbtx-invalid"),
            TransactionType.QuorumCommitment => commitments.CheckTransaction(transaction, previous, index.Find),
            TransactionType.AssetLock => ValidationState.Of(AssetLock.Check(transaction)),
            _ => ValidationState.Valid,
        };
    }

    /// <summary>The transactions with null commitments that a block we make must carry.</summary>
    public IEnumerable<Transaction> NullCommitmentsAfter(BlockNode previous) =>
        commitments.NullCommitmentsAfter(previous, IsMinedBefore(previous));

    /// <summary>The payload of the coinbase of a block we make.</summary>
    /// <param name="previous">The parent.</param>
    /// <param name="transactions">What it holds beside the coinbase.</param>
    /// <exception cref="InvalidOperationException">
    /// The chain has masternodes or quorums, whose list isn't kept here.
    /// </exception>
    public CbTx CoinbasePayloadAfter(BlockNode previous, IReadOnlyList<Transaction> transactions)
    {
        var height = previous.Height + 1;
        var parent = history.CoinbasePayloadOf(previous);
        if (parent is not null && !(parent.MerkleRootMasternodeList.IsZero && parent.MerkleRootQuorums.IsZero))
        {
            throw new InvalidOperationException(
                "Blocks cannot be made on a chain with masternodes: their list is not kept by this node.");
        }

        var version = CoinbaseRules.PayloadVersion(height, network);
        var payload = new CbTx { Version = version, Height = height };
        return version < CbTx.VersionChainLock
            ? payload
            : payload with
            {
                BestChainLockHeightDifference =
                    parent is { HasChainLock: true } ? parent.BestChainLockHeightDifference + 1 : 0,
                BestChainLockSignature =
                    parent?.BestChainLockSignature ?? new byte[CbTx.SignatureSize],
                CreditPoolBalance = CoinbaseRules.CreditPoolAfter(
                    transactions, parent, height, Subsidy.ForBlock(previous, network), network),
            };
    }

    private static ValidationState OfTransaction(Transaction transaction, ValidationState failure) =>
        ValidationState.Consensus(
            failure.RejectReason,
            $"Special Transaction check failed (tx hash {transaction.Txid}) {failure.DebugMessage}");

    // As long as there never was a masternode or a quorum, both lists are empty and so are their roots.
    private static ValidationState CheckRoots(Block block, CbTx cbTx, CbTx? parent)
    {
        var hadMasternodes = parent is not null && !parent.MerkleRootMasternodeList.IsZero;
        if (!hadMasternodes
            && !block.Transactions.Any(static tx => tx.HasExtraPayload && tx.Type == TransactionType.ProRegTx)
            && cbTx.MerkleRootMasternodeList != Uint256.Zero)
        {
            return ValidationState.Consensus("bad-cbtx-mnmerkleroot");
        }

        var hadQuorums = parent is not null && !parent.MerkleRootQuorums.IsZero;
        return !hadQuorums && !block.Transactions.Any(IsRealCommitment) && cbTx.MerkleRootQuorums != Uint256.Zero
            ? ValidationState.Consensus("bad-cbtx-quorummerkleroot")
            : ValidationState.Valid;

        static bool IsRealCommitment(Transaction transaction) =>
            transaction.Type == TransactionType.QuorumCommitment
            && FinalCommitment.TryParse(transaction.ExtraPayload.Span, out var commitment)
            && !commitment.IsNull;
    }

    private Func<byte, BlockHash, bool> IsMinedBefore(BlockNode previous) =>
        (type, quorum) => index.Find(quorum) is { } node
            && history.IsCommitmentMined(previous, type, quorum, node.Height);
}
