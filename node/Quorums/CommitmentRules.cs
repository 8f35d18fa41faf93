using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Quorums;

/// <summary>
/// Which quorum commitments a block must and may carry (DIP6, DIP24): in the mining window of a cycle, one for each
/// quorum that has none yet, null if its key generation failed. BLS signatures are not verified.
/// </summary>
/// <param name="network">Kinds of quorum and heights.</param>
/// <param name="versionBits">One kind waits for a signalled rule.</param>
internal sealed class CommitmentRules(ChainParams network, VersionBits versionBits)
{
    // Core: IsQuorumTypeEnabled, testnet only.
    private const int Testnet25At67Height = 847000;

    /// <summary>A quorum a block must carry a commitment for.</summary>
    /// <param name="Llmq">Its kind.</param>
    /// <param name="Hash">The block it was drawn by.</param>
    /// <param name="Index">Its place in the cycle.</param>
    /// <param name="IsRotated">Whether its kind rotates by then.</param>
    internal readonly record struct Required(LlmqParams Llmq, BlockHash Hash, short Index, bool IsRotated);

    /// <summary>The quorums the block after <paramref name="previous"/> must carry commitments for.</summary>
    /// <param name="previous">The parent.</param>
    /// <param name="isMined">Whether a real commitment of that kind and quorum is in an earlier block.</param>
    public IEnumerable<Required> RequiredAfter(BlockNode previous, Func<byte, BlockHash, bool> isMined)
    {
        foreach (var llmq in network.Llmqs)
        {
            if (!IsEnabledAfter(llmq, previous))
            {
                continue;
            }

            for (short index = 0; index < PlacesAfter(llmq, previous); index++)
            {
                if (FindRequired(llmq, previous, index, isMined) is { } start)
                {
                    yield return new Required(llmq, start.Hash, index, IsRotatedAt(llmq, previous.Height));
                }
            }
        }
    }

    // How many quorums of a kind the next block may have to carry commitments for.
    private int PlacesAfter(LlmqParams llmq, BlockNode previous) =>
        previous.Height + 1 < network.Heights.Dip0003 || !IsMiningPhase(llmq, previous.Height + 1) ? 0
            : IsRotatedAt(llmq, previous.Height) ? llmq.SigningActiveQuorumCount
            : 1;

    // The block a quorum was drawn by, if the next block must carry its commitment.
    private static BlockNode? FindRequired(LlmqParams llmq, BlockNode previous, short index, Func<byte, BlockHash, bool> isMined) =>
        previous.Ancestor(CycleStart(llmq, previous.Height + 1) + index) is { } start && !isMined(llmq.Type, start.Hash) ? start : null;

    /// <summary>
    /// The transactions of null commitments a block we make after <paramref name="previous"/> carries.
    /// </summary>
    public IEnumerable<Transaction> NullCommitmentsAfter(BlockNode previous, Func<byte, BlockHash, bool> isMined)
    {
        var height = previous.Height + 1;
        var isBasic = height >= network.Heights.V19;
        foreach (var required in RequiredAfter(previous, isMined))
        {
            var payload = FinalCommitment.Null(
                required.Llmq.Type,
                required.Llmq.Size,
                required.Hash,
                required.Index,
                required.IsRotated,
                isBasic,
                height);
            yield return new Transaction(
                Transaction.SpecialVersion, TransactionType.QuorumCommitment, [], [], 0, payload.ToBytes());
        }
    }

    /// <summary>One commitment transaction: its payload, its quorum and its sizes.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="previous">The parent.</param>
    /// <param name="findBlock">Any known block by hash.</param>
    /// <param name="countMembers">How many members a quorum has.</param>
    public ValidationState CheckTransaction(
        Transaction transaction,
        BlockNode previous,
        Func<BlockHash, BlockNode?> findBlock,
        Func<LlmqParams, BlockNode, int> countMembers)
    {
        if (!FinalCommitment.TryParse(transaction.ExtraPayload.Span, out var commitment))
        {
            return ValidationState.Consensus("bad-qc-payload");
        }

        if (Find(commitment.LlmqType) is not { } llmq)
        {
            return ValidationState.Consensus("bad-qc-commitment-type");
        }

        if (commitment.OuterVersion is 0 or > FinalCommitment.PayloadVersion)
        {
            return ValidationState.Consensus("bad-qc-version");
        }

        if (commitment.Height != previous.Height + 1)
        {
            return ValidationState.Consensus("bad-qc-height");
        }

        var quorum = findBlock(commitment.QuorumHash);
        if (quorum is null || previous.Ancestor(quorum.Height) != quorum)
        {
            return ValidationState.Consensus("bad-qc-quorum-hash");
        }

        if (commitment.IsNull)
        {
            return HasRightSizes(commitment, llmq)
                ? ValidationState.Valid
                : ValidationState.Consensus("bad-qc-invalid-null");
        }

        return IsWellFormed(commitment, llmq, quorum) && AreOfMembers(commitment, llmq, countMembers(llmq, quorum))
            ? ValidationState.Valid
            : ValidationState.Consensus("bad-qc-invalid");
    }

