using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Evo;
using Dash.Primitives.Hashing;
using Dash.Primitives.Networks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Masternodes;

/// <summary>What a block does to the list of masternodes. Pure but for the coins and members it asks about.</summary>
/// <param name="network">Heights of rules.</param>
/// <param name="previous">The block before.</param>
/// <param name="isV24">Whether V24 is active in the block.</param>
/// <param name="coins">
/// The coins before the block; null when the block was checked before, so that spent collaterals don't matter.
/// </param>
/// <param name="membersOf">Members of the quorum a commitment of the block is for, in their order.</param>
internal sealed class MasternodeListUpdate(
    ChainParams network,
    BlockNode previous,
    bool isV24,
    ICoinsView? coins,
    Func<FinalCommitment, IReadOnlyList<Txid>> membersOf)
{
    // A missed key generation costs two thirds of what leads to a ban.
    private const int PenaltyPercent = 66;

    private readonly int _height = previous.Height + 1;

    /// <summary>The list after a block.</summary>
    /// <param name="before">The list after the block before.</param>
    /// <param name="block">The block.</param>
    /// <param name="list">The list after it, when valid.</param>
    /// <exception cref="MasternodeListException">Two masternodes would share what only one may have.</exception>
    public ValidationState Apply(MasternodeList before, Block block, out MasternodeList list)
    {
        list = before;
        var payee = before.Payee(network);
        var builder = before.ToBuilder(_height);
        Age(before, builder);
        foreach (var transaction in block.Transactions.Skip(1))
        {
            if (ApplyPayload(transaction, builder) is { IsInvalid: true } failure)
            {
                return failure;
            }
        }

        // Whoever spends a collateral gives up the masternode.
        foreach (var input in block.Transactions.Skip(1).SelectMany(static transaction => transaction.Inputs))
        {
            if (builder.OwnerOf(UniqueProperty.Of(input.PreviousOutput)) is { } gone)
            {
                builder.Remove(gone);
            }
        }

        Pay(payee, builder);
        list = builder.Build();
        return ValidationState.Valid;
    }

    // Registrations that are old enough are confirmed by the block before, and penalties get less.
    private void Age(MasternodeList before, MasternodeListBuilder builder)
    {
        foreach (var node in before.All)
        {
            var state = node.State;
            if (!state.IsConfirmed
                && previous.Height - state.RegisteredHeight >= network.Payments.MasternodeMinimumConfirmations)
            {
                state = state.Confirmed(node.ProTxHash, previous.Hash);
            }

            if (!state.IsBanned && state.PosePenalty > 0)
            {
                state = state with { PosePenalty = state.PosePenalty - 1 };
            }

            if (state != node.State)
            {
                builder.Update(node, state);
            }
        }
    }

    private ValidationState ApplyPayload(Transaction transaction, MasternodeListBuilder builder)
    {
        if (!transaction.HasExtraPayload)
        {
            return ValidationState.Valid;
        }

        var payload = transaction.ExtraPayload.Span;
        const string Unreadable = "bad-protx-payload";
        switch (transaction.Type)
        {
            case TransactionType.ProRegTx:
                return ProRegTx.TryParse(payload, out var registration)
                    ? Register(transaction, registration, builder)
                    : ValidationState.Consensus(Unreadable);
            case TransactionType.ProUpServTx:
                return ProUpServTx.TryParse(payload, out var service)
                    ? UpdateService(service, builder)
                    : ValidationState.Consensus(Unreadable);
            case TransactionType.ProUpRegTx:
                return ProUpRegTx.TryParse(payload, out var registrar)
                    ? UpdateRegistrar(registrar, builder)
                    : ValidationState.Consensus(Unreadable);
            case TransactionType.ProUpRevTx:
                return ProUpRevTx.TryParse(payload, out var revocation)
                    ? Revoke(revocation, builder)
                    : ValidationState.Consensus(Unreadable);
            case TransactionType.QuorumCommitment:
                if (!FinalCommitment.TryParse(payload, out var commitment))
                {
                    return ValidationState.Consensus("bad-qc-payload");
                }

                Punish(commitment, builder);
                return ValidationState.Valid;
            default:
                return ValidationState.Valid;
        }
    }

    private ValidationState Register(Transaction transaction, ProRegTx payload, MasternodeListBuilder builder)
    {
        var isOwn = payload.Collateral.Txid == default;
        var collateral = isOwn ? new OutPoint(transaction.Txid, payload.Collateral.Index) : payload.Collateral;
        if (!isOwn && coins is not null && coins.Find(collateral)?.Output.Value != payload.Type.Collateral())
        {
            return ValidationState.Consensus("bad-protx-collateral");
        }

        // A new registration of the same collateral takes the place of the old one.
        if (builder.OwnerOf(UniqueProperty.Of(collateral)) is { } replaced)
        {
            builder.Remove(replaced);
        }

        foreach (var entry in payload.NetInfo.Entries)
        {
            if (!entry.IsValid)
            {
                return ValidationState.Consensus("bad-protx-netinfo-entry");
            }

            if (builder.IsTaken(UniqueProperty.Of(entry)))
            {
                return ValidationState.Consensus("bad-protx-dup-netinfo-entry");
            }
        }

        var state = MasternodeState.Of(payload, _height);
        if (builder.IsTaken(UniqueProperty.Of(payload.OwnerKeyId))
            || (state.OperatorKey is { } key && builder.IsTaken(UniqueProperty.Of(key, state.OperatorScheme))))
        {
            return ValidationState.Consensus("bad-protx-dup-key");
        }

        builder.Add(new Masternode(transaction.Txid, payload.Type, collateral, payload.OperatorReward, state));
        return ValidationState.Valid;
    }

    private ValidationState UpdateService(ProUpServTx payload, MasternodeListBuilder builder)
    {
        foreach (var entry in payload.NetInfo.Entries)
        {
            if (!entry.IsValid)
            {
                return ValidationState.Consensus("bad-protx-netinfo-entry");
            }

            if (builder.OwnerOf(UniqueProperty.Of(entry)) is { } other && other.ProTxHash != payload.ProTxHash)
            {
                return ValidationState.Consensus("bad-protx-dup-netinfo-entry");
            }
        }

        if (builder.Find(payload.ProTxHash) is not { } node)
        {
            return ValidationState.Consensus("bad-protx-hash");
        }

        if (payload.Type != node.Type)
        {
            return ValidationState.Consensus("bad-protx-type-mismatch");
        }

        var state = node.State with { NetInfo = payload.NetInfo, OperatorPayout = payload.OperatorPayout };
        if (isV24)
        {
            state = state with { Version = payload.Version };
        }

        if (payload.Type == MasternodeType.Evo)
        {
            state = state with
            {
                Platform = payload.Version < ProTxVersion.ExtendedAddresses
                    ? payload.Platform
                    : state.Platform with { NodeId = payload.Platform.NodeId },
            };
        }

        if (state.IsBanned && state.OperatorKey is not null && state.VotingKeyId != default && state.OwnerKeyId != default)
        {
            state = state.Revived(_height);
        }

        builder.Update(node, state);
        return ValidationState.Valid;
    }

    private ValidationState UpdateRegistrar(ProUpRegTx payload, MasternodeListBuilder builder)
    {
        if (builder.Find(payload.ProTxHash) is not { } node)
        {
            return ValidationState.Consensus("bad-protx-hash");
        }

        var state = node.State;
        var key = MasternodeState.KeyOf(payload.OperatorKey.Span, payload.Scheme);
        if (!Equals(state.OperatorKey, key))
        {
            // A new operator has to say first where the masternode is.
            state = state.WithoutOperator().Banned(_height) with
            {
                Version = payload.Version,
                OperatorKey = key,
                OperatorScheme = payload.Scheme,
                NetInfo = payload.Version >= ProTxVersion.ExtendedAddresses ? NetInfo.OfEntries([]) : NetInfo.OfAddress(null),
            };
        }

        builder.Update(node, state with { VotingKeyId = payload.VotingKeyId, Payout = payload.Payout });
        return ValidationState.Valid;
    }

    private ValidationState Revoke(ProUpRevTx payload, MasternodeListBuilder builder)
    {
        if (builder.Find(payload.ProTxHash) is not { } node)
        {
            return ValidationState.Consensus("bad-protx-hash");
        }

        builder.Update(node, node.State.WithoutOperator().Banned(_height) with { RevocationReason = payload.Reason });
        return ValidationState.Valid;
    }

    // Members that missed the key generation. Banned ones get no points beyond the most.
    private void Punish(FinalCommitment commitment, MasternodeListBuilder builder)
    {
        if (commitment.IsNull)
        {
            return;
        }

        var members = membersOf(commitment);
        for (var i = 0; i < members.Count; i++)
        {
            if (commitment.IsValidMember(i) || builder.Find(members[i]) is not { } node)
            {
                continue;
            }

            var most = Math.Max(MasternodeList.LeastMaxPenalty, builder.Count);
            var penalty = Math.Min(most, node.State.PosePenalty + (most * PenaltyPercent / 100));
            var state = node.State with { PosePenalty = penalty };
            builder.Update(node, penalty >= most ? state.Banned(_height) : state);
        }
    }

    // Who was to be paid is, even if this block removed the reason.
    private void Pay(Masternode? payee, MasternodeListBuilder builder)
    {
        var isReallocated = _height >= network.Heights.MnRr;
        if (payee is not null && builder.Find(payee.ProTxHash) is { } paid)
        {
            var inARow = paid.Type == MasternodeType.Evo && !isReallocated ? 1 : 0;
            builder.Update(paid, paid.State with
            {
                LastPaidHeight = _height,
                ConsecutivePayments = paid.State.ConsecutivePayments + inARow,
            });
        }

        foreach (var node in builder.All)
        {
            if (node.Type == MasternodeType.Evo
                && node.State.ConsecutivePayments != 0
                && (isReallocated || node.ProTxHash != payee?.ProTxHash))
            {
                builder.Update(node, node.State with { ConsecutivePayments = 0 });
            }
        }
    }
}
