using Dash.Primitives.Transactions;

namespace Dash.Bench.Differential;

/// <summary>An output of the run's one key.</summary>
/// <param name="OutPoint">Which.</param>
/// <param name="Output">What it is worth, and its script.</param>
/// <param name="CoinbaseHeight">Height of the block whose coinbase made it; -1 for others.</param>
internal sealed record Coin(OutPoint OutPoint, TxOut Output, int CoinbaseHeight = -1);
