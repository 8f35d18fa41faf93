using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Keys;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class UpgradeToHd
{
    private const string Done = "Make sure that you have backup of your mnemonic.";

    private static readonly RpcArg<string> Words = Arg.Str("mnemonic", "",
        "Words (BIP39) to make the keys from; without any, new ones are made.");

    private static readonly RpcArg<string> WordsPassphrase = Arg.Str("mnemonicpassphrase", "", "The passphrase of the words.");

    private static readonly RpcArg<string?> Passphrase = Arg.OptionalStr("walletpassphrase",
        "The wallet's passphrase, if it is encrypted. If it is not, encrypts it.", hint: "\"\"");

    private static readonly RpcArg<bool?> Rescan = Arg.OptionalBool("rescan",
        "Look at old blocks for payments to the keys.", hint: "false if mnemonic is empty");

    public static readonly WalletMethod Method = new("wallet", "upgradetohd",
        "Gives a wallet that has no keys of its own keys that derive from words.")
    {
        Args = [Words, WordsPassphrase, Passphrase, Rescan],
        Results = [Result.Str("", "What to do next.")],
        Examples =
        [
            Example.Cli(),
            Example.Cli("\"mnemonicword1 ... mnemonicwordN\""),
            Example.Cli("\"mnemonicword1 ... mnemonicwordN\" \"mnemonicpassphrase\" \"walletpassphrase\""),
        ],
        Lane = RpcLane.Rescan,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var words = call.Get(Words);
        var passphrase = call.Get(Passphrase);
        if (passphrase is null && wallet.Keys.IsEncrypted)
        {
            throw new RpcError(
                RpcErrorCode.UnlockNeeded, "Error: Wallet encrypted but passphrase not supplied to RPC.");
        }

        var wordsPassphrase = call.Get(WordsPassphrase);
        await wallet.UpgradeToHdAsync(words, wordsPassphrase, passphrase ?? "", call.MarkEffect, ct);
        if (call.Get(Rescan) ?? words.Length > 0)
        {
            RescanState.RequireNone(call, wallet);
            await call.Context.Sync.RescanAsync(wallet, 0, stopHeight: null, ct);
        }

        result.WriteStringValue(wordsPassphrase.Contains('\0') ? $"{Done} {EncryptionRequests.WordsCutOff}" : Done);
    }
}
