using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBestChainLock
{
    public static readonly NodeMethod Method = new("blockchain", "getbestchainlock", "The highest ChainLock; an error while none is known.")
    {
        Results =
        [
            Result.Obj(
                Result.Hex("blockhash", "The locked block."),
                Result.Num("height", "Its height."),
                Result.Hex("signature", "The quorum's signature."),
                Result.Bool("known_block", "Whether the block is known here."),
                Result.Hex("hex", "The ChainLock's bytes.")),
        ],
        Examples = [Example.Cli(), Example.Rpc()],
        Handler = Handle,
    };

    // Locks are not received yet, so there is none.
    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct) =>
        throw new RpcError(RpcErrorCode.InternalError, "Unable to find any ChainLock");
}
