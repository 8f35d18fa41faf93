using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>
/// Judges several transactions together: only tested, or a child with all its unconfirmed parents, whose fee then counts
/// for all of them. Validation loop only.
/// </summary>
internal sealed class AcceptPackage(
    Chainstate chainstate, TxMempool mempool, AcceptTransaction accept, PolicySettings settings)
{
    /// <summary>Transactions of a package.</summary>
    public const int MaxCount = 25;

    private const int MaxSize = 101_000;

    /// <summary>Whether transactions would be accepted one after the other; nothing is added.</summary>
    public PackageResult Test(IReadOnlyList<Transaction> package, long time) =>
        CheckForm(package) is { } fault
            ? Refused(fault)
            : Judge(package, new AcceptOptions(time, TestOnly: true));

    /// <summary>Adds a child and its parents, as far as they are acceptable by themselves or together.</summary>
    public PackageResult Submit(IReadOnlyList<Transaction> package, long time)
    {
        if (CheckForm(package) is { } fault)
        {
            return Refused(fault);
        }

        if (!IsChildWithParents(package))
        {
            return Refused("package-not-child-with-parents");
        }

        var parents = package.SkipLast(1).Select(static transaction => transaction.Txid).ToHashSet();
        if (!package[^1].Inputs.All(input => parents.Contains(input.PreviousOutput.Txid)
            || chainstate.Coins.Find(input.PreviousOutput) is not null))
        {
            return Refused("package-not-child-with-unconfirmed-parents");
        }

        var results = new Dictionary<Txid, AcceptResult>();
        var isHopeless = false;
        var left = new List<Transaction>();
        foreach (var transaction in package)
        {
            if (mempool.Graph.TryGet(transaction.Txid, out var known))
            {
                results.Add(transaction.Txid, AcceptResult.Of(known));
                continue;
            }

            // A transaction that pays for itself pays for no other.
            var alone = accept.Run(transaction, new AcceptOptions(time));
            if (alone.IsAccepted)
            {
                results.Add(transaction.Txid, alone);
            }
            else if (alone.State.Kind is InvalidKind.MempoolPolicy or InvalidKind.MissingInputs)
            {
                left.Add(transaction);
            }
            else
            {
                // Nothing that others pay can help it; those that don't need it stay.
                isHopeless = true;
            }
        }

        if (isHopeless || left.Count == 0)
        {
            return new PackageResult(PackageFailure.None, "", results);
        }

        if (CheckForm(left) is { } rest)
        {
            return Refused(rest);
        }

        var together = Judge(left, new AcceptOptions(time, UsesPackageRate: true));
        foreach (var (txid, result) in together.Results)
        {
            results.TryAdd(txid, result);
        }

        return together with { Results = results };
    }

    private PackageResult Judge(IReadOnlyList<Transaction> package, AcceptOptions options)
    {
        var results = new Dictionary<Txid, AcceptResult>();
        var entries = new List<(MempoolEntry Entry, Coin[] Inputs)>();
        var coins = accept.NewCoins();
        foreach (var transaction in package)
        {
            var state = accept.Check(transaction, options, coins, out var entry, out var inputs);
            if (state.IsInvalid || entry is null)
            {
                return OneFailed(transaction, state, rate: null);
            }

            entries.Add((entry, inputs));
            coins.Add(transaction);
        }

        var size = entries.Sum(static item => (long)item.Entry.VirtualSize);
        var fees = entries.Aggregate(Amount.Zero, static (sum, item) => sum + item.Entry.ModifiedFee);
        var rate = FeeRate.Of(fees, (int)size);
        if (options.UsesPackageRate && accept.CheckFee(fees, size).IsInvalid)
        {
            return new PackageResult(PackageFailure.Policy, "package-fee-too-low", results, rate);
        }

        var limits = MempoolLimits.Of(settings);
        if (package.Count > 1
            && limits.CheckPackage(mempool.Graph, package, package.Sum(static item => (long)item.Size)) is not null)
        {
            return new PackageResult(PackageFailure.Policy, "package-mempool-limits", results, rate);
        }

        foreach (var (entry, inputs) in entries)
        {
            if (accept.CheckScripts(entry.Transaction, inputs) is { IsInvalid: true } scripts)
            {
                return OneFailed(entry.Transaction, scripts, rate);
            }

            if (options.TestOnly)
            {
                results.Add(entry.Txid, AcceptResult.Of(entry));
            }
        }

        return options.TestOnly
            ? new PackageResult(PackageFailure.None, "", results, rate)
            : Add([.. entries.Select(static item => item.Entry)], rate);

        PackageResult OneFailed(Transaction transaction, ValidationState state, FeeRate? rate)
        {
            results.Add(transaction.Txid, AcceptResult.Refused(state));
            return new PackageResult(PackageFailure.Transaction, "transaction failed", results, rate);
        }
    }

    // Limits are kept once all are in, or a parent could go before the child that pays for it comes.
    private PackageResult Add(MempoolEntry[] entries, FeeRate rate)
    {
        foreach (var entry in entries)
        {
            mempool.Add(entry, teachesFees: false);
        }

        accept.KeepLimits();
        return new PackageResult(PackageFailure.None, "", Results(), rate);

        Dictionary<Txid, AcceptResult> Results() => entries.ToDictionary(
            static entry => entry.Txid,
            entry => mempool.Graph.Contains(entry.Txid)
                ? AcceptResult.Of(entry)
                : AcceptResult.Refused(AcceptTransaction.Full));
    }

    private static PackageResult Refused(string reason) =>
        new(PackageFailure.Policy, reason, new Dictionary<Txid, AcceptResult>());

    private static string? CheckForm(IReadOnlyList<Transaction> package)
    {
        if (package.Count > MaxCount)
        {
            return "package-too-many-transactions";
        }

        // Of one transaction it is better told what is wrong with it.
        if (package.Count > 1 && package.Sum(static transaction => (long)transaction.Size) > MaxSize)
        {
            return "package-too-large";
        }

        var later = package.Select(static transaction => transaction.Txid).ToHashSet();
        foreach (var transaction in package)
        {
            if (transaction.Inputs.Any(input => later.Contains(input.PreviousOutput.Txid)))
            {
                return "package-not-sorted";
            }

            later.Remove(transaction.Txid);
        }

        // What one transaction spends twice is told of that transaction.
        var spent = new HashSet<OutPoint>();
        foreach (var transaction in package)
        {
            if (transaction.Inputs.Any(input => spent.Contains(input.PreviousOutput)))
            {
                return "conflict-in-package";
            }

            spent.UnionWith(transaction.Inputs.Select(static input => input.PreviousOutput));
        }

        return null;
    }

    private static bool IsChildWithParents(IReadOnlyList<Transaction> package)
    {
        var spent = package[^1].Inputs.Select(static input => input.PreviousOutput.Txid).ToHashSet();
        return package.Count > 1 && package.SkipLast(1).All(parent => spent.Contains(parent.Txid));
    }
}
