using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Rpc.Wallets;

namespace Dash.WalletServer.Rpc.Backup;

internal static class RestoreWallet
{
    private static readonly RpcArg<string> Name = Arg.Str("wallet_name", "What the wallet is to be called.");
    private static readonly RpcArg<string> File = Arg.Str("backup_file", "The file that backupwallet wrote.");
    private static readonly RpcArg<bool?> LoadOnStartup = WalletArgs.LoadOnStartup();

    public static readonly WalletMethod Method = new("wallet", "restorewallet",
        "Brings a backup back as a wallet of its own and loads it.")
    {
        Args = [Name, File, LoadOnStartup],
        Results = OpenedWalletJson.Results,
        Examples =
        [
            Example.Cli("\"testwallet\" \"home/backups/backup-file.bak\""),
            Example.Rpc("\"testwallet\", \"home/backups/backup-file.bak\""),
            Example.CliNamed("wallet_name=testwallet backup_file=home/backups/backup-file.bak load_on_startup=true"),
        ],
        Lane = RpcLane.Load,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var file = call.Get(File);
        var name = call.Get(Name);
        var restore = call.Context.Loads.Restore(name, file, call.Get(LoadOnStartup));
        call.MarkEffect();
        var opened = await restore.Done.WaitAsync(ct);
        await call.Context.Sync.JoinedAsync(opened.Wallet, ct);
        await OpenedWalletJson.WriteAsync(call, result, opened.Wallet.Name, [.. opened.Warnings, .. opened.Doubts], ct);
    }
}
