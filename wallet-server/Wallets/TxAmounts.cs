using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;

namespace Dash.WalletServer.Wallets;

/// <summary>An output as a list of payments shows it.</summary>
/// <param name="Index">Its place in the transaction.</param>
/// <param name="Address">Whom it pays; null when no address says it.</param>
/// <param name="Value">How much.</param>
/// <param name="Label">The label of the address; null when nobody named it.</param>
internal sealed record TxEntry(int Index, string? Address, Amount Value, string? Label);

/// <summary>What a transaction moved.</summary>
/// <param name="Debit">Taken from this wallet.</param>
/// <param name="Credit">Given to this wallet, change included.</param>
/// <param name="Fee">The miner's share; zero when the wallet paid nothing.</param>
/// <param name="Sent">Outputs this wallet paid, without change.</param>
/// <param name="Received">Outputs of this wallet; without change where it also paid.</param>
internal sealed record TxAmounts(
    Amount Debit, Amount Credit, Amount Fee, IReadOnlyList<TxEntry> Sent, IReadOnlyList<TxEntry> Received)
{
    /// <summary>What the wallet gained or lost, without the fee.</summary>
    public Amount Net => Debit > Amount.Zero ? Credit - Debit + Fee : Credit;
}
