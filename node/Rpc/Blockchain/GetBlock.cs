using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Primitives.Blocks;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetBlock
{
    private const int AsBytes = 0;
    private const int WithTxids = 1;
    private const int WithTransactions = 2;

    private static readonly RpcArg<BlockHash> Hash = Arg.BlockHash("blockhash", "The block's hash.");
    private static readonly RpcArg<JsonElement> Verbosity = Arg.OptionalAny("verbosity|verbose", ArgKind.Num,
        "0 for the block in hex, 1 for an object, 2 for an object with transactions, 3 also with what their inputs spent.") with { DefaultText = "1" };

    public static readonly NodeMethod Method = new("blockchain", "getblock", "A block, of the active chain or not.")
    {
        Args = [Hash, Verbosity],
        Results =
        [
            Result.Hex("data", "The block's bytes.", when: "with verbosity=0"),
            Result.Obj("with verbosity=1", [.. BlockJson.HeaderResults,
                Result.Num("size", "Bytes of the block."),
                Result.Arr("tx", "Its transactions, in their order.", Result.Hex("", "A transaction's id.")),
                Result.Obj("cbTx", "The coinbase's special payload.", Result.Elision()) with { IsOptional = true }]),
            Result.Obj("with verbosity=2", Result.Elision("As with verbosity=1, but:"),
                Result.Arr("tx", "Its transactions, in their order.",
                    Result.Obj("", "", Result.Elision("As by getrawtransaction with verbose."), Result.Amount("fee", "Where undo data is there.", optional: true)))),
            Result.Obj("with verbosity=3", Result.Elision("As with verbosity=2, and in each input a member prevout.")),
        ],
        Examples =
        [
            Example.Cli("\"00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6\""),
            Example.Rpc("\"00000ffd590b1485b3caadc19b22e6379c733355108f107a430458cdf3407ab6\""),
        ],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var hash = call.Get(Hash);
        var verbosity = ReadVerbosity(call);
        var node = call.FindBlock(hash);
        var data = call.ReadBlockData(node);
        if (verbosity <= AsBytes)
        {
            result.WriteHexValue(data);
            return ValueTask.CompletedTask;
        }

        var block = BlockArchive.Parse(node, data);
        result.WriteStartObject();
        result.WriteHeader(node, call.View);
        result.WriteNumber("size", data.Length);
        result.WriteStartArray("tx");
        if (verbosity == WithTxids)
        {
            foreach (var transaction in block.Transactions)
            {
                result.WriteStringValue(transaction.Txid.ToString());
            }
        }
        else
        {
            WriteTransactions(call, result, node, block, withPreviousOutputs: verbosity > WithTransactions);
        }

        result.WriteEndArray();
        TransactionJson.WriteCbTx(result, block.Transactions[0]);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    // A number, or true and false for 1 and 0.
    private static int ReadVerbosity(NodeCall call)
    {
        var value = call.Raw(Verbosity);
        return value.IsAbsent() ? WithTxids
            : value.ValueKind is JsonValueKind.True or JsonValueKind.False ? (value.AsBool() ? WithTxids : AsBytes)
            : value.AsInt();
    }

    private static void WriteTransactions(NodeCall call, Utf8JsonWriter result, BlockNode node, Block block, bool withPreviousOutputs)
    {
        var undo = call.Node.Archive.FindUndo(node);
        for (var i = 0; i < block.Transactions.Count; i++)
        {
            var transaction = block.Transactions[i];
            result.WriteStartObject();
            result.WriteTransaction(transaction, call.Node.Network.Prefixes, new TransactionJson.Extras
            {
                Spent = undo is null || i == 0 ? null : SpentBy(transaction, undo.Spent[i - 1]),
                WithPreviousOutputs = withPreviousOutputs,
            });
            result.WriteBoolean("instantlock", false);
            result.WriteBoolean("instantlock_internal", false);
            result.WriteEndObject();
        }
    }

    private static TransactionJson.SpentOutput[]? SpentBy(Transaction transaction, IReadOnlyList<Coin> coins) =>
        transaction.Inputs.Length == coins.Count
            ? [.. coins.Select(coin => new TransactionJson.SpentOutput(coin.Output, coin.Height, coin.IsCoinBase))]
            : null;
}
