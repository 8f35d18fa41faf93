using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

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
        "their payments may be missing; \"getwalletinfo\" says how far it is, \"abortrescan\" ends it, and \"listwalletjobs\" keeps\n" +
        "this answer for who hung up.")
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
        Lane = RpcLane.Rescan,
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(WalletCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        using var import = await DescriptorImport.ReadAsync(call, call.Get(Requests), ct);
        long? failedTime = null;
        if (await import.BeginAsync(ct) is { } rescan)
        {
            call.MarkEffect();
            try
            {
                failedTime = (await rescan.EndAsync(ct)).FailedTime;
            }
            catch (Keys.WalletException aborted) when (aborted.Error == Keys.WalletError.Misc)
            {
                throw new RpcError(RpcErrorCode.Misc, "Rescan aborted by user.", aborted);
            }
        }

        import.Write(result, failedTime);
    }
}
