using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class ListWallets
{
    public static readonly WalletMethod Method = new("wallet", "listwallets",
        "The wallets that are loaded. About one of them: \"getwalletinfo\".")
    {
        Results = [Result.Arr("", "", Result.Str("walletname", "A wallet's name."))],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteStartArray();
        foreach (var wallet in call.Context.Wallets.All)
        {
            result.WriteStringValue(wallet.Name);
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
