using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>Sums over a transaction and its unconfirmed ancestors or descendants.</summary>
/// <param name="Count">Transactions, with the one itself.</param>
/// <param name="Size">Their sizes for fees, bytes.</param>
/// <param name="Fees">Their modified fees.</param>
/// <param name="SigOps">Their signature operations.</param>
internal readonly record struct MempoolPackage(int Count, long Size, Amount Fees, int SigOps)
{
    /// <summary>The sums of two.</summary>
    public static MempoolPackage operator +(MempoolPackage left, MempoolPackage right) => new(
        left.Count + right.Count, left.Size + right.Size, left.Fees + right.Fees, left.SigOps + right.SigOps);

    /// <summary>What is left of one without a part of it.</summary>
    public static MempoolPackage operator -(MempoolPackage left, MempoolPackage right) => new(
        left.Count - right.Count, left.Size - right.Size, left.Fees - right.Fees, left.SigOps - right.SigOps);

    /// <summary>One transaction.</summary>
    public static MempoolPackage Of(MempoolEntry entry) => new(1, entry.VirtualSize, entry.ModifiedFee, entry.SigOps);

    /// <summary>The sums over some entries.</summary>
    public static MempoolPackage Of(IEnumerable<MempoolEntry> entries) =>
        entries.Aggregate(default(MempoolPackage), static (sum, entry) => sum + Of(entry));

    /// <summary>Compares fee rates without dividing.</summary>
    public static int CompareRates(Amount leftFees, long leftSize, Amount rightFees, long rightSize) =>
        ((Int128)leftFees.Duffs * rightSize).CompareTo((Int128)rightFees.Duffs * leftSize);
}
