using Dash.Primitives.Hashing;

namespace Dash.Primitives.Networks;

/// <summary>A UTXO set a node may start from: its height, its hash, and the chain's transactions up to there.</summary>
public sealed record UtxoSnapshotParams(int Height, Uint256 SerializedHash, long ChainTransactions);
