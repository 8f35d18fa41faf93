using System.Runtime.CompilerServices;
using System.Security.Cryptography;
using Dash.Common.Time;
using Dash.Ipc.Capabilities;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;
using Microsoft.Extensions.Logging;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Offers transactions to the node that it lacks: all of them when a wallet joins a node, so that a payment that was stored
/// and not sent is sent; and now and then again, at odd times, as Core does, so that nobody learns whose they are.
/// </summary>
internal sealed class Rebroadcast(AttachedNode node, WalletDirectory wallets, Clock clock, ILogger log)
{
    /// <summary>How often to call <see cref="ResendAsync"/>.</summary>
    public static readonly TimeSpan Interval = TimeSpan.FromMinutes(1);

    // Core: 1 to 3 hours after the last time; only what is older than the last block by 5 minutes.
    private const int LeastPause = 60 * 60;
    private const int PauseSpread = 2 * 60 * 60;
    private const int LeastAge = 5 * 60;

    private static readonly string[] AboutCoins = ["bad-txns-inputs-missingorspent", "bad-txns-premature-spend-of-coinbase"];

    // The scheduler's alone.
    private readonly ConditionalWeakTable<Wallet, StrongBox<long>> _nextTimes = [];

    /// <summary>Offers everything of a wallet that waits outside the mempool; again with the next block if the node does not take all of it.</summary>
    public async Task OfferAsync(NodeSession session, Wallet wallet, CancellationToken ct)
    {
        await OfferAsync(session, wallet, static tx => tx.State is not TxState.InMempool, static pending => pending.IsFromMe, ct).ConfigureAwait(false);
        if (IsWaiting(wallet.Snapshot))
        {
            wallet.Offers.Repeat();
        }
    }

    /// <summary>
    /// Is what a node said about coins that it has not, or not yet: those of a block that it takes back, or of a payment that it was not offered? Of
    /// what it refuses for another reason (not final, too low a fee) nobody expects that it comes up before hours, as in Core.
    /// </summary>
    public static bool LacksCoins(string refusal) => Array.Exists(AboutCoins, reason => refusal.Contains(reason, StringComparison.Ordinal));

    /// <summary>
    /// Offers again what is due, also what is in the mempool: peers may have lost it. Called every <see cref="Interval"/>.
    /// </summary>
    /// <param name="statusOf">How a wallet stands to the node: one that waits since it is on another chain makes nothing known there.</param>
    /// <param name="ct">Ends it.</param>
    public async Task ResendAsync(Func<Wallet, NodeStatus> statusOf, CancellationToken ct)
    {
        if (node.Session is not { } session)
        {
            return;
        }

        try
        {
            // In this order: who asks whether it is due takes the turn.
            foreach (var wallet in wallets.All.Where(wallet => statusOf(wallet).State != NodeState.WrongChain && IsDue(wallet)))
            {
                var latest = wallet.Snapshot.TipTime - LeastAge;
                var taken = await OfferAsync(
                    session, wallet, tx => tx.TimeReceived <= latest, static _ => true, ct).ConfigureAwait(false);
                if (taken > 0)
                {
                    Log.Resent(log, wallet.ShownName, taken);
                }
            }
        }
        catch (IpcException gone)
        {
            Log.OfferInterrupted(log, gone.Message);
        }
    }

    // Does a payment of the wallet wait outside the mempool?
    private static bool IsWaiting(WalletSnapshot snapshot) => snapshot.Settings.Broadcast && snapshot.Pending.Values.Any(
        static pending => pending.IsFromMe && pending.Tx.State is not TxState.InMempool && !pending.Tx.Tx.IsCoinBase);

    private bool IsDue(Wallet wallet)
    {
        var now = clock.UnixSeconds;
        var isArmed = _nextTimes.TryGetValue(wallet, out var next);
        if (now < next?.Value)
        {
            return false;
        }

        _nextTimes.AddOrUpdate(wallet, new(now + LeastPause + RandomNumberGenerator.GetInt32(PauseSpread)));
        return isArmed;
    }

    // How many the node has afterwards.
    private async Task<int> OfferAsync(
        NodeSession session, Wallet wallet, Func<WalletTx, bool> isWanted, Func<PendingTx, bool> isRelayed, CancellationToken ct)
    {
        var snapshot = wallet.Snapshot;
        if (!snapshot.Settings.Broadcast)
        {
            return 0;
        }

        // In order of arrival: parents before children.
        var waiting = snapshot.Pending.Values
            .Where(pending => !pending.Tx.Tx.IsCoinBase && isWanted(pending.Tx))
            .OrderBy(pending => pending.Tx.Position)
            .ToList();
        var taken = 0;
        foreach (var pending in waiting)
        {
            var (error, isTaken) = await session.Feed.BroadcastAsync(
                pending.Tx.Tx.ToBytes(), snapshot.Settings.MaxTxFee, isRelayed(pending), ct).ConfigureAwait(false);
            if (!isTaken)
            {
                Log.OfferRefused(log, wallet.ShownName, pending.Tx.Txid, error);
                continue;
            }

            Log.Offered(log, wallet.ShownName, pending.Tx.Txid);
            taken++;
            try
            {
                await wallet.MarkInMempoolAsync(pending.Tx.Txid, CancellationToken.None).ConfigureAwait(false);
            }
            catch (WalletException)
            {
                // Unloaded meanwhile, or its disk fails: whoever feeds it blocks will say so.
                return taken;
            }
        }

        return taken;
    }
}
