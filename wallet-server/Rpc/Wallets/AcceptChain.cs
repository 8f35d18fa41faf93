using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.WalletServer.Rpc.Wallets;

internal static class AcceptChain
{
    public static readonly WalletMethod Method = new("wallet", "acceptchain",
        "Lets the wallet follow the node although the node's chain takes back more blocks than -maxreorg allows, or ends below the wallet's.\n" +
        "\"getwalletinfo\" says whether the wallet waits for that.")
    {
        IsAddition = true,
        Results = [Result.Bool("", "Whether it waited for that.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = (call, result, _) =>
        {
            result.WriteBooleanValue(call.Context.Sync.AcceptChain(call.Wallet()));
            return ValueTask.CompletedTask;
        },
    };
}
