using System.Collections.Immutable;
using Dash.Primitives.Transactions;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Lists;

/// <summary>The state of a wallet that a list shows, as far as it takes to find out what differs in another one.</summary>
/// <param name="Sequence">Rises with every change.</param>
/// <param name="Tip">Height of the tip.</param>
/// <param name="ChainLock">Blocks up to this height have a ChainLock.</param>
/// <param name="Young">Coinbases that are not mature.</param>
/// <param name="Settings">What the options say.</param>
internal sealed record ListPoint(
    ulong Sequence, int Tip, int ChainLock, ImmutableDictionary<OutPoint, Coin> Young, WalletSettings Settings)
{
    /// <summary>That of a snapshot.</summary>
    public static ListPoint Of(WalletSnapshot snapshot) => new(
        snapshot.Sequence, snapshot.Tip.Height, snapshot.ChainLockHeight, snapshot.YoungCoinbases, snapshot.Settings);

    /// <summary>The heights of coinbases that become mature on the way to another state, or are not any more: above the first, up to the second.</summary>
    public (int Above, int UpTo) MaturedUntil(ListPoint other)
    {
        const int before = Coin.CoinbaseDepth - 1;
        return (Math.Min(Tip, other.Tip) - before, Math.Max(Tip, other.Tip) - before);
    }
}
