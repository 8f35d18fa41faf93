using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Ledger;

/// <summary>What follows from a transaction and the wallet it is in; stored beside it, so that lists need not work it out.</summary>
/// <param name="Debit">What its inputs take from this wallet.</param>
/// <param name="OwnOutputs">How many of its outputs are the wallet's.</param>
internal sealed record TxFigures(Amount Debit, int OwnOutputs)
{
    /// <summary>Another transaction of the wallet spends one of its inputs too, or did.</summary>
    public bool HasRivals { get; init; }
}

/// <summary>Figures of a transaction that are new, and which of its outputs are the wallet's.</summary>
/// <param name="Tx">The transaction.</param>
/// <param name="Figures">Its figures; nothing of them is said about rivals.</param>
/// <param name="Own">Indexes of outputs.</param>
internal sealed record TxDerived(WalletTx Tx, TxFigures Figures, IReadOnlyList<int> Own)
{
    /// <summary>The id.</summary>
    public Txid Txid => Tx.Txid;
}
