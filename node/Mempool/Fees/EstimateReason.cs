namespace Dash.Node.Mempool.Fees;

/// <summary>Which estimate a rate is. Core: StringForFeeReason, which programs see as <c>fee_reason</c>.</summary>
internal static class EstimateReason
{
    /// <summary>There is none.</summary>
    public const string None = "None";

    /// <summary>What gets 60 percent confirmed within half the target.</summary>
    public const string Half = "Half Target 60% Threshold";

    /// <summary>What gets 85 percent confirmed within the target.</summary>
    public const string Full = "Target 85% Threshold";

    /// <summary>What gets 95 percent confirmed within twice the target.</summary>
    public const string Double = "Double Target 95% Threshold";

    /// <summary>The same, as blocks of a longer time tell.</summary>
    public const string Conservative = "Conservative Double Target longer horizon";
}
