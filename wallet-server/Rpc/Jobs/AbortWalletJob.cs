using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Jobs;

internal static class AbortWalletJob
{
    private static readonly RpcArg<long> Id = Arg.Long("id", "The number that startwalletjob or listwalletjobs gave.");

    public static readonly WalletMethod Method = new("wallet", "abortwalletjob",
        "Ends a long piece of work of a wallet. What was stored stays: descriptors that were taken in, payments that were found.\n" +
        "The file of a wallet whose loading is ended is as it was.")
    {
        IsAddition = true,
        Args = [Id],
        Results = [Result.Bool("", "Whether it was running.")],
        Examples = [Example.Cli("1"), Example.Rpc("1")],
        Lane = RpcLane.Control,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var id = call.Get(Id);
        if (id == ListWalletJobs.LoadId && call.WalletName is { } name)
        {
            result.WriteBooleanValue(await call.Context.Loads.AbortAsync(name));
            return;
        }

        var wallet = call.Wallet();
        var isRunning = wallet.Snapshot.Jobs.Any(job => job.Id == id && job.State == JobState.Running);
        result.WriteBooleanValue(isRunning && await call.Context.Sync.AbortRescanAsync(wallet));
    }
}
