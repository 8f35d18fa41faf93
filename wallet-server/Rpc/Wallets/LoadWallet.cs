using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class LoadWallet
{
    private static readonly RpcArg<string> Name = Arg.Str(
        "filename", "The wallet's directory below the wallet directory, or its .dat file.");
    private static readonly RpcArg<bool?> LoadOnStartup = WalletArgs.LoadOnStartup();

    public static readonly WalletMethod Method = new("wallet", "loadwallet",
        "Loads a wallet.\nThe options of the daemon that concern wallets hold for it too. \"listwalletjobs\" says how far it is.")
    {
        Args = [Name, LoadOnStartup],
        Results = OpenedWalletJson.Results,
        Examples = [Example.Cli("\"test.dat\""), Example.Rpc("\"test.dat\"")],
        Lane = RpcLane.Load,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var name = call.Get(Name);

        // It goes on when the caller hangs up: "listwalletjobs" says how it ended.
        var load = call.Context.Loads.Load(name, call.Get(LoadOnStartup));
        call.MarkEffect();
        var opened = await load.Done.WaitAsync(ct);
        await call.Context.Sync.JoinedAsync(opened.Wallet, ct);
        await call.Context.Sync.RescanLoadedAsync(opened.Wallet).WaitAsync(ct);
        await OpenedWalletJson.WriteAsync(call, result, opened.Wallet.Name, [.. opened.Warnings, .. opened.Doubts], ct);
    }
}
