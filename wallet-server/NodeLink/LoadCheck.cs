using Dash.Ipc.Capabilities;
using Dash.Ipc.Interfaces;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Refuses to load a wallet that lacks blocks which the node has pruned: it could not be brought to where the node is. Core:
/// CWallet::AttachChain. What cannot be found out, without a node or with one that says nothing, is found out when the wallet follows,
/// and waited for then.
/// </summary>
/// <param name="node">The node that is attached.</param>
/// <param name="time">For the patience with it.</param>
internal sealed class LoadCheck(AttachedNode node, TimeProvider time)
{
    // A node that is there answers within milliseconds.
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(5);

    /// <summary>The node that will be attached when wallets are loaded; null for none.</summary>
    public NodeSession? Ahead { get; set; }

    /// <summary>Looks at a wallet as its file is. For the thread that loads it, which has nothing else to do: it waits for the node.</summary>
    /// <exception cref="WalletException">The node has pruned what the wallet lacks.</exception>
    public void Require(WalletSnapshot wallet)
    {
        if ((node.Live ?? Ahead) is not { } session)
        {
            return;
        }

        using CancellationTokenSource patience = new(Patience, time);
        bool lacks;
        try
        {
            lacks = LacksBlocksAsync(session.Feed, wallet, patience.Token).GetAwaiter().GetResult();
        }
        catch (Exception silence) when (silence is IpcException or OperationCanceledException)
        {
            return;
        }

        if (lacks)
        {
            throw new WalletException(
                WalletError.Wallet,
                "Prune: last wallet synchronisation goes beyond pruned data. You need to -reindex (download the whole blockchain again in case of pruned node)");
        }
    }

    private static async Task<bool> LacksBlocksAsync(IChainFeed feed, WalletSnapshot wallet, CancellationToken ct)
    {
        var height = 0;
        if (wallet.Settings.RescanMode == 0 || wallet.Keychains.IsEmpty)
        {
            var (_, tip) = await feed.PositionAsync(ct).ConfigureAwait(false);
            height = wallet.Tip == BlockPoint.None
                ? await feed.HeightBeforeAsync(Follower.BirthOf(wallet), tip.Height, ct).ConfigureAwait(false)
                : (await feed.FindForkAsync(wallet.Locator, ct).ConfigureAwait(false))?.Height ?? 0;
        }

        return await feed.FindPrunedAsync(height + 1, int.MaxValue, ct).ConfigureAwait(false) is not null;
    }
}
