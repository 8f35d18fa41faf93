using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Encryption;

internal static class WalletPassphrase
{
    private static readonly RpcArg<string> Passphrase = Arg.Str("passphrase", "The wallet's passphrase.");
    private static readonly RpcArg<long> Timeout = Arg.Long(
        "timeout", "For how many seconds; 100000000 (about three years) at most.");
    private static readonly RpcArg<bool> MixingOnly = Arg.Bool(
        "mixingonly", fallback: false, "For CoinJoin only, not for payments.");

    public static readonly WalletMethod Method = new("wallet", "walletpassphrase",
        "Unlocks an encrypted wallet for some time, so that it can sign.\n" +
        "While it is unlocked, another call sets the time anew, unless it has a lease of its own (member \"lease\" of the request).")
    {
        Args = [Passphrase, Timeout, MixingOnly],
        Results = [Result.None()],
        Examples =
        [
            Example.Cli("Unlock for a minute", "\"my pass phrase\" 60"),
            Example.Cli("Unlock for a minute, for CoinJoin only", "\"my pass phrase\" 60 true"),
            Example.Rpc("The same over HTTP", "\"my pass phrase\", 60"),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        wallet.RequireEncrypted(Method.Name);
        await wallet.UnlockAsync(call.Get(Passphrase), call.Get(Timeout), call.Get(MixingOnly), call.Options.Lease, ct);
    }
}
