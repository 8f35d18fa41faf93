using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Networks;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>Decides whether a transaction enters the mempool, and lets it in. Validation loop only.</summary>
internal sealed class AcceptTransaction(
    Chainstate chainstate, TxMempool mempool, PolicySettings settings, Clock clock)
{
    // BIP-less rule of Core: one small child more than the limit, so that two parties can each bump a shared parent.
    private const int ExtraDescendantSize = 10_000;

    /// <summary>Checks a transaction and adds it when it is acceptable.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="time">When it came, Unix seconds.</param>
    /// <param name="bypassLimits">Ignore fee floors: for transactions that were in a block before.</param>
    /// <param name="testOnly">Check, and add nothing.</param>
    public AcceptResult Run(Transaction transaction, long time, bool bypassLimits = false, bool testOnly = false)
    {
        var state = Check(transaction, time, bypassLimits, out var entry);
        if (state.IsInvalid || entry is null)
        {
            return AcceptResult.Refused(state);
        }

        if (!testOnly)
        {
            mempool.Add(entry);
            if (!bypassLimits)
            {
                mempool.Expire(clock.UnixSeconds - settings.ExpirySeconds);
                mempool.TrimToSize();
                if (!mempool.Graph.Contains(entry.Txid))
                {
                    return AcceptResult.Refused(
                        ValidationState.Invalid(InvalidKind.MempoolPolicy, "mempool full"));
                }
            }
        }

        return new AcceptResult(ValidationState.Valid, entry.Fee, entry.VirtualSize);
    }

    private ValidationState Check(Transaction transaction, long time, bool bypassLimits, out MempoolEntry? entry)
    {
        entry = null;
        var tip = chainstate.View.Tip;
        if (CheckForm(transaction, tip) is { IsInvalid: true } form)
        {
            return form;
        }

        if (CheckConflicts(transaction) is { IsInvalid: true } conflict)
        {
            return conflict;
        }

        var inputs = FindInputs(transaction, out var missing);
        if (missing.IsInvalid)
        {
            return missing;
        }

        if (CheckInputs(transaction, inputs, tip, out var fee) is { IsInvalid: true } value)
        {
            return value;
        }

        var sigOps = SigOps.Count(transaction, inputs);
        entry = new MempoolEntry(
            transaction,
            fee,
            time,
            tip.Height,
            sigOps,
            Policy.VirtualSize(transaction.Size, sigOps, settings),
            inputs.Any(static coin => coin.IsCoinBase),
            mempool.FeeDeltas.GetValueOrDefault(transaction.Txid));
        if (sigOps > Policy.MaxSigOps)
        {
            return ValidationState.Invalid(InvalidKind.NotStandard, "bad-txns-too-many-sigops", $"{sigOps}");
        }

        if (!bypassLimits && CheckFee(entry) is { IsInvalid: true } low)
        {
            return low;
        }

        return CheckChain(entry) is { IsInvalid: true } chain ? chain
            : CheckSpecial(transaction, tip) is { IsInvalid: true } special ? special
            : CheckScripts(transaction, inputs, tip);
    }

    private ValidationState CheckForm(Transaction transaction, BlockNode tip)
    {
        if (TransactionRules.Check(transaction) is { IsInvalid: true } shape)
        {
            return shape;
        }

        var height = tip.Height + 1;
        if (TransactionRules.CheckAtHeight(transaction, height, chainstate.Network) is { IsInvalid: true } context)
        {
            return context;
        }

        if (transaction.HasExtraPayload && transaction.Type == TransactionType.QuorumCommitment)
        {
            return ValidationState.Consensus("qc-not-allowed");
        }

        if (transaction.IsCoinBase)
        {
            return ValidationState.Consensus("coinbase");
        }

        if (settings.RequireStandard && Policy.CheckStandard(transaction, settings) is { IsInvalid: true } standard)
        {
            return standard;
        }

        if (transaction.Size < Policy.MinTransactionSize)
        {
            return ValidationState.Invalid(InvalidKind.NotStandard, "tx-size-small");
        }

        return TransactionRules.IsFinal(transaction, height, tip.MedianTimePast)
            ? ValidationState.Valid
            : ValidationState.Invalid(InvalidKind.PrematureSpend, "non-final");
    }

    private ValidationState CheckConflicts(Transaction transaction)
    {
        if (mempool.Graph.Contains(transaction.Txid))
        {
            return ValidationState.Invalid(InvalidKind.Conflict, "txn-already-in-mempool");
        }

        return transaction.Inputs.Any(input => mempool.Graph.SpenderOf(input.PreviousOutput) is not null)
            ? ValidationState.Invalid(InvalidKind.Conflict, "txn-mempool-conflict")
            : ValidationState.Valid;
    }

    private Coin[] FindInputs(Transaction transaction, out ValidationState state)
    {
        var view = new MempoolCoins(chainstate.Coins, mempool.Graph);
        var coins = new Coin[transaction.Inputs.Length];
        for (var i = 0; i < coins.Length; i++)
        {
            if (view.Find(transaction.Inputs[i].PreviousOutput) is not { } coin)
            {
                // Perhaps because the transaction itself is in the chain.
                var isKnown = Enumerable.Range(0, transaction.Outputs.Length).Any(
                    output => chainstate.Coins.Find(new OutPoint(transaction.Txid, (uint)output)) is not null);
                state = isKnown
                    ? ValidationState.Invalid(InvalidKind.Conflict, "txn-already-known")
                    : ValidationState.Invalid(InvalidKind.MissingInputs, "bad-txns-inputs-missingorspent");
                return [];
            }

            coins[i] = coin;
        }

        state = ValidationState.Valid;
        return coins;
    }

    private ValidationState CheckInputs(Transaction transaction, Coin[] inputs, BlockNode tip, out Amount fee)
    {
        fee = Amount.Zero;
        if (!AreSequenceLocksSatisfied(transaction, inputs, tip))
        {
            return ValidationState.Invalid(InvalidKind.PrematureSpend, "non-BIP68-final");
        }

        if (TransactionRules.CheckInputs(transaction, inputs, tip.Height + 1, out fee) is { IsInvalid: true } value)
        {
            return value;
        }

        return settings.RequireStandard && !Policy.AreInputsStandard(transaction, inputs)
            ? ValidationState.Invalid(InvalidKind.InputsNotStandard, "bad-txns-nonstandard-inputs")
            : ValidationState.Valid;
    }

    /// <summary>
    /// Whether the next block may hold the transaction by BIP68; unconfirmed coins count as its own height.
    /// </summary>
    internal static bool AreSequenceLocksSatisfied(Transaction transaction, Coin[] inputs, BlockNode tip)
    {
        var heights = inputs.Select(
            coin => coin.Height == Coin.MempoolHeight ? tip.Height + 1 : coin.Height);
        return SequenceLocks.Of(transaction, [.. heights], tip).AreSatisfiedAfter(tip);
    }

    private ValidationState CheckFee(MempoolEntry entry)
    {
        var fee = entry.ModifiedFee;
        var mempoolMin = mempool.RollingFee.GetFee(entry.VirtualSize);
        if (mempoolMin > Amount.Zero && fee < mempoolMin)
        {
            return Low("mempool min fee not met", mempoolMin);
        }

        var relayMin = settings.MinRelay.GetFee(entry.VirtualSize);
        return fee < relayMin ? Low("min relay fee not met", relayMin) : ValidationState.Valid;

        ValidationState Low(string reason, Amount minimum) => ValidationState.Invalid(
            InvalidKind.MempoolPolicy, reason, $"{fee.Duffs} < {minimum.Duffs}");
    }

    private ValidationState CheckChain(MempoolEntry entry)
    {
        var error = CheckLimits(
            entry, settings.AncestorCount, settings.DescendantCount, settings.DescendantSize);
        if (error is null)
        {
            return ValidationState.Valid;
        }

        var isSmallOnlyChild = entry.VirtualSize <= ExtraDescendantSize
            && CheckLimits(
                entry,
                ancestorCount: 2,
                settings.DescendantCount + 1,
                settings.DescendantSize + ExtraDescendantSize) is null;
        return isSmallOnlyChild
            ? ValidationState.Valid
            : ValidationState.Invalid(InvalidKind.MempoolPolicy, "too-long-mempool-chain", error);
    }

    private string? CheckLimits(MempoolEntry entry, int ancestorCount, int descendantCount, int descendantSize)
    {
        var graph = mempool.Graph;
        if (graph.ParentsOf(entry.Transaction).Count() + 1 > ancestorCount)
        {
            return $"too many unconfirmed parents [limit: {ancestorCount}]";
        }

        var size = (long)entry.VirtualSize;
        var ancestors = graph.AncestorsOf(entry.Transaction);
        foreach (var ancestor in ancestors)
        {
            var package = graph.DescendantPackage(ancestor);
            size += ancestor.VirtualSize;
            if (package.Size + entry.VirtualSize > descendantSize)
            {
                return $"exceeds descendant size limit for tx {ancestor.Txid} [limit: {descendantSize}]";
            }

            if (package.Count + 1 > descendantCount)
            {
                return $"too many descendants for tx {ancestor.Txid} [limit: {descendantCount}]";
            }

            if (size > settings.AncestorSize)
            {
                return $"exceeds ancestor size limit [limit: {settings.AncestorSize}]";
            }
        }

        return ancestors.Count + 1 > ancestorCount
            ? $"too many unconfirmed ancestors [limit: {ancestorCount}]"
            : null;
    }

    private ValidationState CheckSpecial(Transaction transaction, BlockNode tip)
    {
        // Payloads that need the masternode list or a quorum's signature can't be checked here, so they aren't relayed.
        if (transaction.HasExtraPayload
            && transaction.Type is not (TransactionType.AssetLock or TransactionType.CoinbaseSpecial))
        {
            return ValidationState.Invalid(InvalidKind.BadSpecial, "bad-tx-type-check");
        }

        return chainstate.SpecialTransactions.CheckOne(transaction, tip);
    }

    private ValidationState CheckScripts(Transaction transaction, Coin[] inputs, BlockNode tip)
    {
        var scripts = chainstate.Scripts;
        if (scripts.Check(transaction, inputs, ScriptFlags.Standard, remember: false) is { IsInvalid: true } strict)
        {
            return strict;
        }

        // Once more by the rules of a block, which are fewer: so that its block need not check it again.
        var flags = ScriptVerifier.FlagsAt(tip.Height + 1, chainstate.Network);
        return scripts.Check(transaction, inputs, flags, remember: true);
    }
}
