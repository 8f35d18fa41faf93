using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Wallets;

/// <summary>
/// A payment between choosing its coins and storing it. Its coins and change key belong to it until it is disposed;
/// once stored the stored transaction itself keeps them.
/// </summary>
internal sealed class Reservation : IDisposable
{
    private readonly Holds _holds;
    private int _isReleased;

    /// <summary>Holds what the payment needs.</summary>
    /// <param name="holds">Where it is noted.</param>
    /// <param name="payment">The payment.</param>
    /// <param name="changeIndex">A change index that is held for it already.</param>
    public Reservation(Holds holds, BuiltPayment payment, int? changeIndex)
    {
        _holds = holds;
        ChangeIndex = changeIndex;
        Payment = payment;
        holds.Take(payment.Tx.Inputs.Select(input => input.PreviousOutput));
    }

    /// <summary>The transaction to sign, and about it.</summary>
    public BuiltPayment Payment { get; }

    /// <summary>Index of the change key that is held for it, whether it has change or not.</summary>
    public int? ChangeIndex { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        if (Interlocked.Exchange(ref _isReleased, 1) == 0)
        {
            _holds.Release(Payment.Tx.Inputs.Select(input => input.PreviousOutput), ChangeIndex);
        }
    }
}
