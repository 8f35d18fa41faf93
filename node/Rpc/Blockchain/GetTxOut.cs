using System.Text.Json;
using Dash.Node.Chain;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Primitives.Transactions;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Blockchain;

internal static class GetTxOut
{
    private static readonly RpcArg<Txid> Id = Arg.Txid("txid", "The transaction's id.");
    private static readonly RpcArg<uint> Index = Arg.Of("n", ArgKind.Num, "Which of its outputs.", JsonValues.AsUInt);
    private static readonly RpcArg<bool> WithMempool = Arg.Bool("include_mempool", fallback: true,
        "Count the mempool as if it were mined: its outputs exist, what it spends does not.");

    public static readonly NodeMethod Method = new("blockchain", "gettxout", "An output that is not spent.")
    {
        Args = [Id, Index, WithMempool],
        Results =
        [
            Result.None(when: "if there is no such output, or it is spent"),
            Result.Obj("otherwise",
                Result.Hex("bestblock", "The block this answer is about."),
                Result.Num("confirmations", "How deep it is; 0 in the mempool."),
                Result.Amount("value", "What it is worth."),
                Result.Obj("scriptPubKey", "What it takes to spend it.",
                    Result.Str("asm", "The script in words."),
                    Result.Str("desc", "Its descriptor."),
                    Result.Hex("hex", "Its bytes."),
                    Result.Str("address", "Its address, where there is one.", optional: true),
                    Result.Str("type", "Its form.")),
                Result.Bool("coinbase", "Whether a coinbase made it.")),
        ],
        Examples = [Example.Cli("\"txid\" 1"), Example.Rpc("\"txid\", 1")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var outPoint = new OutPoint(call.Get(Id), call.Get(Index));
        var withMempool = call.Get(WithMempool);
        var (tip, coin) = await call.Node.Validation.PostAsync(
            (chainstate, _) => (
                chainstate.View.Tip,
                withMempool ? new MempoolCoins(chainstate.Coins, call.Node.Mempool.Owned.Graph).FindUnspent(outPoint) : chainstate.Coins.Find(outPoint)),
            ct);
        if (coin is null)
        {
            return;
        }

        result.WriteStartObject();
        result.WriteHash("bestblock", tip.Hash);
        result.WriteNumber("confirmations", coin.Height == Coin.MempoolHeight ? 0 : tip.Height - coin.Height + 1);
        result.WriteAmount("value", coin.Output.Value);
        result.WriteStartObject("scriptPubKey");
        result.WriteScript(coin.Output.ScriptPubKey, call.Node.Network.Prefixes);
        result.WriteEndObject();
        result.WriteBoolean("coinbase", coin.IsCoinBase);
        result.WriteEndObject();
    }
}
