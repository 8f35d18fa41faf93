using Dash.Primitives.Transactions;

namespace Dash.WalletServer.Ledger;

/// <summary>News of one stored change of a wallet, in order of <see cref="Sequence"/>.</summary>
/// <param name="Wallet">The wallet's name.</param>
/// <param name="Sequence">The snapshot that has it.</param>
/// <param name="Tip">The tip in that snapshot.</param>
/// <param name="Added">Transactions the wallet did not have.</param>
/// <param name="Updated">Transactions whose state or notes changed.</param>
/// <param name="Removed">Transactions taken out.</param>
internal sealed record WalletEvent(
    string Wallet,
    ulong Sequence,
    BlockPoint Tip,
    IReadOnlyList<Txid> Added,
    IReadOnlyList<Txid> Updated,
    IReadOnlyList<Txid> Removed)
{
    /// <summary>What a change is news of.</summary>
    public static WalletEvent Of(WalletSnapshot after, ChangeSet changes) => new(
        after.Name,
        after.Sequence,
        after.Tip,
        [.. changes.Transactions.Where(tx => changes.Added.Contains(tx.Txid)).Select(tx => tx.Txid)],
        [.. changes.Transactions.Where(tx => !changes.Added.Contains(tx.Txid)).Select(tx => tx.Txid), .. changes.Refreshed],
        [.. changes.Removed.Select(tx => tx.Txid)]);
}
