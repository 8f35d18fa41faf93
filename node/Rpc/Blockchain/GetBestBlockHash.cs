using System.Text.Json;
using Dash.Rpc.Methods;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBestBlockHash
{
    public static readonly NodeMethod Method = new("blockchain", "getbestblockhash", "Hash of the active chain's last block.")
    {
        Results = [Result.Hex("hash", "The block's hash.")],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        result.WriteStringValue(call.View.Tip.Hash.ToString());
        return ValueTask.CompletedTask;
    }
}