    /// <summary>All commitments of a block: neither too few nor too many, each for the right quorum.</summary>
    public ValidationState CheckBlock(Block block, BlockNode previous, Func<byte, BlockHash, bool> isMined)
    {
        var commitments = new List<FinalCommitment>();
        foreach (var transaction in block.Transactions)
        {
            if (transaction.Type != TransactionType.QuorumCommitment)
            {
                continue;
            }

            if (!FinalCommitment.TryParse(transaction.ExtraPayload.Span, out var commitment))
            {
                return ValidationState.Consensus("bad-qc-payload");
            }

            if (Find(commitment.LlmqType) is not { } llmq)
            {
                return ValidationState.Consensus("bad-qc-commitment-type");
            }

            if (!IsRotatedAt(llmq, previous.Height + 1)
                && commitments.Any(other => other.LlmqType == commitment.LlmqType))
            {
                return ValidationState.Consensus("bad-qc-dup");
            }

            commitments.Add(commitment);
        }

        if (previous.Height + 1 < network.Heights.Dip0003)
        {
            return commitments.Count == 0 ? ValidationState.Valid : ValidationState.Consensus("bad-qc-premature");
        }

        return CheckCounts(commitments, previous, isMined) is { IsInvalid: true } counts
            ? counts
            : CheckQuorums(commitments, previous, isMined);
    }

    // A quorum of few masternodes has fewer members than places.
    private static bool AreOfMembers(FinalCommitment commitment, LlmqParams llmq, int members) =>
        !Enumerable.Range(members, Math.Max(llmq.Size - members, 0)).Any(i => commitment.IsValidMember(i) || commitment.IsSigner(i));

    private static int CycleStart(LlmqParams llmq, int height) => height - (height % llmq.DkgInterval);

    private static bool IsMiningPhase(LlmqParams llmq, int height)
    {
        var phase = height % llmq.DkgInterval;
        return phase >= llmq.MiningWindowStart && phase <= llmq.MiningWindowEnd;
    }

    private static bool HasRightSizes(FinalCommitment commitment, LlmqParams llmq) =>
        commitment.Signers.Count == llmq.Size && commitment.ValidMembers.Count == llmq.Size;

    private ValidationState CheckCounts(
        List<FinalCommitment> commitments, BlockNode previous, Func<byte, BlockHash, bool> isMined)
    {
        foreach (var llmq in network.Llmqs)
        {
            if (!IsEnabledAfter(llmq, previous))
            {
                continue;
            }

            var (have, need) = (0, 0);
            foreach (var commitment in commitments)
            {
                have += commitment.LlmqType == llmq.Type ? 1 : 0;
            }

            for (short index = 0; index < PlacesAfter(llmq, previous); index++)
            {
                need += FindRequired(llmq, previous, index, isMined) is null ? 0 : 1;
            }

            if (have != need)
            {
                return ValidationState.Consensus(have > need ? "bad-qc-not-allowed" : "bad-qc-missing");
            }
        }

        return ValidationState.Valid;
    }

    private ValidationState CheckQuorums(
        List<FinalCommitment> commitments, BlockNode previous, Func<byte, BlockHash, bool> isMined)
    {
        var height = previous.Height + 1;
        foreach (var commitment in commitments)
        {
            var llmq = Find(commitment.LlmqType)!; // refused before when unknown
            var start = previous.Ancestor(CycleStart(llmq, height) + commitment.QuorumIndex);
            if (start?.Hash != commitment.QuorumHash)
            {
                return ValidationState.Consensus("bad-qc-block");
            }

            if (commitment.IsNull)
            {
                continue;
            }

            if (isMined(llmq.Type, commitment.QuorumHash))
            {
                return ValidationState.Consensus("bad-qc-dup");
            }

            if (!IsMiningPhase(llmq, height))
            {
                return ValidationState.Consensus("bad-qc-height");
            }
        }

        return ValidationState.Valid;
    }

    private bool IsWellFormed(FinalCommitment commitment, LlmqParams llmq, BlockNode quorum)
    {
        var version = FinalCommitment.VersionFor(
            IsRotatedAt(llmq, quorum.Height), quorum.Height + 1 >= network.Heights.V19);
        return commitment.Version == version
            && quorum.Height % llmq.DkgInterval == commitment.QuorumIndex
            && HasRightSizes(commitment, llmq)
            && commitment.ValidMemberCount >= llmq.MinSize
            && commitment.SignerCount >= llmq.MinSize
            && commitment.HasKeysAndSignatures;
    }

    /// <summary>The kind of a number; null for one that this network has not.</summary>
    public LlmqParams? Find(byte type) => network.Llmqs.FirstOrDefault(llmq => llmq.Type == type);

    /// <summary>Whether a kind rotates in the cycle of a height: from the first that starts after DIP24 was active.</summary>
    public bool IsRotatedAt(LlmqParams llmq, int height)
    {
        var start = CycleStart(llmq, height);
        return llmq.UsesRotation && start >= 1 && start >= network.Heights.Dip0024;
    }

    /// <summary>Whether a kind is used after a block (Core: ChainstateManager::IsQuorumTypeEnabled).</summary>
    public bool IsEnabledAfter(LlmqParams llmq, BlockNode previous)
    {
        var isRotating = previous.Height + 1 >= network.Heights.Dip0024;
        var replacesOld = isRotating && previous.Height >= network.Heights.Dip0024Quorums;
        return llmq.Name switch
        {
            "llmq_50_60" => !replacesOld || network.Name == ChainParams.Test.Name || network.DevnetGenesis is not null,
            "llmq_test_instantsend" => !replacesOld || network.LlmqInstantSend == llmq,
            "llmq_test_v17" => versionBits.IsActiveAfter(previous, "testdummy"),
            "llmq_100_67" => previous.Height + 1 >= network.Heights.Dip0020,
            "llmq_60_75" or "llmq_devnet_dip0024" or "llmq_test_dip0024" => isRotating,
            "llmq_25_67" => previous.Height >= Testnet25At67Height,
            _ => true,
        };
    }
}
