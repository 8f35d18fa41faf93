using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;

namespace Dash.Node.Net.Peers;

/// <summary>A block of which some transactions are missing. Message loop only.</summary>
internal sealed class PartialBlock
{
    private readonly BlockHeader _header;
    private readonly Transaction?[] _transactions;

    private PartialBlock(BlockHeader header, Transaction?[] transactions)
    {
        _header = header;
        _transactions = transactions;
    }

    /// <summary>Places of the transactions that are missing.</summary>
    public IReadOnlyList<int> Missing => [.. Enumerable.Range(0, _transactions.Length).Where(place => _transactions[place] is null)];

    /// <summary>Finds transactions of a compact block among those that are known.</summary>
    /// <param name="compact">The compact block.</param>
    /// <param name="known">Transactions that may be in it.</param>
    /// <param name="isCollision">Whether two of its short ids are the same: then it can't be filled.</param>
    /// <returns>Null with a collision.</returns>
    public static PartialBlock? Create(CompactBlock compact, IEnumerable<Transaction> known, out bool isCollision)
    {
        var transactions = new Transaction?[compact.TransactionCount];
        foreach (var (place, transaction) in compact.Prefilled)
        {
            transactions[place] = transaction;
        }

        Dictionary<ulong, int> places = new(compact.ShortIds.Count);
        var next = 0;
        foreach (var shortId in compact.ShortIds)
        {
            while (transactions[next] is not null)
            {
                next++;
            }

            if (!places.TryAdd(shortId, next++))
            {
                isCollision = true;
                return null;
            }
        }

        isCollision = false;
        var ambiguous = new HashSet<int>();
        foreach (var transaction in known)
        {
            if (!places.TryGetValue(compact.ShortIdOf(transaction.Txid), out var place) || ambiguous.Contains(place))
            {
                continue;
            }

            if (transactions[place] is { } other && other.Txid != transaction.Txid)
            {
                // Two that may be meant: neither is taken.
                transactions[place] = null;
                ambiguous.Add(place);
            }
            else
            {
                transactions[place] = transaction;
            }
        }

        return new PartialBlock(compact.Header, transactions);
    }

    /// <summary>Puts in what was missing.</summary>
    /// <returns>The block, or null if the number is wrong.</returns>
    public Block? Fill(IReadOnlyList<Transaction> missing)
    {
        var used = 0;
        var all = new Transaction[_transactions.Length];
        for (var i = 0; i < all.Length; i++)
        {
            if (_transactions[i] is { } known)
            {
                all[i] = known;
            }
            else if (used < missing.Count)
            {
                all[i] = missing[used++];
            }
            else
            {
                return null;
            }
        }

        return used == missing.Count ? new Block(_header, all) : null;
    }
}
