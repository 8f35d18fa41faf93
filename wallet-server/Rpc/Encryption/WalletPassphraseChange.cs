using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Encryption;

internal static class WalletPassphraseChange
{
    private static readonly RpcArg<string> Old = Arg.Str("oldpassphrase", "The passphrase there is.");
    private static readonly RpcArg<string> New = Arg.Str("newpassphrase", "The passphrase to be.");

    public static readonly WalletMethod Method = new(
        "wallet", "walletpassphrasechange", "Changes the wallet's passphrase.")
    {
        Args = [Old, New],
        Results = [Result.None()],
        Examples = [Example.Cli("\"old one\" \"new one\""), Example.Rpc("\"old one\", \"new one\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        wallet.RequireEncrypted(Method.Name);
        await wallet.ChangePassphraseAsync(call.Get(Old), call.Get(New), ct);
    }
}
