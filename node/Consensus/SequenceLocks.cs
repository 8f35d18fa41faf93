using Dash.Primitives.Transactions;

namespace Dash.Node.Consensus;

/// <summary>BIP68: lock times relative to the coins a transaction spends.</summary>
/// <param name="LastHeight">The last height at which it may not be included yet; -1 for none.</param>
/// <param name="LastTime">The last median time at which it may not be included yet; -1 for none.</param>
internal readonly record struct SequenceLocks(int LastHeight, long LastTime)
{
    private const uint DisableFlag = 1u << 31;
    private const uint TimeFlag = 1u << 22;
    private const uint ValueMask = 0xffff;
    private const int TimeGranularity = 9; // units of 512 seconds

    /// <summary>The locks of a transaction in a block on top of <paramref name="tip"/>.</summary>
    /// <param name="transaction">The transaction.</param>
    /// <param name="coinHeights">Heights of the coins spent, in the order of the inputs.</param>
    /// <param name="tip">The block it would follow.</param>
    public static SequenceLocks Of(Transaction transaction, IReadOnlyList<int> coinHeights, BlockNode tip)
    {
        var lastHeight = -1;
        var lastTime = -1L;
        if ((ushort)transaction.Version < 2)
        {
            return new SequenceLocks(lastHeight, lastTime);
        }

        for (var i = 0; i < transaction.Inputs.Length; i++)
        {
            var sequence = transaction.Inputs[i].Sequence;
            if ((sequence & DisableFlag) != 0)
            {
                continue;
            }

            var value = (long)(sequence & ValueMask);
            if ((sequence & TimeFlag) != 0)
            {
                // Measured from the earliest time the coin's own block could have had: its parent's median.
                var before = tip.Ancestor(Math.Clamp(coinHeights[i] - 1, 0, tip.Height))!; // clamped to the chain
                lastTime = Math.Max(lastTime, before.MedianTimePast + (value << TimeGranularity) - 1);
            }
            else
            {
                lastHeight = Math.Max(lastHeight, coinHeights[i] + (int)value - 1);
            }
        }

        return new SequenceLocks(lastHeight, lastTime);
    }

    /// <summary>Whether a block on top of <paramref name="tip"/> may hold the transaction.</summary>
    public bool AreSatisfiedAfter(BlockNode tip) => LastHeight < tip.Height + 1 && LastTime < tip.MedianTimePast;
}
