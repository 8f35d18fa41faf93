using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mempool;

internal static class GetRawMempool
{
    private static readonly RpcArg<bool> Verbose = Arg.Bool("verbose", fallback: false, "Objects by id; otherwise ids.");
    private static readonly RpcArg<bool> WithSequence = Arg.Bool("mempool_sequence", fallback: false, "Ids and the number of the last change; not with verbose.");

    public static readonly NodeMethod Method = new("blockchain", "getrawmempool", "All transactions of the mempool.")
    {
        Args = [Verbose, WithSequence],
        Results =
        [
            Result.Arr("", "", Result.Hex("", "A transaction's id.")) with { Condition = "without verbose" },
            Result.ObjDyn("", "", Result.Obj("txid", "A transaction's id.", [.. MempoolJson.EntryResults])) with { Condition = "with verbose" },
            Result.Obj("without verbose, with mempool_sequence",
                Result.Arr("txids", "", Result.Hex("", "A transaction's id.")),
                Result.Num("mempool_sequence", "The number.")),
        ],
        Examples = [Example.Cli("true"), Example.Rpc("true")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var verbose = call.Get(Verbose);
        var view = call.Node.Mempool.View;
        if (!call.Get(WithSequence))
        {
            result.WriteEntries(view.ParentsFirst, view, verbose, call.Node);
            return ValueTask.CompletedTask;
        }

        if (verbose)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Verbose results cannot contain mempool sequence values.");
        }

        result.WriteStartObject();
        result.WritePropertyName("txids");
        result.WriteEntries(view.ParentsFirst, view, verbose: false, call.Node);
        result.WriteNumber("mempool_sequence", view.NextChange);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
