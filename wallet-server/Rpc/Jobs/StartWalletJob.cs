using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.WalletServer.Rpc.Jobs;

internal static class StartWalletJob
{
    private static readonly RpcArg<string> Kind = Arg.Str("kind", "What to do: \"rescan\".");
    private static readonly RpcArg<int> StartHeight = Arg.Int("start_height", fallback: 0, "The first block to look at.");
    private static readonly RpcArg<int?> StopHeight = Arg.OptionalInt("stop_height",
        "The last block to look at. Without it the tip, as it is when the scan gets there.");

    public static readonly WalletMethod Method = new("wallet", "startwalletjob",
        "Begins a long piece of work and answers at once. It goes on after a restart from where it was;\n" +
        "\"listwalletjobs\" says how far it is and keeps how it ended, \"abortwalletjob\" ends it.")
    {
        IsAddition = true,
        Args = [Kind, StartHeight, StopHeight],
        Results = [Result.Obj(Result.Num("id", "The number of the job in this wallet."))],
        Examples = [Example.Cli("rescan 100000"), Example.Rpc("\"rescan\", 100000, 120000")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        RescanState.RequireNone(call, wallet);
        if (call.Get(Kind) != "rescan")
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Unknown kind of job");
        }

        var tip = Math.Max(wallet.Snapshot.Tip.Height, 0);
        var start = call.Get(StartHeight);
        var stop = call.Get(StopHeight);
        if (start < 0 || start > tip || stop < start || stop > tip)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "start_height and stop_height must be blocks of the chain, in this order");
        }

        var job = await call.Context.Sync.StartRescanAsync(wallet, start, stop, ct);
        result.WriteStartObject();
        result.WriteNumber("id", job);
        result.WriteEndObject();
    }
}
