using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockHashes
{
    private static readonly RpcArg<int> High = Arg.Int("high", "Latest time, Unix seconds.");
    private static readonly RpcArg<int> Low = Arg.Int("low", "Earliest time, Unix seconds.");

    public static readonly NodeMethod Method = new("blockchain", "getblockhashes",
        "The active chain's blocks between two times, both included, by their time. Needs -timestampindex.")
    {
        Args = [High, Low],
        Results = [Result.Arr("", "", Result.Hex("", "A block's hash."))],
        Examples = [Example.Cli("1231614698 1231024505"), Example.Rpc("1231614698, 1231024505")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var (high, low) = ((uint)call.Get(High), (uint)call.Get(Low));
        if (call.Node.Indexes.Addresses is not { Settings.Timestamp: true } index)
        {
            throw new RpcError(
                RpcErrorCode.InvalidRequest, "Timestamp index is disabled. You should run Dash Core with -timestampindex (requires reindex)");
        }

        result.WriteStartArray();
        foreach (var hash in index.BlocksBetween(low, high))
        {
            result.WriteStringValue(hash.ToString());
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
