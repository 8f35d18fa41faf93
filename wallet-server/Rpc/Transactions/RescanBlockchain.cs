using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Transactions;

internal static class RescanBlockchain
{
    private static readonly RpcArg<int> StartHeight = Arg.Int(
        "start_height", fallback: 0, "The first block to look at.");
    private static readonly RpcArg<int?> StopHeight = Arg.OptionalInt("stop_height",
        "The last block to look at. Without it the tip, as it is when the scan gets there.");

    public static readonly WalletMethod Method = new("wallet", "rescanblockchain",
        "Looks for transactions of the wallet in blocks that it has passed already.\n" +
        "\"getwalletinfo\" says how far it is, \"abortrescan\" ends it.")
    {
        Args = [StartHeight, StopHeight],
        Results =
        [
            Result.Obj(
                Result.Num("start_height", "The first block that was looked at."),
                Result.Num("stop_height", "The last block that was looked at, or null:"),
                new RpcResult(ResultKind.None, "stop_height", "No block was looked at.")),
        ],
        Examples = [Example.Cli("100000 120000"), Example.Rpc("100000, 120000")],
        Lane = RpcLane.Rescan,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        RescanState.RequireNone(call, wallet);
        var tip = wallet.Snapshot.Tip.Height;
        var start = call.Get(StartHeight);
        if (start < 0 || start > Math.Max(tip, 0))
        {
            throw Refused("Invalid start_height");
        }

        var stop = call.Get(StopHeight);
        if (stop < 0 || stop > Math.Max(tip, 0))
        {
            throw Refused("Invalid stop_height");
        }

        if (stop < start)
        {
            throw Refused("stop_height must be greater than start_height");
        }

        await call.Context.Sync.RequireBlocksAsync(wallet, start, stop, ct);
        var outcome = await call.Context.Sync.RescanAsync(wallet, start, stop, ct, call.MarkEffect);
        result.WriteStartObject();
        result.WriteNumber("start_height", outcome.StartHeight);
        if (outcome.StopHeight is { } last)
        {
            result.WriteNumber("stop_height", last);
        }
        else
        {
            result.WriteNull("stop_height");
        }

        result.WriteEndObject();
    }

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
