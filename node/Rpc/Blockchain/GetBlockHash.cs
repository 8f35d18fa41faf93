using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockHash
{
    private static readonly RpcArg<int> Height = Arg.Int("height", "A height of the active chain.");

    public static readonly NodeMethod Method = new("blockchain", "getblockhash", "Hash of the active chain's block at a height.")
    {
        Args = [Height],
        Results = [Result.Hex("hash", "The block's hash.")],
        Examples = [Example.Cli("1000"), Example.Rpc("1000")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var node = call.View.At(call.Get(Height))
            ?? throw new RpcError(RpcErrorCode.InvalidParameter, "Block height out of range");
        result.WriteStringValue(node.Hash.ToString());
        return ValueTask.CompletedTask;
    }
}
