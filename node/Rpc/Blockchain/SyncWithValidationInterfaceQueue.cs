using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class SyncWithValidationInterfaceQueue
{
    public static readonly NodeMethod Method = new("hidden", "syncwithvalidationinterfacequeue",
        "Answers when every attached wallet has seen all that happened to chain and mempool before this call.")
    {
        Results = [Result.None()],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct) =>
        await call.Node.WaitForWallets(ct);
}
