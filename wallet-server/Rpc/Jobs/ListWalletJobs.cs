using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Ledger;
using Dash.WalletServer.NodeLink;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Jobs;

internal static class ListWalletJobs
{
    /// <summary>The number of a wallet's latest loading; those of its file begin with 1.</summary>
    public const long LoadId = 0;

    public static readonly WalletMethod Method = new("wallet", "listwalletjobs",
        "The latest long pieces of work, with how far they are or how they ended: of the wallet that the path names, which may be\n" +
        "one that is just being loaded, or else of all wallets. What \"rescanblockchain\", \"importdescriptors\" and \"loadwallet\" wait\n" +
        "for is among them.")
    {
        IsAddition = true,
        Results =
        [
            Result.Arr("", "By wallet, oldest first.",
                Result.Obj("", "A job.",
                    Result.Num("id", "Its number in the wallet; 0 is the latest loading of the wallet, since the daemon was started."),
                    Result.Str("wallet", "The wallet's name."),
                    Result.Str("kind", "\"load\", \"rescan\" or \"import\"."),
                    Result.Str("state", "\"running\", \"done\", \"aborted\" or \"failed\"."),
                    Result.Num("progress", "From 0 to 1; of a loading, of its phase."),
                    Result.Str("phase", "Of a loading that runs: what is being done.", optional: true),
                    Result.Num("start_height", "The first block; not of a loading.", optional: true),
                    Result.Num("stop_height", "The last block; without it the tip.", optional: true),
                    Result.Num("reached", "The last block that was looked at; -1 for none. Not of a loading.", optional: true),
                    Result.Num("remaining", "About how many seconds it will still take, if it runs and that can be said.", optional: true),
                    Result.Time("begun", "When it was asked for, seconds since 1970."),
                    Result.Time("ended", "When it ended, seconds since 1970.", optional: true),
                    Result.Arr("result", "Of an import: what \"importdescriptors\" answers.",
                        Result.Elision("as there")) with { IsOptional = true },
                    Result.Str("error", "Of one that failed: why.", optional: true))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Lane = RpcLane.Control,
        Handler = (call, result, _) =>
        {
            result.WriteStartArray();
            WriteAll(call, result);
            result.WriteEndArray();
            return ValueTask.CompletedTask;
        },
    };

    private static void WriteAll(WalletCall call, Utf8JsonWriter result)
    {
        var (wallets, loads) = (call.Context.Wallets, call.Context.Loads);
        if (call.WalletName is not { } name)
        {
            foreach (var load in loads.All)
            {
                Write(result, load);
            }

            foreach (var wallet in wallets.All)
            {
                WriteStored(call, result, wallet);
            }

            return;
        }

        var latest = loads.Of(name);
        var named = wallets.Find(name);
        if (latest is null && named is null)
        {
            throw WalletCall.NotLoaded();
        }

        if (latest is not null)
        {
            Write(result, latest);
        }

        if (named is not null)
        {
            WriteStored(call, result, named);
        }
    }

    private static void WriteStored(WalletCall call, Utf8JsonWriter result, Wallet wallet)
    {
        using var view = wallet.OpenView();
        foreach (var job in view.Snapshot.Jobs)
        {
            Begin(result, job.Id, wallet.Name, job.Kind == JobKind.Import ? "import" : "rescan", job.State);
            Write(result, job, view.Snapshot.Tip.Height, call.Context.Sync.RescanOf(wallet));
            if (job.Kind == JobKind.Import && view.JobAnswer(job.Id) is { } answer)
            {
                result.WritePropertyName("result");
                result.WriteRawValue(answer);
            }

            if (job.State == JobState.Failed)
            {
                result.WriteString("error", Rescan.Failure);
            }

            result.WriteEndObject();
        }
    }

    private static void Begin(Utf8JsonWriter result, long id, string wallet, string kind, JobState state)
    {
        result.WriteStartObject();
        result.WriteNumber("id", id);
        result.WriteString("wallet", wallet);
        result.WriteString("kind", kind);
        result.WriteString("state", state switch
        {
            JobState.Running => "running",
            JobState.Done => "done",
            JobState.Aborted => "aborted",
            _ => "failed",
        });
    }

    private static void Write(Utf8JsonWriter result, WalletJob job, int tip, RescanProgress? running)
    {
        var now = job.State == JobState.Running ? running : null;
        var end = Math.Max(job.StopHeight ?? tip, job.StartHeight);
        var passed = Math.Max(job.Reached - job.StartHeight + 1, 0) / (double)(end - job.StartHeight + 1);
        result.WriteReal("progress", job.State == JobState.Done ? 1 : now?.Progress ?? Math.Min(passed, 1));
        result.WriteNumber("start_height", job.StartHeight);
        if (job.StopHeight is { } stop)
        {
            result.WriteNumber("stop_height", stop);
        }

        result.WriteNumber("reached", now?.Reached ?? job.Reached);
        if (now?.Remaining is { } remaining)
        {
            result.WriteNumber("remaining", (long)Math.Ceiling(remaining.TotalSeconds));
        }

        WriteTimes(result, job.Begun, job.Ended);
    }

    private static void Write(Utf8JsonWriter result, WalletLoad load)
    {
        var state = load.State;
        Begin(result, LoadId, load.Name, "load", state);
        result.WriteReal("progress", state == JobState.Done ? 1 : load.Watch.Progress);
        if (state == JobState.Running)
        {
            result.WriteString("phase", load.Watch.Phase);
        }

        WriteTimes(result, load.Begun, state == JobState.Running ? 0 : load.Ended);
        if (state == JobState.Failed && load.Error is { } error)
        {
            result.WriteString("error", error);
        }

        result.WriteEndObject();
    }

    private static void WriteTimes(Utf8JsonWriter result, long begun, long ended)
    {
        result.WriteNumber("begun", begun);
        if (ended != 0)
        {
            result.WriteNumber("ended", ended);
        }
    }
}
