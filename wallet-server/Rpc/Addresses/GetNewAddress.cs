using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Addresses;

internal static class GetNewAddress
{
    private static readonly RpcArg<string> Label = Arg.Str("label", fallback: "",
        "What the address book calls the address. The empty text is the default label; a label need not exist before.");

    public static readonly WalletMethod Method = new("wallet", "getnewaddress",
        "Gives out a new address for receiving payments.\nIt stands in the address book under 'label'.")
    {
        Args = [Label],
        Results = [Result.Str("address", "The address.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        Keypool.RequireAny(wallet, isInternal: false);
        result.WriteStringValue(await wallet.NewAddressAsync(call.GetLabel(Label), ct));
    }
}
