using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.CoinJoin;

internal static class SetCoinJoinRounds
{
    private static readonly RpcArg<int> Rounds = Arg.Int("rounds", "How often, from 2 to 16; 4 unless -coinjoinrounds says otherwise.");

    public static readonly WalletMethod Method = new("wallet", "setcoinjoinrounds",
        "Sets how often CoinJoin is to have mixed a coin before it counts as mixed, until the daemon ends.")
    {
        Args = [Rounds],
        Results = [Result.None()],
        Examples = [Example.Cli("4"), Example.Cli("16"), Example.Rpc("4"), Example.Rpc("16")],
        Handler = Handle,
    };

    private static ValueTask Handle(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = call.Wallet();
        var rounds = call.Get(Rounds);
        wallet.Snapshot.Settings.CoinJoin.Rounds = rounds is >= CoinJoinGoals.FewestRounds and <= CoinJoinGoals.MostRounds
            ? rounds
            : throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid number of rounds");
        return ValueTask.CompletedTask;
    }
}
