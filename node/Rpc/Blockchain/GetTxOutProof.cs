using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetTxOutProof
{
    private static readonly RpcArg<IReadOnlyList<Txid>> Ids = Arg.Array("txids", "Ids of transactions of one block.", Arg.Txid("txid", "An id."));
    private static readonly RpcArg<BlockHash?> Hash = Arg.OptionalBlockHash("blockhash", "The block they are in.");

    public static readonly NodeMethod Method = new("blockchain", "gettxoutproof",
        "A proof that transactions are in a block. Without the block's hash one of them must have an unspent output, or -txindex is needed.")
    {
        Args = [Ids, Hash],
        Results = [Result.Str("data", "The proof in hex.")],
        Examples =
        [
            Example.Cli("'[\"mytxid\",...]'"),
            Example.Cli("'[\"mytxid\",...]' \"blockhash\""),
            Example.Rpc("[\"mytxid\",...], \"blockhash\""),
        ],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var ids = new HashSet<Txid>();
        foreach (var id in call.Get(Ids))
        {
            if (!ids.Add(id))
            {
                throw new RpcError(RpcErrorCode.InvalidParameter, $"Invalid parameter, duplicated txid: {id}");
            }
        }

        if (ids.Count == 0)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Parameter 'txids' cannot be empty");
        }

        var node = call.Get(Hash) is { } hash ? call.FindBlock(hash) : await FindBlockAsync(call, ids, ct);
        var block = call.ReadBlock(node);
        if (block.Transactions.Count(transaction => ids.Contains(transaction.Txid)) != ids.Count)
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Not all transactions found in specified or retrieved block");
        }

        result.WriteHexValue(MerkleBlock.Create(block, transaction => ids.Contains(transaction.Txid)).ToBytes());
    }

    private static async Task<BlockNode> FindBlockAsync(NodeCall call, HashSet<Txid> ids, CancellationToken ct)
    {
        // Any unspent output tells the height; nobody knows how many outputs there may have been.
        var height = await call.Node.Validation.PostAsync(
            (chainstate, _) => ids.Select(id => HeightOf(chainstate.Coins, id)).FirstOrDefault(static found => found is not null), ct);
        if (height is { } found && call.View.At(found) is { } node)
        {
            return node;
        }

        return call.Node.FindTransactionBlock(ids.First())
            ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Transaction not yet in block");
    }

    private static int? HeightOf(ICoinsView coins, Txid id)
    {
        const int MostOutputs = 2_000_000 / 9; // the smallest output has nine bytes, a block two million
        for (var i = 0u; i < MostOutputs; i++)
        {
            if (coins.Find(new OutPoint(id, i)) is { } coin)
            {
                return coin.Height;
            }
        }

        return null;
    }
}
