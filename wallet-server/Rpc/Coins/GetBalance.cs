using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Coins;

internal static class GetBalance
{
    private static readonly RpcArg<string?> Dummy = Arg.OptionalStr("dummy",
        "Kept for old callers: leave it out, or \"*\".");

    private static readonly RpcArg<int> MinConf = Arg.Int("minconf", fallback: 0,
        "Count only what has so many confirmations.");

    private static readonly RpcArg<bool> AddLocked = Arg.Bool("addlocked", fallback: false,
        "Count what InstantSend has locked whatever its confirmations.");

    private static readonly RpcArg<bool?> WatchOnly = WalletArgs.IncludeWatchOnly("Count watched addresses too.");

    private static readonly RpcArg<bool?> AvoidReuse = Arg.OptionalBool("avoid_reuse",
        "Leave out money on addresses that were spent from before. Only in wallets that keep track of that.", hint: "true");

    public static readonly WalletMethod Method = new("wallet", "getbalance",
        "What the wallet can spend, as far as its options allow.")
    {
        Args = [Dummy, MinConf, AddLocked, WatchOnly, AvoidReuse],
        Results = [Result.Amount("amount", "The sum in DASH.")],
        Examples =
        [
            Example.Cli("All there is", ""),
            Example.Cli("What has 6 confirmations at least", "\"*\" 6"),
            Example.Rpc("The same over HTTP", "\"*\", 6"),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var snapshot = call.SnapshotOf(wallet);
        if (call.Get(Dummy) is not (null or "*"))
        {
            throw new RpcError(RpcErrorCode.MethodDeprecated, "dummy first argument must be excluded or set to \"*\".");
        }

        var minConf = call.Get(MinConf);
        var addLocked = call.Get(AddLocked);
        call.Get(WatchOnly);
        var avoidReuse = call.GetAvoidReuse(AvoidReuse, snapshot);
        result.WriteAmountValue(Balances.Of(snapshot, minConf, avoidReuse, addLocked).Trusted);
    }
}
