using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class GetTxChainLocks
{
    private static readonly RpcArg<IReadOnlyList<Txid>> Ids = TxidList.Arg();

    public static readonly NodeMethod Method = new("rawtransactions", "gettxchainlocks",
        "In which blocks transactions are, and whether ChainLocks hold those. Transactions in blocks are found with -txindex only.")
    {
        Args = [Ids],
        Results =
        [
            Result.Arr("", "One for each id, in their order.", Result.Obj("", "",
                Result.Num("height", "Height of the block; -1 if it is in none."),
                Result.Bool("chainlock", "Whether a ChainLock holds the block."),
                Result.Bool("mempool", "Whether it waits for a block."))),
        ],
        Examples = [Example.Cli("'[\"mytxid\",...]'"), Example.Rpc("[\"mytxid\",...]")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var genesis = call.Node.Network.Genesis.Transactions[0].Txid;
        result.WriteStartArray();
        foreach (var txid in TxidList.Read(call, Ids))
        {
            if (txid == genesis)
            {
                throw new RpcError(RpcErrorCode.InvalidAddressOrKey,
                    "The genesis block coinbase is not considered an ordinary transaction and cannot be retrieved");
            }

            BlockNode? block = null;
            var isKnown = KnownTransactionJson.Find(call, txid, ref block) is not null;
            var height = isKnown && block is not null && call.View.Contains(block) ? block.Height : -1;
            result.WriteStartObject();
            result.WriteNumber("height", height);
            result.WriteBoolean("chainlock", false);
            result.WriteBoolean("mempool", isKnown && height == -1);
            result.WriteEndObject();
        }

        result.WriteEndArray();
        return ValueTask.CompletedTask;
    }
}
