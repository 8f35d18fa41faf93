using Dash.Primitives.Evo;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Consensus;

/// <summary>What a block's coinbase may pay and must pay, and what its DIP4 payload must say.</summary>
internal static class CoinbaseRules
{
    /// <summary>The script of the platform's share of the masternode reward.</summary>
    public static Script PlatformScript { get; } = new ScriptBuilder().Op(Opcode.Return).Build();

    /// <summary>The version of the payload at a height, for a block we make.</summary>
    public static ushort PayloadVersion(int height, ChainParams network) =>
        height >= network.Heights.V20 ? CbTx.VersionChainLock
        : height >= network.Heights.Dip0008 ? CbTx.VersionQuorums
        : CbTx.VersionMasternodeList;

    /// <summary>The payload of a coinbase of type 5, version and height checked.</summary>
    /// <param name="coinbase">The first transaction of the block.</param>
    /// <param name="height">Height of the block.</param>
    /// <param name="network">The network's parameters.</param>
    /// <param name="cbTx">The payload, when valid.</param>
    public static ValidationState CheckPayload(Transaction coinbase, int height, ChainParams network, out CbTx? cbTx)
    {
        if (!CbTx.TryParse(coinbase.ExtraPayload.Span, out cbTx))
        {
            return ValidationState.Consensus("bad-cbtx-payload");
        }

        if (cbTx.Version is 0 or > CbTx.VersionChainLock)
        {
            return ValidationState.Consensus("bad-cbtx-version");
        }

        if (cbTx.Height != height)
        {
            return ValidationState.Consensus("bad-cbtx-height");
        }

        // DIP8 counts from the parent here, one block later than elsewhere.
        var isTooOld = height - 1 >= network.Heights.Dip0008 && cbTx.Version < CbTx.VersionQuorums;
        var isV20 = height >= network.Heights.V20;
        return isTooOld || isV20 != cbTx.Version >= CbTx.VersionChainLock
            ? ValidationState.Consensus("bad-cbtx-version")
            : ValidationState.Valid;
    }

    /// <summary>
    /// What the payload says about ChainLocks, beside the parent's; the signature itself is not verified.
    /// </summary>
    public static ValidationState CheckChainLock(CbTx cbTx, CbTx? parent)
    {
        if (cbTx.Version < CbTx.VersionChainLock)
        {
            return ValidationState.Valid;
        }

        if (parent is { Version: >= CbTx.VersionChainLock, HasChainLock: true })
        {
            if (!cbTx.HasChainLock)
            {
                return ValidationState.Consensus("bad-cbtx-null-clsig");
            }

            if (cbTx.BestChainLockHeightDifference > parent.BestChainLockHeightDifference + 1L)
            {
                return ValidationState.Consensus("bad-cbtx-older-clsig");
            }
        }

        return !cbTx.HasChainLock && cbTx.BestChainLockHeightDifference != 0
            ? ValidationState.Consensus("bad-cbtx-cldiff")
            : ValidationState.Valid;
    }

    /// <summary>The coinbase does not pay more than the block earned.</summary>
    /// <param name="coinbase">The first transaction of the block.</param>
    /// <param name="height">Height of the block.</param>
    /// <param name="reward">Subsidy and fees.</param>
    /// <param name="network">The network's parameters.</param>
    public static ValidationState CheckValue(Transaction coinbase, int height, Amount reward, ChainParams network)
    {
        var limit = reward;
        if (!network.IsMockable)
        {
            var payments = network.Payments;
            if (height >= payments.BudgetStart && height < payments.SuperblockStart
                && height % payments.BudgetCycle < payments.BudgetWindow)
            {
                // Budgets of that time were agreed on by votes nobody keeps any more.
                return ValidationState.Valid;
            }

            limit += Subsidy.SuperblockBudget(height, network);
        }

        return coinbase.OutputValue <= limit
            ? ValidationState.Valid
            : ValidationState.Invalid(InvalidKind.Payments, "bad-cb-amount");
    }
}
