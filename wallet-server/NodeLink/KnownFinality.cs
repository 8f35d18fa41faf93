using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>Brings a wallet what the node knew of locks before the wallet knew the transactions.</summary>
internal sealed class KnownFinality(NodeSession session, BlockFeeder feeder)
{
    /// <summary>Asks about transactions of a wallet, and how far the chain is locked.</summary>
    public async Task CatchUpAsync(Follower follower, IEnumerable<Txid> txids, CancellationToken ct)
    {
        Txid[] asked = [.. txids];
        var (locked, chainLock) = await session.Feed.FinalityAsync(
            [.. asked.Select(static txid => (ReadOnlyMemory<byte>)txid.Value.ToArray())], ct).ConfigureAwait(false);
        Txid[] found = [.. asked.Zip(locked).Where(static pair => pair.Second).Select(static pair => pair.First)];
        if (found.Length > 0)
        {
            await feeder.ChangeAsync(
                follower, wallet => wallet.LockAsync(found, Finality.InstantSend, CancellationToken.None)).ConfigureAwait(false);
        }

        if (chainLock is { } block && block.Height > follower.Snapshot.ChainLockHeight)
        {
            await feeder.ChangeAsync(
                follower, wallet => wallet.LockChainAsync(block.Height, CancellationToken.None)).ConfigureAwait(false);
        }
    }
}
