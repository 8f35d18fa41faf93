using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class GetRawChangeAddress
{
    public static readonly WalletMethod Method = new("wallet", "getrawchangeaddress",
        "Gives out a new address for change, to be put into raw transactions.\nNot for payments of others.")
    {
        Results = [Result.Str("address", "The address.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        Keypool.RequireAny(wallet, isInternal: true);
        result.WriteStringValue(await wallet.NewChangeAddressAsync(ct));
    }
}
