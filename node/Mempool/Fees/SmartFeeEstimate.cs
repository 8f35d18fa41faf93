using Dash.Primitives.Units;

namespace Dash.Node.Mempool.Fees;

/// <summary>A fee rate for a target.</summary>
/// <param name="Rate">The rate; zero when there is not enough data.</param>
/// <param name="Target">For how many blocks it is.</param>
/// <param name="Reason">Which of the estimates was the highest, one of <see cref="EstimateReason"/>.</param>
internal readonly record struct SmartFeeEstimate(FeeRate Rate, int Target, string Reason);
