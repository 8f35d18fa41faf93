using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Jobs;

internal static class AbortWalletJob
{
    private static readonly RpcArg<long> Id = Arg.Long("id", "The number that startwalletjob or listwalletjobs gave.");

    public static readonly WalletMethod Method = new("wallet", "abortwalletjob", "Ends a long piece of work.")
    {
        IsAddition = true,
        Args = [Id],
        Results = [Result.Bool("", "Whether it was running.")],
        Examples = [Example.Cli("1"), Example.Rpc("1")],
        Handler = (call, result, _) =>
        {
            var wallet = call.Wallet();
            var id = call.Get(Id);
            var isRunning = wallet.Snapshot.Jobs.Any(job => job.Id == id && job.State == JobState.Running);
            result.WriteBooleanValue(isRunning && call.Context.Sync.AbortRescan(wallet));
            return ValueTask.CompletedTask;
        },
    };
}
