using Dash.Primitives.Transactions;

namespace Dash.Node.Net.Blocks;

/// <summary>
/// The last transactions that were not taken into the mempool: a block may have them nevertheless. Message loop only.
/// </summary>
/// <param name="capacity">How many are kept.</param>
internal sealed class ExtraTransactions(int capacity)
{
    private readonly Queue<Transaction> _all = new();

    /// <summary>All of them.</summary>
    public IEnumerable<Transaction> All => _all;

    /// <summary>Adds one, and lets the oldest go if there are too many.</summary>
    public void Add(Transaction transaction)
    {
        if (capacity <= 0)
        {
            return;
        }

        if (_all.Count >= capacity)
        {
            _all.Dequeue();
        }

        _all.Enqueue(transaction);
    }
}
