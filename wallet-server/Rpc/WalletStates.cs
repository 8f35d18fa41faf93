using System.Globalization;
using Dash.Rpc.Dispatch;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>Waits for what requests want a wallet to have seen. Costs no thread.</summary>
internal sealed class WalletStates(WalletDirectory wallets) : ICallStates
{
    /// <inheritdoc/>
    public async Task ReachAsync(string uri, StateMinimum minimum, CancellationToken ct)
    {
        while (Find(uri) is { } wallet)
        {
            // Asked for before looking: a change in between ends the wait at once.
            var next = wallet.NextChange;
            if (IsReached(wallet.Snapshot, minimum))
            {
                return;
            }

            await next.WaitAsync(ct).ConfigureAwait(false);
        }
    }

    /// <inheritdoc/>
    public string? FindShortfall(string uri, StateMinimum minimum)
    {
        if (Find(uri)?.Snapshot is not { } snapshot || IsReached(snapshot, minimum))
        {
            return null;
        }

        return string.Create(
            CultureInfo.InvariantCulture,
            $"The wallet is at block {Math.Max(snapshot.Tip.Height, 0)} and event {snapshot.NextEvent - 1}, and was to be at {Wanted(minimum)}");
    }

    private static bool IsReached(WalletSnapshot snapshot, StateMinimum minimum) =>
        !(minimum.Height > Math.Max(snapshot.Tip.Height, 0)) && !(minimum.Sequence > snapshot.NextEvent - 1);

    private static string Wanted(StateMinimum minimum) => minimum switch
    {
        { Height: { } height, Sequence: { } sequence } => string.Create(CultureInfo.InvariantCulture, $"block {height} and event {sequence}"),
        { Height: { } height } => string.Create(CultureInfo.InvariantCulture, $"block {height}"),
        _ => string.Create(CultureInfo.InvariantCulture, $"event {minimum.Sequence}"),
    };

    // Where a path means no wallet, the call itself says why.
    private Wallet? Find(string uri) => RpcRequest.WalletName(uri) is { } name
        ? wallets.Find(name)
        : wallets.All is [var only] ? only : null;
}
