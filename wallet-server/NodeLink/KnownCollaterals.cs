using Dash.Ipc.Capabilities;
using Dash.Primitives.Encoding;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.NodeLink;

/// <summary>
/// Sets coins aside that masternodes have locked, as the node knows them: all when a wallet arrives, later those that are new. What the user
/// frees stays free as long as the wallet is loaded, as in Core (CWallet::AutoLockMasternodeCollaterals).
/// </summary>
internal sealed class KnownCollaterals(NodeSession session, BlockFeeder feeder)
{
    private const int MostAtOnce = 10_000;

    private bool _isUnknown;

    /// <summary>Asks about coins of an amount in question that were not asked about; mostly there are none.</summary>
    public async Task CatchUpAsync(Follower follower, CancellationToken ct)
    {
        var coins = follower.Snapshot.CollateralCoins;
        if (coins == follower.AskedCollaterals || follower.IsLost)
        {
            return;
        }

        HashSet<OutPoint> found = [];
        foreach (var some in coins.Except(follower.AskedCollaterals).Chunk(MostAtOnce))
        {
            found.UnionWith(await FindAsync(some, ct).ConfigureAwait(false));
        }

        if (await feeder.ChangeAsync(
            follower, wallet => wallet.LockCollateralsAsync(found, CancellationToken.None)).ConfigureAwait(false))
        {
            follower.AskedCollaterals = coins;
        }
    }

    private async Task<IEnumerable<OutPoint>> FindAsync(OutPoint[] coins, CancellationToken ct)
    {
        if (_isUnknown)
        {
            return [];
        }

        try
        {
            var answers = await session.Feed.CollateralsAsync([.. coins.Select(Bytes)], ct).ConfigureAwait(false);
            return coins.Zip(answers).Where(static pair => pair.Second).Select(static pair => pair.First);
        }
        catch (IpcException older) when (older.Kind == IpcErrorKind.Unimplemented)
        {
            _isUnknown = true;
            return [];
        }
    }

    private static ReadOnlyMemory<byte> Bytes(OutPoint outPoint)
    {
        var writer = new ByteWriter(OutPoint.Size);
        outPoint.Write(writer);
        return writer.ToArray();
    }
}
