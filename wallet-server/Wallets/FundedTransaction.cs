using Dash.Primitives.Transactions;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Wallets;

/// <summary>A transaction with inputs and change; its coins are held until it is disposed.</summary>
/// <param name="Tx">The transaction, unsigned where it was.</param>
/// <param name="Payment">How it was made.</param>
/// <param name="Reservation">What holds the coins.</param>
internal sealed record FundedTransaction(Transaction Tx, BuiltPayment Payment, Reservation Reservation) : IDisposable
{
    /// <summary>Its coins are to be set aside.</summary>
    public bool LocksCoins { get; init; }

    /// <inheritdoc/>
    public void Dispose() => Reservation.Dispose();
}
