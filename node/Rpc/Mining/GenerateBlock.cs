using System.Text.Json;
using Dash.Primitives.Hashing;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Mining;

internal static class GenerateBlock
{
    private static readonly RpcArg<string> Output = Arg.Str("output", "Who gets the new coins: an address or a descriptor.");
    private static readonly RpcArg<IReadOnlyList<string>> Transactions = Arg.Array("transactions",
        "Ids of transactions in the mempool, or whole transactions, in the order of the block.", Arg.HexText("rawtx/txid", ""));

    public static readonly NodeMethod Method = new("hidden", "generateblock", "Mines one block with exactly these transactions.")
    {
        Args = [Output, Transactions],
        Results = [Result.Obj(Result.Hex("hash", "The block's hash."))],
        Examples = [Example.Cli("\"myaddress\" '[\"rawtx\", \"mempool_txid\"]'")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var output = call.Get(Output);
        var script = GenerateArgs.FromDescriptor(call, output, out _)
            ?? GenerateArgs.FromAddress(call, output)
            ?? throw new RpcError(RpcErrorCode.InvalidAddressOrKey, "Error: Invalid address or descriptor");
        List<Transaction> transactions = [.. call.Get(Transactions).Select(text => Find(call, text))];
        var (hash, state) = await call.Node.Generator.GenerateAsync(script, transactions, ct);
        if (state.IsInvalid)
        {
            throw new RpcError(RpcErrorCode.Verify, "TestBlockValidity failed: " + state.RejectReason);
        }

        result.WriteStartObject();
        result.WriteHash("hash", hash ?? throw new RpcError(RpcErrorCode.Misc, "Failed to make block."));
        result.WriteEndObject();
    }

    private static Transaction Find(NodeCall call, string text)
    {
        if (text.Length == 2 * Uint256.Size && Uint256.TryParse(text, out var hash))
        {
            return call.Node.Mempool.View.Graph.TryGet(new Txid(hash), out var entry)
                ? entry.Transaction
                : throw new RpcError(RpcErrorCode.InvalidAddressOrKey, $"Transaction {text} not in mempool.");
        }

        return TransactionArgs.TryParse(text, out var transaction)
            ? transaction
            : throw new RpcError(RpcErrorCode.Deserialization,
                $"Transaction decode failed for {text}. Make sure the tx has at least one input.");
    }
}
