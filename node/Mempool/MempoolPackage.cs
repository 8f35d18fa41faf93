using Dash.Primitives.Units;

namespace Dash.Node.Mempool;

/// <summary>Sums over a transaction and its unconfirmed ancestors or descendants.</summary>
/// <param name="Count">Transactions, with the one itself.</param>
/// <param name="Size">Their sizes for fees, bytes.</param>
/// <param name="Fees">Their modified fees.</param>
/// <param name="SigOps">Their signature operations.</param>
internal readonly record struct MempoolPackage(int Count, long Size, Amount Fees, int SigOps)
{
    /// <summary>The sums over some entries.</summary>
    public static MempoolPackage Of(IEnumerable<MempoolEntry> entries)
    {
        var (count, size, fees, sigOps) = (0, 0L, Amount.Zero, 0);
        foreach (var entry in entries)
        {
            count++;
            size += entry.VirtualSize;
            fees += entry.ModifiedFee;
            sigOps += entry.SigOps;
        }

        return new MempoolPackage(count, size, fees, sigOps);
    }

    /// <summary>Compares fee rates without dividing.</summary>
    public static int CompareRates(Amount leftFees, long leftSize, Amount rightFees, long rightSize) =>
        ((Int128)leftFees.Duffs * rightSize).CompareTo((Int128)rightFees.Duffs * leftSize);
}
