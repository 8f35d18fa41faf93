using System.Text.Json;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;

namespace Dash.Node.Rpc.Util;

internal static class EstimateSmartFee
{
    // Core: the longest horizon that is tracked.
    private const int HighestTarget = 1008;
    private const int LowestTarget = 2;

    private static readonly RpcArg<int> Target = Arg.Int("conf_target", "In how many blocks it should be confirmed, 1 to 1008.");
    private static readonly RpcArg<string> Mode = Arg.Str("estimate_mode", "conservative", "unset, economical or conservative.");

    public static readonly NodeMethod Method = new("util", "estimatesmartfee",
        "The fee rate with which a transaction should be confirmed in so many blocks. Nothing is learnt from blocks yet: the answer says that there is not enough data.")
    {
        Args = [Target, Mode],
        Results =
        [
            Result.Obj(
                Result.Num("feerate", "The rate in DASH per 1,000 bytes.", optional: true),
                Result.Arr("errors", "Why there is none.", Result.Str("", "A reason.")) with { IsOptional = true },
                Result.Num("blocks", "For how many blocks the answer is.")),
        ],
        Examples = [Example.Cli("6"), Example.Rpc("6")],
        Handler = Handle,
    };

    private static ValueTask Handle(NodeCall call, Utf8JsonWriter result, CancellationToken ct)
    {
        var target = call.Get(Target);
        if (target is < 1 or > HighestTarget)
        {
            throw new RpcError(RpcErrorCode.InvalidParameter, $"Invalid conf_target, must be between 1 and {HighestTarget}");
        }

        if (call.Get(Mode).ToUpperInvariant() is not ("UNSET" or "ECONOMICAL" or "CONSERVATIVE"))
        {
            throw new RpcError(RpcErrorCode.InvalidParameter,
                "Invalid estimate_mode parameter, must be one of: \"unset\", \"economical\", \"conservative\"");
        }

        result.WriteStartObject();
        result.WriteStrings("errors", ["Insufficient data or no feerate found"]);
        result.WriteNumber("blocks", Math.Max(target, LowestTarget));
        result.WriteEndObject();
        return ValueTask.CompletedTask;
    }
}
