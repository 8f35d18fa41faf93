using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class EstimateSmartFee
{
    private static readonly RpcArg<int> Target = FeeTarget.Arg();
    private static readonly RpcArg<string> Mode = Arg.Str("estimate_mode", "conservative",
        "unset, economical or conservative. A conservative estimate looks further back: it may be higher, and follows the market later.");

    public static readonly NodeMethod Method = new("util", "estimatesmartfee",
        "The fee rate with which a transaction should begin to be confirmed in so many blocks, as far as the last blocks tell.")
    {
        Args = [Target, Mode],
        TypesFirst = [ArgKind.Num, ArgKind.Str],
        Results =
        [
            Result.Obj(
                Result.Num("feerate", "The rate in DASH per 1,000 bytes.", optional: true),
                Result.Arr("errors", "Why there is none.", Result.Str("", "A reason.")).Optional(),
                Result.Num("blocks", "For how many blocks the answer is: the target, within what has been seen.")),
        ],
        Examples = [Example.Cli("6"), Example.Rpc("6")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var mode = call.Get(Mode).ToUpperInvariant();
        var target = FeeTarget.Read(call, Target);
        if (mode is not ("UNSET" or "ECONOMICAL" or "CONSERVATIVE"))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter,
                "Invalid estimate_mode parameter, must be one of: \"unset\", \"economical\", \"conservative\"");
        }

        var estimate = call.Node.Mempool.Fees.EstimateSmart(target, isConservative: mode != "ECONOMICAL");
        result.WriteStartObject();
        if (estimate.Rate.IsZero)
        {
            result.WriteStrings("errors", ["Insufficient data or no feerate found"]);
        }
        else
        {
            result.WriteFeeRate("feerate", FeeRate.Max(estimate.Rate, call.Node.Mempool.Summary.MinFee));
        }

        result.WriteNumber("blocks", estimate.Target);
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
