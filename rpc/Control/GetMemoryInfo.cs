using System.Text.Json;
using Dash.Primitives.Keys;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Rpc.Control;

/// <summary>How much memory secrets take.</summary>
internal static class GetMemoryInfo
{
    private static readonly RpcArg<string> Mode = Arg.Str("mode", "stats", "What is told; there is \"stats\" only.");

    public static RpcMethod<RpcCall> Create() => new("control", "getmemoryinfo", "Tells how much memory is kept out of swap for secrets.")
    {
        Args = [Mode],
        Results =
        [
            Result.Obj(
                Result.Obj("locked", "Memory for secrets.",
                    Result.Num("used", "Bytes taken."),
                    Result.Num("free", "Bytes left."),
                    Result.Num("total", "Both."),
                    Result.Num("locked", "Bytes the system agreed to keep out of swap; less than total when it refused."),
                    Result.Num("chunks_used", "Pieces taken."),
                    Result.Num("chunks_free", "Pieces left."))),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(RpcCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        switch (call.Get(Mode))
        {
            case "stats":
                Write(result, LockedMemoryStatistics.Current);
                return ValueTask.CompletedTask;
            case "mallocinfo":
                // There is no malloc of ours to ask.
                throw new RpcError(RpcErrorCode.InvalidParameter, "mallocinfo mode not available");
            case var mode:
                throw new RpcError(RpcErrorCode.InvalidParameter, "unknown mode " + mode);
        }
    }

    private static void Write(Utf8JsonWriter result, LockedMemoryStatistics statistics)
    {
        result.WriteStartObject();
        result.WriteStartObject("locked");
        result.WriteNumber("used", statistics.Used);
        result.WriteNumber("free", statistics.Free);
        result.WriteNumber("total", statistics.Total);
        result.WriteNumber("locked", statistics.Locked);
        result.WriteNumber("chunks_used", statistics.UsedChunks);
        result.WriteNumber("chunks_free", statistics.FreeChunks);
        result.WriteEndObject();
        result.WriteEndObject();
    }
}
