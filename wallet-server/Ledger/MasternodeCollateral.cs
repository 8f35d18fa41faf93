using Dash.Primitives.Evo;
using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>Coins that keep a masternode registered: to spend one ends it, so no payment takes it unless it is freed. Pure.</summary>
internal static class MasternodeCollateral
{
    /// <summary>Does a transaction register a masternode whose collateral is this output of its own? Core: IsProTxWithCollateral.</summary>
    public static bool IsOwn(Transaction tx, int index) =>
        tx.HasExtraPayload && tx.Type == TransactionType.ProRegTx
        && ProRegTx.TryParse(tx.ExtraPayload.Span, out var registration)
        && registration.Collateral.Txid == default
        && registration.Collateral.Index == index
        && index < tx.Outputs.Length
        && tx.Outputs[index].Value == registration.Type.Collateral();
}
