using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>
/// A transaction of a block that may concern a wallet, and its place in the block. It is built when asked for, each time: of thousands
/// that are found at once each lives only as long as it is looked at, where all of them would have to be kept by each collection.
/// </summary>
internal readonly record struct MatchedTx
{
    private readonly Transaction? _built;
    private readonly ReadOnlyMemory<byte> _bytes;

    /// <summary>One that is built.</summary>
    public MatchedTx(int index, Transaction tx)
    {
        Index = index;
        _built = tx;
    }

    /// <summary>One in the bytes of its block.</summary>
    public MatchedTx(int index, ReadOnlyMemory<byte> bytes)
    {
        Index = index;
        _bytes = bytes;
    }

    /// <summary>Its place.</summary>
    public int Index { get; }

    /// <summary>The transaction.</summary>
    public Transaction Tx => _built ?? Transaction.Parse(_bytes.Span);
}
