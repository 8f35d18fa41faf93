using System.Collections.Immutable;
using Dash.Common.Concurrency;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Payments of this process's wallets that the node has taken and that the loop has not come to: who reads another wallet, or the one
/// that paid, need not wait for that. Pure.
/// </summary>
internal static class OwnNews
{
    // Of more wallets nobody looks who has paid: waiting for the loop is quicker.
    private const int MostWallets = 16;

    /// <summary>Whether events brought nothing that the wallet does not know, as far as can be told without them.</summary>
    /// <param name="wallet">Who has not seen them.</param>
    /// <param name="all">The process's wallets.</param>
    /// <param name="added">Which transactions the node's last events were about (<see cref="PublishedNumber.NoteOf"/>).</param>
    /// <param name="reached">The last event that the wallet has seen.</param>
    /// <param name="sequence">The node's last event.</param>
    public static bool AreNone(Wallet wallet, ImmutableList<Wallet> all, ReadOnlySpan<byte> added, ulong reached, ulong sequence)
    {
        if (sequence - reached > PublishedNumber.Notes)
        {
            return false;
        }

        for (var number = reached + 1; number <= sequence; number++)
        {
            var note = PublishedNumber.NoteOf(added, number);
            if (!note.ContainsAnyExcept((byte)0) || IsNews(new Txid(note), wallet, all))
            {
                return false;
            }
        }

        return true;
    }

    private static bool IsNews(Txid txid, Wallet wallet, ImmutableList<Wallet> all)
    {
        var snapshot = wallet.Snapshot;
        if (!MempoolMatch.IsNews(txid, snapshot))
        {
            return false;
        }

        return all.Count > MostWallets
            || all.Select(other => other.Snapshot.Pending.Find(txid)).FirstOrDefault(static pending => pending is not null) is not { } known
            || BlockMatch.Concerns(known.Tx.Tx, snapshot);
    }
}
