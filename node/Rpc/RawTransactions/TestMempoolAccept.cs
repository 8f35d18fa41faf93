using System.Text.Json;
using Dash.Node.Consensus;
using Dash.Node.Mempool;
using Dash.Primitives.Transactions;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.RawTransactions;

internal static class TestMempoolAccept
{
    // Core takes packages of up to 25; those are not judged as a whole here yet.
    private const int MostTransactions = 1;

    private static readonly RpcArg<IReadOnlyList<string>> Texts = Arg.Array("rawtxs", "The bytes of one transaction in hex.", Arg.HexText("rawtx", ""));
    private static readonly RpcArg<Amount> MaxFeeRate = RawTransactionText.MaxFeeRate();

    public static readonly NodeMethod Method = new("rawtransactions", "testmempoolaccept",
        "Whether a transaction would be let into the mempool. Nothing is added. One transaction a call.")
    {
        Args = [Texts, MaxFeeRate],
        Results =
        [
            Result.Arr("", "", Result.Obj("", "",
                Result.Hex("txid", "The transaction's id."),
                Result.Bool("allowed", "Whether it would."),
                Result.Num("vsize", "Its size for fees, bytes.", optional: true),
                Result.Obj("fees", "What it pays.", Result.Amount("base", "Itself.")) with { IsOptional = true },
                Result.Str("reject-reason", "Why not.", optional: true))),
        ],
        Examples = [Example.Cli("'[\"signedhex\"]'"), Example.Rpc("[\"signedhex\"]")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var texts = call.Get(Texts);
        if (texts.Count is < 1 or > MostTransactions)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Array must contain between 1 and {MostTransactions} transactions.");
        }

        var rate = new FeeRate(call.Get(MaxFeeRate).Duffs);
        if (!RawTransactionText.TryParse(texts[0], out var transaction))
        {
            throw new RpcError(RpcErrorCode.Deserialization,
                $"TX decode failed: {texts[0]} Make sure the tx has at least one input.");
        }

        var verdict = await call.Node.Mempool.TestAsync(transaction, ct);
        result.WriteStartArray();
        result.WriteStartObject();
        Write(result, transaction, verdict, rate);
        result.WriteEndObject();
        result.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter result, Transaction transaction, AcceptResult verdict, FeeRate rate)
    {
        result.WriteHash("txid", transaction.Txid);
        var maxFee = rate.GetFee(verdict.VirtualSize);
        var isTooHigh = verdict.IsAccepted && maxFee > Amount.Zero && verdict.Fee > maxFee;
        result.WriteBoolean("allowed", verdict.IsAccepted && !isTooHigh);
        if (isTooHigh)
        {
            result.WriteString("reject-reason", "max-fee-exceeded");
        }
        else if (verdict.IsAccepted)
        {
            result.WriteNumber("vsize", verdict.VirtualSize);
            result.WriteStartObject("fees");
            result.WriteAmount("base", verdict.Fee);
            result.WriteEndObject();
        }
        else
        {
            result.WriteString("reject-reason",
                verdict.State.Kind == InvalidKind.MissingInputs ? "missing-inputs" : verdict.State.RejectReason);
        }
    }
}
