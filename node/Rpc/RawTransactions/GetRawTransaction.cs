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
                [Result.Bool("in_active_chain", "Whether the named block is in the active chain.", optional: true), .. KnownTransactionJson.Results]),
        ],
        Examples = [Example.Cli("\"txid\""), Example.Cli("\"txid\" true"), Example.Rpc("\"txid\", true"), Example.Cli("\"txid\" true \"blockhash\"")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
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

        var named = block;
        var isIndexed = named is null && call.Node.Indexes.Transactions is { } index && await index.CaughtUpAsync(ct);
        var transaction = KnownTransactionJson.Find(call, txid, ref block) ?? throw NotFound(call, named, isIndexed);
        if (!verbose)
        {
            result.WriteHexValue(transaction.ToBytes());
            return;
        }

        result.WriteStartObject();
        if (named is not null)
        {
            result.WriteBoolean("in_active_chain", call.View.Contains(named));
        }

        result.WriteKnown(transaction, block, call);
        result.WriteEndObject();
    }

    private static RpcError NotFound(NodeCall call, BlockNode? block, bool isIndexed) => block switch
    {
        { HasData: false } => new RpcError(RpcErrorCode.Misc, "Block not available"),
        not null => new RpcError(
            RpcErrorCode.InvalidAddressOrKey,
            "No such transaction found in the provided block. Use gettransaction for wallet transactions."),
        _ when !call.Node.HasTransactionIndex => new RpcError(
            RpcErrorCode.InvalidAddressOrKey,
            "No such mempool transaction. Use -txindex or provide a block hash to enable blockchain transaction queries. Use gettransaction for wallet transactions."),
        _ when !isIndexed => new RpcError(
            RpcErrorCode.InvalidAddressOrKey,
            "No such mempool transaction. Blockchain transactions are still in the process of being indexed. Use gettransaction for wallet transactions."),
        _ => new RpcError(
            RpcErrorCode.InvalidAddressOrKey,
            "No such mempool or blockchain transaction. Use gettransaction for wallet transactions."),
    };
}
