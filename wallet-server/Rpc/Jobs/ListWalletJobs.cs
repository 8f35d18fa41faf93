using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;

namespace Dash.WalletServer.Rpc.Jobs;

internal static class ListWalletJobs
{
    public static readonly WalletMethod Method = new("wallet", "listwalletjobs",
        "The latest long pieces of work for the wallet, with how far they are or how they ended.\n" +
        "Rescans asked for by \"rescanblockchain\" and imports are among them.")
    {
        IsAddition = true,
        Results =
        [
            Result.Arr("", "",
                Result.Obj("", "A job.",
                    Result.Num("id", "Its number."),
                    Result.Str("kind", "\"rescan\"."),
                    Result.Str("state", "\"running\", \"done\", \"aborted\" or \"failed\"."),
                    Result.Num("progress", "From 0 to 1."),
                    Result.Num("start_height", "The first block."),
                    Result.Num("stop_height", "The last block; without it the tip.", optional: true),
                    Result.Num("reached", "The last block that was looked at and stored; -1 for none."),
                    Result.Time("begun", "When it was asked for, seconds since 1970."),
                    Result.Time("ended", "When it ended, seconds since 1970.", optional: true))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = (call, result, _) =>
        {
            var snapshot = call.Wallet().Snapshot;
            result.WriteStartArray();
            foreach (var job in snapshot.Jobs)
            {
                Write(result, job, snapshot.Tip.Height);
            }

            result.WriteEndArray();
            return ValueTask.CompletedTask;
        },
    };

    private static void Write(Utf8JsonWriter result, WalletJob job, int tip)
    {
        var end = Math.Max(job.StopHeight ?? tip, job.StartHeight);
        var passed = Math.Max(job.Reached - job.StartHeight + 1, 0) / (double)(end - job.StartHeight + 1);
        result.WriteStartObject();
        result.WriteNumber("id", job.Id);
        result.WriteString("kind", "rescan");
        result.WriteString("state", job.State switch
        {
            JobState.Running => "running",
            JobState.Done => "done",
            JobState.Aborted => "aborted",
            _ => "failed",
        });
        result.WriteReal("progress", job.State == JobState.Done ? 1 : Math.Min(passed, 1));
        result.WriteNumber("start_height", job.StartHeight);
        if (job.StopHeight is { } stop)
        {
            result.WriteNumber("stop_height", stop);
        }

        result.WriteNumber("reached", job.Reached);
        result.WriteNumber("begun", job.Begun);
        if (job.Ended != 0)
        {
            result.WriteNumber("ended", job.Ended);
        }

        result.WriteEndObject();
    }
}
