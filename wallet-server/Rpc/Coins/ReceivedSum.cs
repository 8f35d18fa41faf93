using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Rpc.Coins;

/// <summary>What was paid to an address or under a label.</summary>
internal sealed class ReceivedSum
{
    // Nearly every address is paid once.
    private (long Position, Txid Txid) _first;
    private List<(long Position, Txid Txid)>? _more;
    private int _count;
    private int _least = int.MaxValue;

    /// <summary>All of it.</summary>
    public Amount Amount { get; private set; }

    /// <summary>Confirmations of the latest payment; 0 if there was none.</summary>
    public int Confirmations => _least == int.MaxValue ? 0 : _least;

    /// <summary>Height of the block of that payment; null where it is in none, or it is not known.</summary>
    public int? Height { get; private set; }

    /// <summary>The transactions, one for each output, in the order of their arrival.</summary>
    public IEnumerable<Txid> Txids
    {
        get
        {
            if (_more is null)
            {
                return _count == 0 ? [] : [_first.Txid];
            }

            _more.Sort(static (left, right) => left.Position.CompareTo(right.Position));
            return _more.Select(static entry => entry.Txid);
        }
    }

    /// <summary>Counts an output.</summary>
    /// <param name="amount">Its value.</param>
    /// <param name="depth">Confirmations.</param>
    /// <param name="height">Height of its block, if it is known.</param>
    /// <param name="txid">Its transaction.</param>
    /// <param name="position">Rank of the transaction in the order of arrival.</param>
    public void Add(Amount amount, int depth, int? height, Txid txid, long position)
    {
        Amount += amount;
        Height = _count == 0 || height > Height ? height : Height;
        _least = Math.Min(_least, depth);
        if (_count++ == 0)
        {
            _first = (position, txid);
            return;
        }

        _more ??= [_first];
        _more.Add((position, txid));
    }

    /// <summary>Counts all that another one has.</summary>
    public void Add(ReceivedSum other)
    {
        Amount += other.Amount;
        _least = Math.Min(_least, other._least);
    }
}
