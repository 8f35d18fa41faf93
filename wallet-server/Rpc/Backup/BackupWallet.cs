using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Backup;

internal static class BackupWallet
{
    private static readonly RpcArg<string> Destination = Arg.Str(
        "destination", "The file to write. If there is one it is replaced, and must be empty or a database.");

    public static readonly WalletMethod Method = new("wallet", "backupwallet",
        "Copies the wallet to a file. The wallet stays in use meanwhile.")
    {
        Args = [Destination],
        Results = [Result.None()],
        Examples = [Example.Cli("\"backup.dat\""), Example.Rpc("\"backup.dat\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        wallet.Backup(call.Get(Destination));
    }
}
