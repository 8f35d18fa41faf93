using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class GetRawTransaction
{
    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.", errorName: "parameter 1");
    private static readonly RpcArg<JsonElement> Verbose =
        Arg.OptionalAny("verbose", ArgKind.Bool, "An object; otherwise the bytes in hex.") with { DefaultText = "false" };
    private static readonly RpcArg<BlockHash?> InBlock = Arg.OptionalBlockHash("blockhash", "Look in this block.", errorName: "parameter 3");

    public static readonly NodeMethod Method = new("rawtransactions", "getrawtransaction",
        "A transaction of the mempool, or of the block that is named. (For transactions of a wallet see gettransaction.)")
    {
        Args = [Id, Verbose, InBlock],
        Results =
        [
            Result.Str("data", "The bytes in hex.", when: "without verbose"),
            Result.Obj("with verbose",
                Result.Bool("in_active_chain", "Whether the named block is in the active chain.", optional: true),
                Result.Elision("Members as by decoderawtransaction."),
                Result.Hex("hex", "The bytes."),
                Result.Hex("blockhash", "The block.", optional: true),
                Result.Num("height", "Its height; -1 outside the active chain.", optional: true),
                Result.Num("confirmations", "How deep it is; 0 outside the active chain.", optional: true),
                Result.Time("time", "Its time.", optional: true),
                Result.Time("blocktime", "The same.", optional: true),
                Result.Bool("instantlock", "Whether InstantSend or a ChainLock holds it."),
                Result.Bool("instantlock_internal", "Whether InstantSend holds it."),
                Result.Bool("chainlock", "Whether a ChainLock holds its block.")),
        ],
        Examples = [Example.Cli("\"txid\""), Example.Cli("\"txid\" true"), Example.Rpc("\"txid\", true"), Example.Cli("\"txid\" true \"blockhash\"")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var txid = call.Get(Id);
        if (txid == call.Node.Network.Genesis.Transactions[0].Txid)
        {
            throw new RpcError(RpcErrorCode.InvalidAddressOrKey,
                "The genesis block coinbase is not considered an ordinary transaction and cannot be retrieved");
        }

        var given = call.Raw(Verbose);
        var verbose = !given.IsAbsent() && (given.ValueKind == JsonValueKind.Number ? given.AsInt() != 0 : given.AsBool());
        BlockNode? block = null;
        if (call.Get(InBlock) is { } hash)
        {
            block = call.Node.Index.Find(hash) ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Block hash not found");
        }

        var transaction = Find(call, txid, block);
        if (!verbose)
        {
            result.WriteHexValue(transaction.ToBytes());
            return ValueTask.CompletedTask;
        }

        result.WriteStartObject();
        if (block is not null)
        {
            result.WriteBoolean("in_active_chain", call.View.Contains(block));
        }

        result.WriteTransaction(transaction, call.Node.Network.Prefixes, new TransactionJson.Extras { WritePayload = PayloadJson.Write });
        WriteBlock(call, result, block);
        result.WriteBoolean("instantlock", false);
        result.WriteBoolean("instantlock_internal", false);
        result.WriteBoolean("chainlock", false);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static Transaction Find(NodeCall call, Txid txid, BlockNode? block)
    {
        if (block is null)
        {
            return call.Node.Mempool.View.Graph.TryGet(txid, out var entry) ? entry.Transaction : throw new RpcError(RpcErrorCode.InvalidAddressOrKey,
                "No such mempool transaction. Use -txindex or provide a block hash to enable blockchain transaction queries. Use gettransaction for wallet transactions.");
        }

        if (!block.HasData)
        {
            throw new RpcError(RpcErrorCode.Misc, "Block not available");
        }

        return call.Node.Archive.ReadBlock(block).Transactions.FirstOrDefault(transaction => transaction.Txid == txid)
            ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey,
                "No such transaction found in the provided block. Use gettransaction for wallet transactions.");
    }

    private static void WriteBlock(NodeCall call, Utf8JsonWriter result, BlockNode? block)
    {
        if (block is null)
        {
            return;
        }

        result.WriteHash("blockhash", block.Hash);
        if (call.View.Contains(block))
        {
            result.WriteNumber("height", block.Height);
            result.WriteNumber("confirmations", BlockJson.Confirmations(block, call.View));
            result.WriteNumber("time", block.Header.Time);
            result.WriteNumber("blocktime", block.Header.Time);
        }
        else
        {
            result.WriteNumber("height", -1);
            result.WriteNumber("confirmations", 0);
        }
    }
}
