using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Evo;

internal static class ProTxInfo
{
    private static readonly RpcArg<Txid> ProTxHash = Arg.Txid("proTxHash", "Hash of the registration.", errorName: "proTxHash");

    private static readonly RpcArg<BlockHash?> AtBlock = Arg.OptionalBlockHash(
        "blockHash", "After which block.", hint: "(chain tip)");

    public static readonly NodeMethod Method = new("evo", "protx info", "Everything blocks say about a masternode.")
    {
        Args = [ProTxHash, AtBlock],
        Results = [Result.Obj(ProTxEntry.Results)],
        Examples = [Example.Cli("\"proTxHash\""), Example.Rpc("\"proTxHash\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var hash = call.Get(ProTxHash);
        var block = call.Get(AtBlock) is { } at ? call.FindBlock(at) : call.View.Tip;
        var found = await call.Node.Validation.PostAsync(
            (chainstate, _) => EvoStates.Of(chainstate, block).Masternodes.Find(hash) is { } node
                ? (node, chainstate.Coins.Find(node.Collateral))
                : default,
            ct);
        if (found.node is null)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"{hash} not found");
        }

        ProTxEntry.Write(result, call, found, block);
    }
}
