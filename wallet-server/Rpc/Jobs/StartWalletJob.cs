using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Rpc.Import;

namespace Dash.WalletServer.Rpc.Jobs;

internal static class StartWalletJob
{
    private static readonly RpcArg<string> Kind = Arg.Str("kind",
        "What to do: \"rescan\", \"import\" (descriptors), or \"load\" (the wallet that the path names).");

    private static readonly RpcArg<int> StartHeight = Arg.Int("start_height", fallback: 0, "Of a rescan: the first block to look at.");
    private static readonly RpcArg<int?> StopHeight = Arg.OptionalInt("stop_height",
        "Of a rescan: the last block to look at. Without it the tip, as it is when the scan gets there.");

    private static readonly RpcArg<JsonElement> Requests = Arg.OptionalAny("requests", ArgKind.Array,
        "Of an import: what to take in, as \"importdescriptors\" has it.",
        Arg.ObjectUserKeys("", "", Arg.Str("desc", "The descriptor, with its checksum; and the other members.")));

    public static readonly WalletMethod Method = new("wallet", "startwalletjob",
        "Begins a long piece of work and answers at once. A rescan or an import goes on after a restart from where it was;\n" +
        "\"listwalletjobs\" says how far it is and keeps how it ended, \"abortwalletjob\" ends it.")
    {
        IsAddition = true,
        Args = [Kind, StartHeight, StopHeight, Requests],
        Results =
        [
            Result.Obj(
                Result.Num("id", "The number of the job in this wallet.", optional: true),
                Result.Arr("result", "Of an import in which nothing was taken in, so that there is no job: what \"importdescriptors\" answers.",
                    Result.Elision("as there")) with { IsOptional = true }),
        ],
        Examples =
        [
            Example.Cli("rescan 100000"),
            Example.CliNamed("kind=import requests='[{ \"desc\": \"<my descriptor>\", \"timestamp\": 0 }]'"),
            Example.Rpc("\"rescan\", 100000, 120000"),
        ],
        Handler = HandleAsync,
    };

    private static ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct) => call.Get(Kind) switch
    {
        "rescan" => RescanAsync(call, result, ct),
        "import" => ImportAsync(call, result, ct),
        "load" => LoadAsync(call, result),
        _ => throw new RpcError(RpcErrorCode.InvalidParameter, "Unknown kind of job"),
    };

    private static async ValueTask RescanAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        RescanState.RequireNone(call, wallet);
        var tip = Math.Max(wallet.Snapshot.Tip.Height, 0);
        var start = call.Get(StartHeight);
        var stop = call.Get(StopHeight);
        if (start < 0 || start > tip || stop < start || stop > tip)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "start_height and stop_height must be blocks of the chain, in this order");
        }

        await call.Context.Sync.RequireBlocksAsync(wallet, start, stop, ct);
        Write(result, (await call.Context.Sync.StartRescanAsync(wallet, start, stop, ct)).JobId);
    }

    private static async ValueTask ImportAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (!call.Has(Requests))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "An import needs requests");
        }

        using var import = await DescriptorImport.ReadAsync(call, call.Get(Requests), ct);
        if (await import.BeginAsync(ct) is { } rescan)
        {
            Write(result, rescan.JobId);
            return;
        }

        result.WriteStartObject();
        result.WritePropertyName("result");
        import.Write(result);
        result.WriteEndObject();
    }

    private static ValueTask LoadAsync(WalletCall call, Utf8JsonWriter result)
    {
        var name = call.WalletName ?? throw new RpcError(
            RpcErrorCode.WalletNotSpecified, "Wallet file not specified (must request wallet RPC through /wallet/<filename> uri-path).");
        if (call.Context.Wallets.Find(name) is not null)
        {
            throw new RpcError(RpcErrorCode.WalletAlreadyLoaded, $"Wallet \"{name}\" is already loaded.");
        }

        call.Context.Loads.Load(name, loadOnStart: null);
        Write(result, ListWalletJobs.LoadId);
        return ValueTask.CompletedTask;
    }

    private static void Write(Utf8JsonWriter result, long id)
    {
        result.WriteStartObject();
        result.WriteNumber("id", id);
        result.WriteEndObject();
    }
}
