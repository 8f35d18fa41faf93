using Dash.Common.Time;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Scripts;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>Decides whether a transaction enters the mempool, and lets it in. Validation loop only.</summary>
internal sealed class AcceptTransaction(
    Chainstate chainstate, TxMempool mempool, PolicySettings settings, Clock clock)
{
    // Core: fees are not learnt from while the chain is older than that, in seconds.
    private const int MaxTipAgeForFees = 3 * 60 * 60;

    private readonly MempoolLimits _limits = MempoolLimits.Of(settings);

    /// <summary>Checks a transaction and adds it when it is acceptable.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="options">How it is judged.</param>
    public AcceptResult Run(Transaction transaction, AcceptOptions options)
    {
        var state = Check(transaction, options, NewCoins(), out var entry, out var inputs);
        if (state.IsInvalid || entry is null)
        {
            return AcceptResult.Refused(state);
        }

        if (CheckScripts(transaction, inputs) is { IsInvalid: true } scripts)
        {
            return AcceptResult.Refused(scripts);
        }

        if (!options.TestOnly)
        {
            mempool.Add(entry, IsWorthLearningFrom(entry, options));
            if (!options.BypassLimits)
            {
                KeepLimits();
                if (!mempool.Graph.Contains(entry.Txid))
                {
                    return AcceptResult.Refused(Full);
                }
            }
        }

        return AcceptResult.Of(entry);
    }

    /// <summary>The refusal of what had to leave at once.</summary>
    internal static ValidationState Full => ValidationState.Invalid(InvalidKind.MempoolPolicy, "mempool full");

    /// <summary>The coins a transaction may spend.</summary>
    internal MempoolCoins NewCoins() => new(chainstate.Coins, mempool.Graph);

    /// <summary>Lets go what waited too long, and the cheapest when there is too much.</summary>
    internal void KeepLimits()
    {
        mempool.Expire(clock.UnixSeconds - settings.ExpirySeconds);
        mempool.TrimToSize();
    }

    /// <summary>All but the scripts.</summary>
    internal ValidationState Check(
        Transaction transaction, AcceptOptions options, MempoolCoins coins, out MempoolEntry? entry, out Coin[] inputs)
    {
        entry = null;
        inputs = [];
        var tip = chainstate.View.Tip;
        if (CheckForm(transaction, tip) is { IsInvalid: true } form)
        {
            return form;
        }

        if (CheckConflicts(transaction) is { IsInvalid: true } conflict)
        {
            return conflict;
        }

        inputs = FindInputs(transaction, coins, out var missing);
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
            options.Time,
            tip.Height,
            sigOps,
            Policy.VirtualSize(transaction.Size, sigOps, settings),
            inputs.Any(static coin => coin.IsCoinBase),
            mempool.FeeDeltas.GetValueOrDefault(transaction.Txid));
        if (sigOps > Policy.MaxSigOps)
        {
            return ValidationState.Invalid(InvalidKind.NotStandard, "bad-txns-too-many-sigops", $"{sigOps}");
        }

        if (!options.BypassLimits
            && !options.UsesPackageRate
            && CheckFee(entry.ModifiedFee, entry.VirtualSize) is { IsInvalid: true } low)
        {
            return low;
        }

        return _limits.Check(mempool.Graph, entry) is { } tooLong
            ? ValidationState.Invalid(InvalidKind.MempoolPolicy, "too-long-mempool-chain", tooLong)
            : CheckSpecial(transaction, tip);
    }

    /// <summary>What a transaction or a package pays against the floors.</summary>
    internal ValidationState CheckFee(Amount fee, long size)
    {
        var mempoolMin = mempool.RollingFee.GetFee((int)size);
        if (mempoolMin > Amount.Zero && fee < mempoolMin)
        {
            return Low("mempool min fee not met", mempoolMin);
        }

        var relayMin = settings.MinRelay.GetFee((int)size);
        return fee < relayMin ? Low("min relay fee not met", relayMin) : ValidationState.Valid;

        ValidationState Low(string reason, Amount minimum) => ValidationState.Invalid(
            InvalidKind.MempoolPolicy, reason, $"{fee.Duffs} < {minimum.Duffs}");
    }

    /// <summary>Runs the scripts, by the rules of relay and by those of the next block.</summary>
    internal ValidationState CheckScripts(Transaction transaction, Coin[] inputs)
    {
        var scripts = chainstate.Scripts;
        if (scripts.Check(transaction, inputs, ScriptFlags.Standard, remember: false) is { IsInvalid: true } strict)
        {
            return strict;
        }

        // Once more by the rules of a block, which are fewer: so that its block need not check it again.
        var flags = ScriptVerifier.FlagsAt(chainstate.View.Tip.Height + 1, chainstate.Network);
        return scripts.Check(transaction, inputs, flags, remember: true);
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

    private Coin[] FindInputs(Transaction transaction, MempoolCoins view, out ValidationState state)
    {
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

    private ValidationState CheckSpecial(Transaction transaction, BlockNode tip)
    {
        if (chainstate.SpecialTransactions.CheckOne(transaction, tip, chainstate.Coins, indexes: null) is { IsInvalid: true } failure)
        {
            return failure;
        }

        // BLS signatures of operators and quorums can't be verified here, so what relies on them isn't relayed.
        if (transaction.HasExtraPayload
            && transaction.Type is not (TransactionType.AssetLock or TransactionType.CoinbaseSpecial)
            && !ProTxClaims.DependsOnList(transaction))
        {
            return ValidationState.Invalid(InvalidKind.BadSpecial, "bad-tx-type-check");
        }

        return ProTxClaims.DependsOnList(transaction)
            && ProTxClaims.Conflicts(
                transaction, mempool.Graph.Entries.Select(static entry => entry.Transaction), chainstate.Evo.ListAt(tip))
            ? ValidationState.Invalid(InvalidKind.Conflict, "protx-dup")
            : ValidationState.Valid;
    }

    // What miners chose by its fee alone teaches something; so nothing that was forced in, or depends on others.
    private bool IsWorthLearningFrom(MempoolEntry entry, AcceptOptions options)
    {
        var tip = chainstate.View.Tip;
        return !entry.ModifiedFee.IsZero
            && !options.BypassLimits
            && !chainstate.IsInitialBlockDownload
            && tip.Header.Time >= clock.UnixSeconds - MaxTipAgeForFees
            && tip.Height >= (chainstate.Index.BestHeader?.Height ?? 0) - 1
            && !mempool.Graph.ParentsOf(entry.Transaction).Any();
    }
}
