using System.Text.Json;
using Dash.Primitives.Units;
using Dash.Rpc.Methods;
using Dash.Rpc.Protocol;
using Dash.WalletServer.Spending;

namespace Dash.WalletServer.Rpc.Spend;

/// <summary>How a caller says what fee a payment is to have.</summary>
internal static class FeeArgs
{
    /// <summary>The wanted number of blocks.</summary>
    public static readonly RpcArg<int?> ConfirmTarget = Arg.OptionalInt("conf_target",
        "Within how many blocks it should be confirmed.", hint: "wallet -txconfirmtarget");

    /// <summary>How sure the estimate is to be.</summary>
    public static readonly RpcArg<string?> EstimateMode = Arg.OptionalStr("estimate_mode",
        "How sure the estimate is to be, in whatever case:\n\"unset\"\n\"economical\"\n\"conservative\"", hint: "\"unset\"");

    /// <summary>A rate of the caller's own.</summary>
    public static readonly RpcArg<FeeRate?> Rate = Arg.OptionalFeeRate("fee_rate",
        "A fee rate in duffs per byte.", hint: "not set, fall back to wallet fee estimation");

    private const int LongestTarget = 1008;

    /// <summary>What the caller says about the fee, put into what is said about the payment.</summary>
    /// <exception cref="RpcError">Code -8: out of range, or contradicting itself.</exception>
    public static CoinControl Read(WalletCall call, CoinControl control) =>
        Read(call.Raw(ConfirmTarget), call.Raw(EstimateMode), call.Raw(Rate), control, overridesMinimum: false);

    /// <summary>The same from values, which may be absent; a rate may count even if it is below what is required.</summary>
    /// <exception cref="RpcError">Code -8: out of range, or contradicting itself.</exception>
    public static CoinControl Read(
        JsonElement target, JsonElement mode, JsonElement rate, CoinControl control, bool overridesMinimum)
    {
        if (!rate.IsAbsent())
        {
            if (!target.IsAbsent())
            {
                throw Refused(
                    "Cannot specify both conf_target and fee_rate. Please provide either a confirmation target in blocks for " +
                    "automatic fee estimation, or an explicit fee rate.");
            }

            if (!mode.IsAbsent() && mode.AsStr() != "unset")
            {
                throw Refused("Cannot specify both estimate_mode and fee_rate");
            }

            return control with { FeeRate = Rate.Read(rate), OverrideFeeRate = control.OverrideFeeRate || overridesMinimum };
        }

        return control with
        {
            FeeMode = ReadMode(mode.IsAbsent() ? null : mode.AsStr()),
            ConfirmTarget = ReadTarget(target.IsAbsent() ? null : target.AsInt()),
        };
    }

    private static FeeMode ReadMode(string? text) => text?.ToLowerInvariant() switch
    {
        null or "unset" => FeeMode.Unset,
        "economical" => FeeMode.Economical,
        "conservative" => FeeMode.Conservative,
        _ => throw Refused(
            "Invalid estimate_mode parameter, must be one of: \"unset\", \"economical\", \"conservative\""),
    };

    private static int? ReadTarget(int? target) => target is null or (>= 1 and <= LongestTarget)
        ? target
        : throw Refused("Invalid conf_target, must be between 1 and 1008");

    private static RpcError Refused(string message) => new(RpcErrorCode.InvalidParameter, message);
}
