using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class KeypoolRefill
{
    private static readonly RpcArg<int?> NewSize = Arg.OptionalInt("newsize",
        "How many addresses to look ahead.", hint: "1000, or as set by -keypool");

    public static readonly WalletMethod Method = new("wallet", "keypoolrefill",
        "Fills the keypool." + WalletMethod.RequiresPassphrase)
    {
        Args = [NewSize],
        Results = [Result.None()],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var wanted = call.Get(NewSize) ?? 0;
        if (wanted < 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid parameter, expected valid size.");
        }

        WalletCall.RequireUnlocked(wallet);
        await wallet.RefillAsync(wanted > 0 ? wanted : wallet.Snapshot.Settings.KeypoolSize, ct);
        var (receiving, change) = Keypool.SizeOf(wallet.Snapshot);
        if (receiving + change < 2 * (long)wanted)
        {
            throw new RpcError(RpcErrorCode.Wallet, "Error refreshing keypool.");
        }
    }
}
