using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Encryption;

internal static class EncryptWallet
{
    private static readonly RpcArg<string> Passphrase = Arg.Str("passphrase",
        "The passphrase to be; one letter at least, better many.");

    public static readonly WalletMethod Method = new("wallet", "encryptwallet",
        "Encrypts a wallet that is not. From then on it must be unlocked with walletpassphrase to sign;\n" +
        "walletpassphrasechange changes the passphrase.")
    {
        Args = [Passphrase],
        Results = [Result.Str("", "What the user should do now.")],
        Examples =
        [
            Example.Cli("Encrypt the wallet", "\"my pass phrase\""),
            Example.Rpc("The same over HTTP", "\"my pass phrase\""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        EncryptionRequests.RequirePlain(wallet);
        await wallet.EncryptAsync(call.Get(Passphrase), ct);
        var hasSeed = wallet.Snapshot.ActiveExternal >= 0 || wallet.Snapshot.ActiveInternal >= 0;
        result.WriteStringValue(hasSeed
            ? "wallet encrypted; If you forget the passphrase, you will lose access to your funds. " +
              "Make sure that you have backup of your seed or mnemonic."
            : "wallet encrypted; The keypool has been flushed. You need to make a new backup.");
    }
}
