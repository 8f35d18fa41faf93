using Dash.Node.Consensus;
using Dash.Node.Masternodes;
using Dash.Node.Quorums;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Chain;

/// <summary>
/// Checks what blocks say about masternodes, quorums and the credit pool; docs/consensus.md names what is left out.
/// Belongs to the validation loop.
/// </summary>
internal sealed class SpecialTransactions(
    ChainParams network,
    BlockIndex index,
    PayloadHistory history,
    CommitmentRules commitments,
    MasternodeSignals signals,
    EvoChain evo)
{
    /// <summary>All special transactions of the block after <paramref name="previous"/>.</summary>
    /// <param name="block">The block.</param>
    /// <param name="previous">Its parent.</param>
    /// <param name="coins">The coins before it.</param>
    public ValidationState CheckBlock(Block block, BlockNode previous, ICoinsView coins)
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

        var before = evo.StateAt(previous);
        var indexes = height >= network.Heights.V20 ? before.CreditPool.Indexes : null;
        foreach (var transaction in block.Transactions.Skip(cbTx is null ? 0 : 1))
        {
            if (CheckOne(transaction, previous, coins, indexes) is { IsInvalid: true } failure)
            {
                return OfTransaction(transaction, failure);
            }
        }

        if (cbTx is not null && height >= network.Heights.V20)
        {
            var share = Subsidy.PlatformShare(height, Subsidy.ForBlock(previous, network), network);
            if (before.CreditPool.Check(block.Transactions.Skip(1), share, out var balance) is { IsInvalid: true } pool)
            {
                return pool;
            }

            if (cbTx.CreditPoolBalance != balance)
            {
                return ValidationState.Consensus("bad-cbtx-assetlocked-amount");
            }
        }

        if (commitments.CheckBlock(block, previous, before.Quorums.IsMined) is { IsInvalid: true } commitment)
        {
            return commitment;
        }

        if (evo.ListAfter(block, previous, before, coins, out var list) is { IsInvalid: true } change)
        {
            return change;
        }

        if (cbTx is not null)
        {
            if (CheckRoots(block, cbTx, previous, before, list) is { IsInvalid: true } roots)
            {
                return roots;
            }

            if (CoinbaseRules.CheckChainLock(cbTx, history.CoinbasePayloadOf(previous)) is { IsInvalid: true } locks)
            {
                return locks;
            }
        }

        if (CheckSignals(block, previous, before) is { IsInvalid: true } signal)
        {
            return signal;
        }

        // A block we are about to make has no place in the tree yet.
        if (index.Find(block.Header.Hash) is { } node && node.Previous == previous)
        {
            history.Remember(node, block);
            evo.Remember(node, evo.StateAfter(block, previous, before, list));
        }

        return ValidationState.Valid;
    }

    /// <summary>One transaction in a block after <paramref name="previous"/>.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="previous">The parent of its block.</param>
    /// <param name="coins">The coins before it.</param>
    /// <param name="indexes">Withdrawals there were; null to leave that for the block.</param>
    public ValidationState CheckOne(Transaction transaction, BlockNode previous, ICoinsView coins, IndexRanges? indexes)
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
            TransactionType.ProRegTx => ProTx(previous, coins).CheckRegistration(transaction),
            TransactionType.ProUpServTx => ProTx(previous, coins).CheckServiceUpdate(transaction),
            TransactionType.ProUpRegTx => ProTx(previous, coins).CheckRegistrarUpdate(transaction),
            TransactionType.ProUpRevTx => ProTx(previous, coins).CheckRevocation(transaction),
            TransactionType.CoinbaseSpecial => ValidationState.Consensus("bad-cbtx-invalid"),
            TransactionType.QuorumCommitment => commitments.CheckTransaction(
                transaction, previous, index.Find, (llmq, quorum) => evo.MembersOf(llmq, quorum).Count),
            TransactionType.MnHfSignal => CheckSignal(transaction, previous),
            TransactionType.AssetLock => ValidationState.Of(AssetLock.Check(transaction)),
            TransactionType.AssetUnlock => CheckUnlock(transaction, previous, indexes),
            _ => ValidationState.Invalid(InvalidKind.BadSpecial, "bad-tx-type-check"),
        };
    }

    /// <summary>The masternodes after a block.</summary>
    public MasternodeList ListAt(BlockNode node) => evo.ListAt(node);

    /// <summary>The transactions with null commitments that a block we make must carry.</summary>
    public IEnumerable<Transaction> NullCommitmentsAfter(BlockNode previous) =>
        commitments.NullCommitmentsAfter(previous, evo.StateAt(previous).Quorums.IsMined);

    /// <summary>The payload of the coinbase of a block we make.</summary>
    /// <param name="previous">The parent.</param>
    /// <param name="transactions">What it holds beside the coinbase.</param>
    /// <param name="coins">The coins before it.</param>
    /// <exception cref="InvalidOperationException">A transaction can't be in the block.</exception>
    public CbTx CoinbasePayloadAfter(BlockNode previous, IReadOnlyList<Transaction> transactions, ICoinsView coins)
    {
        var height = previous.Height + 1;
        var parent = history.CoinbasePayloadOf(previous);
        var before = evo.StateAt(previous);
        var version = CoinbaseRules.PayloadVersion(height, network);

        // Neither list nor root depend on the coinbase or the header.
        var coinbase = new Transaction([new TxIn(OutPoint.Null, Primitives.Scripts.Script.Empty)], []);
        var block = new Block(previous.Header, [coinbase, .. transactions]);
        Require(evo.ListAfter(block, previous, before, coins, out var list));
        var (quorumRoot, reason) = QuorumRoot(transactions, previous, before);
        var payload = new CbTx
        {
            Version = version,
            Height = height,
            MerkleRootMasternodeList = list.Root.Root,
            MerkleRootQuorums = version >= CbTx.VersionQuorums
                ? quorumRoot ?? throw new InvalidOperationException(reason)
                : Uint256.Zero,
        };
        if (version < CbTx.VersionChainLock)
        {
            return payload;
        }

        var share = Subsidy.PlatformShare(height, Subsidy.ForBlock(previous, network), network);
        Require(before.CreditPool.Check(transactions, share, out var balance));
        return payload with
        {
            BestChainLockHeightDifference = parent is { HasChainLock: true } ? parent.BestChainLockHeightDifference + 1 : 0,
            BestChainLockSignature = parent?.BestChainLockSignature ?? new byte[CbTx.SignatureSize],
            CreditPoolBalance = balance,
        };

        static void Require(ValidationState state)
        {
            if (state.IsInvalid)
            {
                throw new InvalidOperationException(state.ToString());
            }
        }
    }

    private static ValidationState OfTransaction(Transaction transaction, ValidationState failure) =>
        ValidationState.Consensus(
            failure.RejectReason,
            $"Special Transaction check failed (tx hash {transaction.Txid}) {failure.DebugMessage}");

    private ProTxChecks ProTx(BlockNode previous, ICoinsView coins) =>
        new(network, evo.ListAt(previous), previous, evo.IsV24After(previous), coins);

    private ValidationState CheckRoots(Block block, CbTx cbTx, BlockNode previous, EvoState before, MasternodeList list)
    {
        var (root, isMutated) = list.Root;
        if (isMutated)
        {
            return ValidationState.Consensus("mutated-calc-cb-mnmerkleroot");
        }

        if (root != cbTx.MerkleRootMasternodeList)
        {
            return ValidationState.Consensus("bad-cbtx-mnmerkleroot");
        }

        if (cbTx.Version < CbTx.VersionQuorums)
        {
            return ValidationState.Valid;
        }

        var (quorumRoot, reason) = QuorumRoot(block.Transactions, previous, before);
        return quorumRoot is null ? ValidationState.Consensus(reason)
            : quorumRoot != cbTx.MerkleRootQuorums ? ValidationState.Consensus("bad-cbtx-quorummerkleroot")
            : ValidationState.Valid;
    }

    private (Uint256? Root, string Reason) QuorumRoot(IEnumerable<Transaction> transactions, BlockNode previous, EvoState before) =>
        before.Quorums.RootWith(
            network.Llmqs,
            llmq => commitments.IsRotatedAt(llmq, previous.Height),
            evo.MinedBy(transactions, previous.Height + 1));

    private ValidationState CheckSignal(Transaction transaction, BlockNode node)
    {
        if (MnHfSignal.Check(transaction) is { } fault)
        {
            return ValidationState.Of(fault);
        }

        if (!MnHfSignal.TryParse(transaction.ExtraPayload.Span, out var signal)
            || !signals.MaySignal(signal.VersionBit, node.MedianTimePast))
        {
            return ValidationState.Consensus("bad-mnhf-non-ehf");
        }

        if (index.Find(signal.QuorumHash) is not { } quorum || node.Ancestor(quorum.Height) != quorum)
        {
            return ValidationState.Consensus("bad-mnhf-quorum-hash");
        }

        return signal.VersionBit >= MnHfSignal.VersionBitCount ? ValidationState.Consensus("bad-mnhf-nbit-out-of-bounds")
            : !history.IsCommitmentMined(node, network.LlmqMnHf, quorum) ? ValidationState.Consensus("bad-mnhf-missing-quorum")
            : ValidationState.Valid;
    }

    private ValidationState CheckSignals(Block block, BlockNode previous, EvoState before)
    {
        if (!block.Transactions.Any(static transaction => transaction.Type == TransactionType.MnHfSignal))
        {
            return ValidationState.Valid;
        }

        var place = new BlockNode(block.Header.Hash, block.Header, previous);
        var known = evo.SignalsBefore(previous, before).Select(static signal => signal.Key).ToHashSet();
        var added = new HashSet<byte>();
        foreach (var transaction in block.Transactions.Skip(1))
        {
            if (!transaction.HasExtraPayload || transaction.Type != TransactionType.MnHfSignal)
            {
                continue;
            }

            // It was checked as of the parent; the block's own time may decide otherwise.
            if (!MnHfSignal.TryParse(transaction.ExtraPayload.Span, out var signal)
                || !signals.MaySignal(signal.VersionBit, place.MedianTimePast))
            {
                return ValidationState.Consensus("bad-mnhf-non-ehf");
            }

            if (!added.Add(signal.VersionBit))
            {
                return ValidationState.Consensus("bad-mnhf-duplicates-in-block");
            }
        }

        return added.Any(known.Contains) ? ValidationState.Consensus("bad-mnhf-duplicate") : ValidationState.Valid;
    }

    private ValidationState CheckUnlock(Transaction transaction, BlockNode previous, IndexRanges? indexes)
    {
        if (AssetUnlock.Check(transaction) is { } fault)
        {
            return ValidationState.Of(fault);
        }

        if (!AssetUnlock.TryParse(transaction.ExtraPayload.Span, out var unlock) || indexes?.Contains(unlock.Index) == true)
        {
            return ValidationState.Consensus("bad-assetunlock-duplicated-index");
        }

        if (index.Find(unlock.QuorumHash) is null)
        {
            return ValidationState.Consensus("bad-assetunlock-quorum-hash");
        }

        // Those that sign, and the last one that did.
        var llmq = network.LlmqPlatform;
        return !evo.StateAt(previous).Quorums.Newest(llmq.Type, llmq.SigningActiveQuorumCount + 1)
                .Any(quorum => quorum.Hash == unlock.QuorumHash)
            ? ValidationState.Consensus("bad-assetunlock-too-old-quorum")
            : previous.Height < unlock.RequestedHeight || previous.Height >= unlock.ExpiryHeight
                ? ValidationState.Consensus("bad-assetunlock-too-late")
            : ValidationState.Valid;
    }
}
