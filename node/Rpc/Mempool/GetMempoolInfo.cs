using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mempool;

internal static class GetMempoolInfo
{
    public static readonly NodeMethod Method = new("blockchain", "getmempoolinfo", "How full the mempool is and what it takes to get in.")
    {
        Results =
        [
            Result.Obj(
                Result.Bool("loaded", "Whether the stored mempool has been read."),
                Result.Num("size", "Transactions."),
                Result.Num("bytes", "Their sizes for fees, in all."),
                Result.Num("usage", "Memory they take, estimated, in bytes."),
                Result.Amount("total_fee", "What they pay."),
                Result.Num("maxmempool", "Memory they may take, in bytes."),
                Result.Amount("mempoolminfee", "Least fee rate to get in, DASH per 1,000 bytes."),
                Result.Amount("minrelaytxfee", "Least fee rate that is relayed at all, DASH per 1,000 bytes."),
                Result.Num("instantsendlocks", "InstantSend locks that are not confirmed."),
                Result.Num("unbroadcastcount", "Own transactions that no peer has asked for yet.")),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var mempool = call.Node.Mempool.Summary;
        var policy = call.Node.Policy;
        result.WriteStartObject();
        result.WriteBoolean("loaded", call.Node.Mempool.IsLoaded);
        result.WriteNumber("size", mempool.Count);
        result.WriteNumber("bytes", mempool.Size);
        result.WriteNumber("usage", mempool.MemoryUsage);
        result.WriteAmount("total_fee", mempool.Fees);
        result.WriteNumber("maxmempool", policy.MaxBytes);
        result.WriteFeeRate("mempoolminfee", mempool.MinFee);
        result.WriteFeeRate("minrelaytxfee", policy.MinRelay);
        result.WriteNumber("instantsendlocks", 0);
        result.WriteNumber("unbroadcastcount", mempool.UnbroadcastCount);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
