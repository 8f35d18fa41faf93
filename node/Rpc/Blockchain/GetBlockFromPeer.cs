using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlockFromPeer
{
    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");
    private static readonly RpcArg<long> PeerId = Arg.Long("peer_id", "The peer's number, see getpeerinfo.");

    public static readonly NodeMethod Method = new("blockchain", "getblockfrompeer",
        "Asks one peer for a block of which the header is known, for instance by submitheader.\n"
            + "Asked again with another peer, what the first one sends is not waited for any more.\n"
            + "Peers seldom give blocks of other branches that they never checked, or that are older than a month; one that does not answer is parted from.")
    {
        Args = [Hash, PeerId],
        TypesFirst = [ArgKind.Str, ArgKind.Num],
        Results = [Result.Obj("", "Nothing: the question is on its way.")],
        Examples = [Example.Cli("\"blockhash\" 0"), Example.Rpc("\"blockhash\", 0")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var chain = call.Node.Chainstate;
        var (hash, id) = (call.Get(Hash), call.Get(PeerId));
        var node = chain.Index.Find(hash) ?? throw new RpcError(RpcErrorCode.Misc, "Block header missing");
        var refusal = chain.Pruning.Target is not null && node.Height > chain.View.Height
            ? "In prune mode, only blocks that the node has already synced previously can be fetched from a peer"
            : node.HasData ? "Block already downloaded" : await call.Node.Peers.FetchBlockAsync(id, node, ct);
        if (refusal is not null)
        {
            throw new RpcError(RpcErrorCode.Misc, refusal);
        }

        result.WriteStartObject();
        result.WriteEndObject();
    }
}
