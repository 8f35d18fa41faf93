using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc;

/// <summary>For methods whose answers are about a whole wallet: what they reflect.</summary>
internal static class WholeWallet
{
    /// <summary>The wallet's state, once it has seen what the node had done when the call came.</summary>
    public static async ValueTask<AnswerState?> StateAsync(WalletCall call, CancellationToken ct) => Of(call, await call.SyncedWalletAsync(ct));

    /// <summary>The state of a wallet now, or the one that the call's batch shares.</summary>
    public static AnswerState Of(WalletCall call, Wallet wallet)
    {
        var state = call.SnapshotOf(wallet);
        return new(wallet, state, () => call.IsShared ? state : wallet.Snapshot);
    }
}
