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
    private static readonly RpcArg<IReadOnlyList<string>> Texts =
        Arg.Array("rawtxs", "The bytes of transactions in hex, parents before children.", Arg.HexText("rawtx", ""));

    private static readonly RpcArg<Amount> MaxFeeRate = RawTransactionText.MaxFeeRate();

    public static readonly NodeMethod Method = new("rawtransactions", "testmempoolaccept",
        "Whether transactions would be let into the mempool. Nothing is added. Several are judged as a package: none may be in the\n" +
        $"mempool, or conflict with what is in it or with another of them. At most {AcceptPackage.MaxCount} a call.")
    {
        Args = [Texts, MaxFeeRate],
        TypesFirst = [ArgKind.Array, null],
        Results =
        [
            Result.Arr("", "One for each, in their order.", Result.Obj("", "",
                Result.Hex("txid", "The transaction's id."),
                Result.Str("package-error", "What is wrong with all of them together.", optional: true),
                Result.Bool("allowed", "Whether it would; missing when it was not looked at because another failed.", optional: true),
                Result.Num("vsize", "Its size for fees, bytes.", optional: true),
                Result.Obj("fees", "What it pays.", Result.Amount("base", "Itself.")).Optional(),
                Result.Str("reject-reason", "Why not.", optional: true))),
        ],
        Examples = [Example.Cli("'[\"signedhex\"]'"), Example.Rpc("[\"signedhex\"]")],
        Handler = HandleAsync,
    };

    private static async ValueTask HandleAsync(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        RawTransactionText.CheckCount(call.Raw(Texts).GetArrayLength(), AcceptPackage.MaxCount);
        var rate = new FeeRate(call.Get(MaxFeeRate).Duffs);
        var package = RawTransactionText.ParsePackage(call.Get(Texts), AcceptPackage.MaxCount);
        var verdict = package.Count > 1
            ? await call.Node.Mempool.TestAsync(package, ct)
            : new PackageResult(PackageFailure.None, "", new Dictionary<Txid, AcceptResult>
            {
                [package[0].Txid] = await call.Node.Mempool.TestAsync(package[0], ct),
            });
        var isStopped = false;
        result.WriteStartArray();
        foreach (var transaction in package)
        {
            result.WriteStartObject();
            result.WriteHash("txid", transaction.Txid);
            if (verdict.Failure == PackageFailure.Policy)
            {
                result.WriteString("package-error", verdict.RejectReason);
            }

            // What depends on a transaction that would not be sent is not judged.
            if (!isStopped && verdict.Results.TryGetValue(transaction.Txid, out var own))
            {
                isStopped = Write(result, own, rate);
            }

            result.WriteEndObject();
        }

        result.WriteEndArray();
    }

    private static bool Write(Utf8JsonWriter result, AcceptResult verdict, FeeRate rate)
    {
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

        return isTooHigh;
    }
}
