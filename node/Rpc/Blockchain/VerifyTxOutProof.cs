using System.Text.Json;
using Dash.Primitives.Blocks;
using Dash.Primitives.Encoding;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class VerifyTxOutProof
{
    private static readonly RpcArg<byte[]> Proof = Arg.Hex("proof", "What gettxoutproof gave.");

    public static readonly NodeMethod Method = new("blockchain", "verifytxoutproof",
        "Which transactions a proof shows to be in a block of the active chain.")
    {
        Args = [Proof],
        Results = [Result.Arr("", "", Result.Hex("txid", "A transaction's id; none of a proof that proves nothing."))],
        Examples = [Example.Cli("\"proof\""), Example.Rpc("\"proof\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var reader = new SpanReader(call.Get(Proof));
        var proof = MerkleBlock.Read(ref reader);
        result.WriteStartArray();
        if (proof.TryProve(out var matches))
        {
            var node = call.Node.Index.Find(proof.Header.Hash);
            if (node is null || !call.View.Contains(node) || node.TransactionCount == 0)
            {
                throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Block not found in chain");
            }

            // A tree of another number of leaves proves something else.
            foreach (var (txid, _) in node.TransactionCount == proof.Tree.TransactionCount ? matches : [])
            {
                result.WriteStringValue(txid.ToString());
            }
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
