using System.Text.Json;
using Dash.Node.Mempool.Fees;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class EstimateRawFee
{
    private const double DefaultThreshold = 0.95;

    private static readonly RpcArg<int> Target = FeeTarget.Arg();
    private static readonly RpcArg<double> Threshold = Arg.Real("threshold", DefaultThreshold,
        "Which part of the transactions of a range must have been confirmed in time for lower fee rates to be looked at.");

    private static readonly (FeeHorizon Horizon, string Name)[] Horizons =
        [(FeeHorizon.Short, "short"), (FeeHorizon.Medium, "medium"), (FeeHorizon.Long, "long")];

    public static readonly NodeMethod Method = new("hidden", "estimaterawfee",
        "What the statistics behind estimatesmartfee say. The form of the answer follows how they are kept, and may change.")
    {
        Args = [Target, Threshold],
        TypesFirst = [ArgKind.Num, ArgKind.Num],
        TypesFirstTakeNull = true,
        Results =
        [
            Result.Obj(
                Result.Obj("short", "The short horizon; each only if it reaches the target.",
                    Result.Num("feerate", "The rate in DASH per 1,000 bytes.", optional: true),
                    Result.Num("decay", "What is left of a count after a block."),
                    Result.Num("scale", "Blocks of a period."),
                    Result.Obj("pass", "The lowest range of fee rates that meets the threshold.",
                        Result.Num("startrange", "Its lower end."),
                        Result.Num("endrange", "Its upper end."),
                        Result.Num("withintarget", "Transactions confirmed in time."),
                        Result.Num("totalconfirmed", "Transactions confirmed at all."),
                        Result.Num("inmempool", "Transactions that wait for longer than the target."),
                        Result.Num("leftmempool", "Transactions dropped after waiting for longer than the target.")).Optional(),
                    Result.Obj("fail", "The highest range that does not.", Result.Elision()).Optional(),
                    Result.Arr("errors", "Why there is no rate.", Result.Str("", "A reason.")).Optional()).Optional(),
                Result.Obj("medium", "The same of the medium horizon.", Result.Elision()).Optional(),
                Result.Obj("long", "The same of the long horizon.", Result.Elision()).Optional()),
        ],
        Examples = [Example.Cli("6 0.9")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        if (call.Has(Threshold) && call.Raw(Threshold).ValueKind != JsonValueKind.Number)
        {
            throw JsonValues.TypeError(call.Raw(Threshold), "number");
        }

        var target = FeeTarget.Read(call, Target);
        var threshold = call.Get(Threshold);
        if (threshold is < 0 or > 1)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, "Invalid threshold");
        }

        var fees = call.Node.Mempool.Fees;
        result.WriteStartObject();
        foreach (var (horizon, name) in Horizons)
        {
            if (target <= fees.HighestTarget(horizon))
            {
                result.WriteStartObject(name);
                Write(result, fees.EstimateRaw(target, threshold, horizon));
                result.WriteEndObject();
            }
        }

        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }

    private static void Write(Utf8JsonWriter result, RawFeeEstimate estimate)
    {
        var isKnown = !estimate.FeeRate.IsZero;
        if (isKnown)
        {
            result.WriteFeeRate("feerate", estimate.FeeRate);
        }

        result.WriteReal("decay", estimate.Decay);
        result.WriteNumber("scale", estimate.Scale);
        if (isKnown)
        {
            Write(result, "pass", estimate.Pass);
        }

        if (!isKnown || estimate.Fail.Exists)
        {
            Write(result, "fail", estimate.Fail);
        }

        if (!isKnown)
        {
            result.WriteStrings("errors", ["Insufficient data or no feerate found which meets threshold"]);
        }
    }

    private static void Write(Utf8JsonWriter result, string name, FeeRange range)
    {
        result.WriteStartObject(name);
        result.WriteReal("startrange", Math.Round(range.Start, MidpointRounding.AwayFromZero));
        result.WriteReal("endrange", Math.Round(range.End, MidpointRounding.AwayFromZero));
        result.WriteReal("withintarget", Hundredths(range.WithinTarget));
        result.WriteReal("totalconfirmed", Hundredths(range.Confirmed));
        result.WriteReal("inmempool", Hundredths(range.InMempool));
        result.WriteReal("leftmempool", Hundredths(range.LeftMempool));
        result.WriteEndObject();

        static double Hundredths(double value) => Math.Round(value * 100, MidpointRounding.AwayFromZero) / 100;
    }
}
