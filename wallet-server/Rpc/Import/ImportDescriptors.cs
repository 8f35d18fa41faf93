using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Wallets;

namespace Dash.WalletServer.Rpc.Import;

internal static class ImportDescriptors
{
    private static readonly RpcArg<JsonElement> Requests = Arg.Any("requests", ArgKind.Array, "What to take in.",
        Arg.Object("", "",
            Arg.Str("desc", "The descriptor, with its checksum."),
            Arg.Bool("active", fallback: false, "Give out its addresses from now on. It must be ranged."),
            Arg.OptionalRange("range", "Of a ranged one: which indexes to watch, to the end or from begin to end."),
            Arg.OptionalInt("next_index", "Of a ranged one: the first index not given out yet."),
            Arg.Long("timestamp",
                "When its first address was made, seconds since 1970, or \"now\": blocks from two hours before on are\n" +
                "looked at again. 0 looks at all of them.") with
            {
                ValueText = "timestamp | \"now\"",
                TypeText = "integer / string",
            },
            Arg.Bool("internal", fallback: false, "Its addresses are for change."),
            Arg.Str("label", "", "A label for its address, if it has just one and is not for change."))) with
    {
        OneLine = "\"requests\"",
    };

    public static readonly WalletMethod Method = new("wallet", "importdescriptors",
        "Takes descriptors in, and looks for what they were paid since the earliest of their timestamps.\n" +
        "Make a new backup of the wallet afterwards. Looking at old blocks can take long, and until it is done\n" +
        "their payments may be missing; \"getwalletinfo\" says how far it is, \"abortrescan\" ends it.")
    {
        Args = [Requests],
        Results =
        [
            Result.Arr("", "What became of each, in their order.",
                Result.Obj("", "",
                    Result.Bool("success", "Whether it was taken in."),
                    Result.Arr("warnings", "What to know about it.", Result.Str("", "")) with { IsOptional = true },
                    Result.Obj("error", "Why it was not.",
                        Result.Elision("code and message, as in errors of JSON-RPC")) with { IsOptional = true })),
        ],
        Examples =
        [
            Example.Cli(
                "'[{ \"desc\": \"<my descriptor>\", \"timestamp\":1455191478, \"internal\": true }, " +
                "{ \"desc\": \"<my descriptor 2>\", \"label\": \"example 2\", \"timestamp\": 1455191480 }]'"),
            Example.Cli(
                "'[{ \"desc\": \"<my descriptor>\", \"timestamp\":1455191478, \"active\": true, \"range\": [0,100] }]'"),
        ],
        Lane = RpcLane.Waiting,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var wallet = await call.SyncedWalletAsync(ct);
        var elements = call.Get(Requests).AsArray();
        RescanState.RequireNone(call, wallet);
        WalletCall.RequireUnlocked(wallet);
        var (tipTime, now) = await call.Context.Sync.TipTimesAsync(wallet, ct);
        List<DescriptorRequest> requests = [];
        try
        {
            foreach (var element in elements.EnumerateArray())
            {
                requests.Add(DescriptorRequest.Read(element, wallet.Snapshot, now));
            }

            await ImportAsync(call, wallet, requests, tipTime, ct);
            Write(result, requests);
        }
        finally
        {
            requests.ForEach(static request => request.Dispose());
        }
    }

    private static async Task ImportAsync(
        WalletCall call, Wallet wallet, List<DescriptorRequest> requests, long tipTime, CancellationToken ct)
    {
        var refusals = await wallet.ImportAsync([.. requests.Select(static request => request.Descriptor)], ct);
        for (var i = 0; i < requests.Count; i++)
        {
            requests[i].Refuse(refusals[i]);
        }

        if (requests.TrueForAll(static request => request.Refusal is not null))
        {
            return;
        }

        try
        {
            await call.Context.Sync.RescanSinceAsync(
                wallet, Math.Min(tipTime, requests.Min(static request => request.Timestamp)), ct);
        }
        catch (Keys.WalletException aborted) when (aborted.Error == Keys.WalletError.Misc)
        {
            throw new RpcError(RpcErrorCode.Misc, "Rescan aborted by user.", aborted);
        }
    }

    private static void Write(Utf8JsonWriter result, List<DescriptorRequest> requests)
    {
        result.WriteStartArray();
        foreach (var request in requests)
        {
            result.WriteStartObject();
            result.WriteBoolean("success", request.Refusal is null);
            if (request.Refusal is { } refusal)
            {
                result.WriteStartObject("error");
                result.WriteNumber("code", (int)refusal.Code);
                result.WriteString("message", refusal.Message);
                result.WriteEndObject();
            }

            if (request.Warnings.Count > 0)
            {
                result.WriteStartArray("warnings");
                foreach (var warning in request.Warnings)
                {
                    result.WriteStringValue(warning);
                }

                result.WriteEndArray();
            }

            result.WriteEndObject();
        }

        result.WriteEndArray();
    }
}
