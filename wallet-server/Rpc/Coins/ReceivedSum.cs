using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Rpc.Coins;

/// <summary>What was paid to an address or under a label.</summary>
internal sealed class ReceivedSum
{
    private int _least = int.MaxValue;

    /// <summary>All of it.</summary>
    public Amount Amount { get; private set; }

    /// <summary>Confirmations of the latest payment; 0 if there was none.</summary>
    public int Confirmations => _least == int.MaxValue ? 0 : _least;

    /// <summary>The transactions, one for each output.</summary>
    public List<Txid> Txids { get; } = [];

    /// <summary>Counts an output.</summary>
    public void Add(Amount amount, int depth, Txid txid)
    {
        Amount += amount;
        _least = Math.Min(_least, depth);
        Txids.Add(txid);
    }

    /// <summary>Counts all that another one has.</summary>
    public void Add(ReceivedSum other)
    {
        Amount += other.Amount;
        _least = Math.Min(_least, other._least);
    }
}
