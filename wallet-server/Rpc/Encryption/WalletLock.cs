using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Encryption;

internal static class WalletLock
{
    public static readonly WalletMethod Method = new("wallet", "walletlock",
        "Locks an encrypted wallet at once. To sign again it must be unlocked with walletpassphrase.")
    {
        Results = [Result.None()],
        Examples = [Example.Cli("Lock the wallet before its time", ""), Example.Rpc("The same over HTTP", "")],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        call.Wallet().Lock(call.Options.Lease);
        return ValueTask.CompletedTask;
    }
}
