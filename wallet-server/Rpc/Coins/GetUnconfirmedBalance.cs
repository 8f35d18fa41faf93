using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Coins;

internal static class GetUnconfirmedBalance
{
    public static readonly WalletMethod Method = new("wallet", "getunconfirmedbalance",
        "DEPRECATED\nThe same as mine.untrusted_pending of getbalances.")
    {
        Results = [Result.Num("", "The sum in DASH.")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var snapshot = call.SnapshotOf(await call.SyncedWalletAsync(ct));
        var avoidsReuse = snapshot.Flags.HasFlag(WalletFlags.AvoidReuse);
        result.WriteAmountValue(Balances.Of(snapshot, avoidReuse: avoidsReuse).UntrustedPending);
    }
}
