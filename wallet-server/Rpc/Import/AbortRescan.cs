using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Import;

internal static class AbortRescan
{
    public static readonly WalletMethod Method = new("wallet", "abortrescan",
        "Ends the rescan of the wallet that a call began.")
    {
        Results = [Result.Bool("", "Whether there was one to end.")],
        Examples = [Example.Cli("End the rescan", ""), Example.Rpc("The same over HTTP", "")],
        Lane = RpcLane.Control,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct) =>
        result.WriteBooleanValue(await call.Context.Sync.AbortRescanAsync(call.Wallet()));
}
