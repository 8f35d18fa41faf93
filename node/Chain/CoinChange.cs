using Dash.Node.Consensus;

namespace Dash.Node.Chain;

/// <summary>What became of a coin.</summary>
/// <param name="Coin">The coin as it is now; null when it is spent.</param>
/// <param name="IsNew">
/// It was made by this change, and what lies under it does not know it: if it is spent again, nothing need be written.
/// </param>
internal readonly record struct CoinChange(Coin? Coin, bool IsNew);
