using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.CoinJoin;

internal static class SetCoinJoinAmount
{
    private static readonly RpcArg<int> Goal = Arg.Int("amount",
        "How much, in whole DASH, from 2 to 21000000; 1000 unless -coinjoinamount says otherwise.");

    public static readonly WalletMethod Method = new("wallet", "setcoinjoinamount",
        "Sets how much is to be mixed by CoinJoin, until the daemon ends.")
    {
        Args = [Goal],
        Results = [Result.None()],
        Examples = [Example.Cli("500"), Example.Cli("208"), Example.Rpc("500"), Example.Rpc("208")],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var amount = call.Get(Goal);
        wallet.Snapshot.Settings.CoinJoin.Amount = amount is >= CoinJoinGoals.SmallestAmount and <= CoinJoinGoals.LargestAmount
            ? amount
            : throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid amount of DASH as mixing goal amount");
        return ValueTask.CompletedTask;
    }
}
