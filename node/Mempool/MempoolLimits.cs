using Dash.Primitives.Transactions;

namespace Dash.Node.Mempool;

/// <summary>
/// How long chains of unconfirmed transactions may get. Pure but for the graph it reads. The texts are Core's.
/// </summary>
/// <param name="AncestorCount">Unconfirmed ancestors of a transaction, with itself.</param>
/// <param name="AncestorSize">Their bytes.</param>
/// <param name="DescendantCount">Unconfirmed descendants of a transaction, with itself.</param>
/// <param name="DescendantSize">Their bytes.</param>
internal sealed record MempoolLimits(int AncestorCount, long AncestorSize, int DescendantCount, long DescendantSize)
{
    // BIP-less rule of Core: one small child more than the limit, so that two parties can each bump a shared parent.
    private const int ExtraDescendantSize = 10_000;

    /// <summary>Those of a node's settings.</summary>
    public static MempoolLimits Of(PolicySettings settings) => new(
        settings.AncestorCount, settings.AncestorSize, settings.DescendantCount, settings.DescendantSize);

    /// <summary>Why a transaction would make a chain too long; null if it does not.</summary>
    public string? Check(MempoolGraph graph, MempoolEntry entry)
    {
        var error = Check(graph, [entry.Transaction], entry.VirtualSize);
        if (error is null || entry.VirtualSize > ExtraDescendantSize)
        {
            return error;
        }

        var extra = this with
        {
            AncestorCount = 2,
            DescendantCount = DescendantCount + 1,
            DescendantSize = DescendantSize + ExtraDescendantSize,
        };
        return extra.Check(graph, [entry.Transaction], entry.VirtualSize) is null ? null : error;
    }

    /// <summary>
    /// Why transactions together, counted as if each depended on all others, would make a chain too long; null if not.
    /// </summary>
    public string? CheckPackage(MempoolGraph graph, IReadOnlyList<Transaction> package, long size) =>
        Check(graph, package, size) is { } error ? "possibly " + error : null;

    private string? Check(MempoolGraph graph, IReadOnlyList<Transaction> added, long addedSize)
    {
        var staged = new SortedDictionary<Txid, MempoolEntry>(TxidOrder.Instance);
        foreach (var parent in added.SelectMany(graph.ParentsOf))
        {
            staged.TryAdd(parent.Txid, parent);
            if (staged.Count + added.Count > AncestorCount)
            {
                return $"too many unconfirmed parents [limit: {AncestorCount}]";
            }
        }

        var seen = new HashSet<Txid>();
        var size = addedSize;
        while (staged.Count > 0)
        {
            var (txid, ancestor) = staged.First();
            seen.Add(txid);
            staged.Remove(txid);
            size += ancestor.VirtualSize;
            var descendants = graph.DescendantPackage(ancestor);
            if (descendants.Size + addedSize > DescendantSize)
            {
                return $"exceeds descendant size limit for tx {txid} [limit: {DescendantSize}]";
            }

            if (descendants.Count + added.Count > DescendantCount)
            {
                return $"too many descendants for tx {txid} [limit: {DescendantCount}]";
            }

            if (size > AncestorSize)
            {
                return $"exceeds ancestor size limit [limit: {AncestorSize}]";
            }

            foreach (var parent in graph.ParentsOf(ancestor.Transaction))
            {
                if (!seen.Contains(parent.Txid))
                {
                    staged.TryAdd(parent.Txid, parent);
                }

                if (staged.Count + seen.Count + added.Count > AncestorCount)
                {
                    return $"too many unconfirmed ancestors [limit: {AncestorCount}]";
                }
            }
        }

        return null;
    }
}
