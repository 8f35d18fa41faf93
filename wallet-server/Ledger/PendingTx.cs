using Dash.Primitives.Units;

namespace Dash.WalletServer.Ledger;

/// <summary>A transaction that is not in a block and may still get there, with what trust asks of its inputs.</summary>
/// <param name="Tx">The transaction.</param>
/// <param name="Debit">What its inputs take from this wallet.</param>
/// <param name="AllInputsMine">Every input spends an output of this wallet.</param>
internal sealed record PendingTx(WalletTx Tx, Amount Debit, bool AllInputsMine)
{
    /// <summary>Spends coins of ours.</summary>
    public bool IsFromMe => Debit > Amount.Zero;
}
